// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace bitfrontier {

/// A table whose first columns stay in place when it is scrolled sideways. They are a second view
/// of the same model and selection that lies over the first.
class PinnedTable : public QTableView {
  Q_OBJECT

 public:
  explicit PinnedTable(QWidget* parent = nullptr);

  void setModel(QAbstractItemModel* model) override;
  /// Pins the first `count` columns as they stand from left to right, hidden ones included.
  void setPinned(int count);
  int pinned() const { return pinned_; }
  /// The view that shows them.
  QTableView* pinnedView() { return front_; }
  void setColumnShown(int column, bool shown);

  void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;

 protected:
  void resizeEvent(QResizeEvent* event) override;
  QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;

 private:
  bool isPinned(int column) const;
  void arrangeFront();
  void placeFront();

  QTableView* front_;
  int pinned_ = 0;
};

}  // namespace bitfrontier
