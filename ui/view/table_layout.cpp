// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/table_layout.h"

#include <algorithm>
#include <QHeaderView>

#include "ui/runs/pinned_table.h"
#include "ui/runs/table_model.h"

namespace bitfrontier {
namespace {

std::string title(const QTableView& table, int column) {
  return table.model()
      ->headerData(column, Qt::Horizontal, Qt::DisplayRole)
      .toString()
      .toStdString();
}

int columnOf(const QTableView& table, const std::string& name) {
  for (int column = 0; column < table.model()->columnCount(); ++column) {
    if (title(table, column) == name) return column;
  }
  return -1;
}

}  // namespace

TableLayout tableLayout(const QTableView& table) {
  TableLayout layout;
  if (!table.model()) return layout;
  const QHeaderView& header = *table.horizontalHeader();
  for (int place = 0; place < header.count(); ++place) {
    const int column = header.logicalIndex(place);
    if (!header.isSectionHidden(column)) layout.columns.push_back(title(table, column));
  }
  const int sorted = header.sortIndicatorSection();
  if (table.isSortingEnabled() && sorted >= 0 && sorted < header.count()) {
    layout.sortedBy = title(table, sorted);
    layout.ascending = header.sortIndicatorOrder() == Qt::AscendingOrder;
  }
  if (const auto* pinned = qobject_cast<const PinnedTable*>(&table)) {
    layout.pinned = pinned->pinned();
  }
  if (const auto* rows = qobject_cast<const TableModel*>(table.model())) {
    if (rows->groupColumn() >= 0) layout.groupedBy = title(table, rows->groupColumn());
  }
  return layout;
}

void applyLayout(QTableView& table, const TableLayout& layout) {
  if (!table.model() || tableLayout(table) == layout) return;
  QHeaderView& header = *table.horizontalHeader();
  int place = 0;
  for (const std::string& name : layout.columns) {
    const int column = columnOf(table, name);
    if (column < 0) continue;
    header.setSectionHidden(column, false);
    header.moveSection(header.visualIndex(column), place++);
  }
  for (int column = 0; !layout.columns.empty() && column < header.count(); ++column) {
    const bool kept = std::find(layout.columns.begin(), layout.columns.end(),
                                title(table, column)) != layout.columns.end();
    if (!kept) header.setSectionHidden(column, true);
  }
  if (auto* pinned = qobject_cast<PinnedTable*>(&table)) pinned->setPinned(layout.pinned);
  if (auto* rows = qobject_cast<TableModel*>(table.model())) {
    const int group = layout.groupedBy.empty() ? -1 : columnOf(table, layout.groupedBy);
    rows->setGroupColumn(group >= 0 && rows->canGroup(group) ? group : -1);
  }
  const int sorted = columnOf(table, layout.sortedBy);
  if (sorted >= 0) {
    table.sortByColumn(sorted, layout.ascending ? Qt::AscendingOrder : Qt::DescendingOrder);
  }
}

}  // namespace bitfrontier
