// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/row_selection.h"

#include <algorithm>

namespace bitfrontier {

std::vector<int> selectedViewRows(const QTableView& view) {
  std::vector<int> rows;
  for (const QItemSelectionRange& range : view.selectionModel()->selection()) {
    for (int row = range.top(); row <= range.bottom(); ++row) rows.push_back(row);
  }
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

void selectViewRows(QTableView& view, const std::vector<int>& rows) {
  const QAbstractItemModel& model = *view.model();
  const int last = model.columnCount() - 1;
  QItemSelection selection;
  for (std::size_t begin = 0; begin < rows.size();) {
    std::size_t end = begin + 1;
    while (end < rows.size() && rows[end] == rows[end - 1] + 1) ++end;
    selection.select(model.index(rows[begin], 0), model.index(rows[end - 1], last));
    begin = end;
  }
  view.selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
}

}  // namespace bitfrontier
