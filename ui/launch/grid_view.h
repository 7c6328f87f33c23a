// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QTimer>
#include <QWidget>

#include "ui/launch/grid_model.h"

namespace bitfrontier {

/// The preview of a sweep: a small table of all models under all configurations, each cell with a
/// sign of what will happen to it. Clicks, Space and the headers take cells in and out.
class GridView : public QWidget {
  Q_OBJECT

 public:
  explicit GridView(QWidget* parent = nullptr);

  GridModel& model() { return *model_; }
  const SweepGrid& grid() const { return model_->grid(); }
  /// Shows only rows and columns in which the words occur: names of models, specs, words.
  void setSearch(const QString& text);
  void updateLegend();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void toggleSelected();
  void chooseVisible(bool chosen);
  QModelIndexList visibleCells() const;
  void applySearch();
  /// Widths, hidden rows and columns, legend: once for many changes.
  void arrange();

  GridModel* model_;
  QTableView* table_;
  QLineEdit* search_;
  QLabel *legend_, *nothing_;
  QPushButton *all_, *none_;
  QTimer arranging_;
};

}  // namespace bitfrontier
