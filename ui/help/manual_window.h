// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QStandardItemModel>
#include <QTextBrowser>
#include <QTreeView>

#include "ui/help/manual.h"

namespace bitfrontier {

/// The manual: contents and search at the left, a page at the right. Links to pages stay inside;
/// others are not followed, since nothing here uses the network.
class ManualWindow : public QDialog {
  Q_OBJECT

 public:
  /// `folder` has the pages. Throws Error when it has none.
  explicit ManualWindow(const std::filesystem::path& folder, QWidget* parent = nullptr);

  /// "filter.md" or "filter.md#lists".
  void showPage(const QString& target);
  QString shownPage() const { return shown_; }
  const Manual& manual() const { return manual_; }

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void render();
  void fillContents();
  void search();
  void goTo(const QString& anchor);
  void addEntry(QStandardItem* parent, const QString& text, const QString& target);

  Manual manual_;
  QString shown_;
  QLineEdit* search_;
  QTreeView* contents_;
  QStandardItemModel* model_;
  QTextBrowser* text_;
  QLabel* says_;
};

}  // namespace bitfrontier
