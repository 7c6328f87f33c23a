// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollBar>
#include <QTableView>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace bitfrontier {

/// The selected rows of a view that selects whole rows, ascending. Looks at each range once, where
/// QItemSelectionModel::selectedRows looks at all ranges for each row.
std::vector<int> selectedViewRows(const QTableView& view);

/// Selects these rows (ascending) and no others. Neighbours become one range: Qt's selection model
/// and header do work that grows with the square of the number of ranges.
void selectViewRows(QTableView& view, const std::vector<int>& rows);

/// Calls `change`, which resets the view's table, and selects and shows the same rows again as
/// before: those with the same `keyOf(source row)`. `table` is the view's TypedTable.
template <typename Table, typename KeyOf, typename Change>
void keepSelection(QTableView& view, Table& table, KeyOf keyOf, Change change) {
  using Key = decltype(keyOf(table.rows().front()));
  const auto keyOfRow = [&](int row) {
    return keyOf(table.rows()[static_cast<std::size_t>(table.sourceRow(row))]);
  };
  std::unordered_set<Key> selected;
  for (const int row : selectedViewRows(view)) selected.insert(keyOfRow(row));
  const QModelIndex current = view.currentIndex();
  const bool hadCurrent = current.isValid();
  const Key currentKey = hadCurrent ? keyOfRow(current.row()) : Key();
  const int column = current.column();
  const int down = view.verticalScrollBar()->value(), right = view.horizontalScrollBar()->value();
  change();
  std::vector<int> rows;
  for (int row = 0; (hadCurrent || !selected.empty()) && row < table.rowCount(); ++row) {
    const Key key = keyOfRow(row);
    if (selected.count(key)) rows.push_back(row);
    if (hadCurrent && key == currentKey) {
      view.selectionModel()->setCurrentIndex(table.index(row, column),
                                             QItemSelectionModel::NoUpdate);
    }
  }
  if (!rows.empty()) selectViewRows(view, rows);
  view.verticalScrollBar()->setValue(down);
  view.horizontalScrollBar()->setValue(right);
}

}  // namespace bitfrontier
