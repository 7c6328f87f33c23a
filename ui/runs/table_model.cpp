// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/table_model.h"

namespace bitfrontier {

int TableModel::sourceRow(int viewRow) const {
  return viewRow < 0 || static_cast<std::size_t>(viewRow) >= order_.size()
             ? -1
             : order_[static_cast<std::size_t>(viewRow)];
}

int TableModel::viewRow(int sourceRow) const {
  const auto it = std::find(order_.begin(), order_.end(), sourceRow);
  return it == order_.end() ? -1 : static_cast<int>(it - order_.begin());
}

int TableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(order_.size());
}

void TableModel::resetRows(std::size_t count) {
  order_.resize(count);
  std::iota(order_.begin(), order_.end(), 0);
  applySort();
}

void TableModel::applySort() {
  if (sortColumn_ < 0 || sortColumn_ >= columnCount()) return;
  const int sign = sortOrder_ == Qt::AscendingOrder ? 1 : -1;
  const auto present = std::stable_partition(
      order_.begin(), order_.end(), [this](int row) { return !isMissing(row, sortColumn_); });
  std::stable_sort(order_.begin(), present,
                   [&](int a, int b) { return sign * compareRows(a, b, sortColumn_) < 0; });
}

void TableModel::sort(int column, Qt::SortOrder order) {
  sortColumn_ = column;
  sortOrder_ = order;
  Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
  const QModelIndexList before = persistentIndexList();
  std::vector<int> sources;
  for (const QModelIndex& index : before) sources.push_back(sourceRow(index.row()));
  if (column < 0) std::sort(order_.begin(), order_.end());
  applySort();
  QModelIndexList after;
  std::vector<int> place(order_.size());
  for (std::size_t i = 0; i < order_.size(); ++i) {
    place[static_cast<std::size_t>(order_[i])] = static_cast<int>(i);
  }
  for (qsizetype i = 0; i < before.size(); ++i) {
    const int source = sources[static_cast<std::size_t>(i)];
    after << (source < 0 ? QModelIndex()
                         : index(place[static_cast<std::size_t>(source)], before[i].column()));
  }
  changePersistentIndexList(before, after);
  Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

QString TableModel::toTabSeparated(const std::vector<int>& viewRows) const {
  QString text;
  const int columns = columnCount();
  for (int c = 0; c < columns; ++c) {
    text += headerData(c, Qt::Horizontal, Qt::DisplayRole).toString();
    text += QChar(c + 1 < columns ? u'\t' : u'\n');
  }
  for (const int row : viewRows) {
    for (int c = 0; c < columns; ++c) {
      text += data(index(row, c), Qt::DisplayRole).toString();
      text += QChar(c + 1 < columns ? u'\t' : u'\n');
    }
  }
  return text;
}

}  // namespace bitfrontier
