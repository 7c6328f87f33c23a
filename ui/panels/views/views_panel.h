// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QLabel>
#include <QListView>
#include <QToolButton>
#include <QTreeView>
#include <QWidget>
#include <vector>

#include "ui/base/notice.h"
#include "ui/panels/panel.h"

namespace bitfrontier {

/// The saved views as a list; the name of one can be edited.
class ViewsModel : public QAbstractListModel {
  Q_OBJECT

 public:
  explicit ViewsModel(ViewKeeper& keeper, QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  bool setData(const QModelIndex& index, const QVariant& value, int role) override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  QString name(int row) const;
  int rowOf(const QString& name) const;

 Q_SIGNALS:
  void failed(const QString& sentence);

 private:
  ViewKeeper& keeper_;
  std::vector<SavedView> rows_;
};

/// The excluded points of the view, with reason and day.
class ExclusionsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;

  void setExclusions(std::vector<Exclusion> exclusions);
  const std::vector<Exclusion>& exclusions() const { return rows_; }
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : 3;
  }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<Exclusion> rows_;
};

/// Saved views, and the points that the present one excludes.
class ViewsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit ViewsPanel(const PanelContext& context);

  ViewsModel& model() { return *views_; }
  ExclusionsModel& exclusions() { return *exclusions_; }
  QListView* list() { return list_; }
  QTreeView* exclusionList() { return exclusionList_; }

  /// Saves the present view under a new name, which can then be edited.
  void saveNew();
  /// Keeps the changes of the view that is shown; a new one where none is.
  void saveShown();

 Q_SIGNALS:
  void said(const QString& sentence, const QString& button, std::function<void()> action);

 private:
  QWidget* buildViews();
  QWidget* buildExclusions();
  QToolButton* addButton(QLayout& row, const char* name, const QString& text, const QString& tip);
  QString current() const;
  void guarded(const std::function<void()>& work);
  void removeCurrent();
  void importView();
  void exportView();
  void takeBack();
  void update();

  ViewController& view_;
  ViewKeeper& keeper_;
  ViewsModel* views_;
  ExclusionsModel* exclusions_;
  QListView* list_;
  QTreeView* exclusionList_;
  QWidget* exclusionPart_ = nullptr;
  QLabel *shown_, *heading_;
  QList<QAction*> ofSelected_;       ///< that need a view of the list
  std::vector<QToolButton*> ofOne_;  ///< that need a view to act on
};

}  // namespace bitfrontier
