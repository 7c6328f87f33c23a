// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/table_model.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace bitfrontier {

int TableModel::sourceRow(int viewRow) const {
  if (viewRow < 0 || static_cast<std::size_t>(viewRow) >= view_.size()) return -1;
  return std::max(view_[static_cast<std::size_t>(viewRow)], -1);
}

int TableModel::viewRow(int sourceRow) const {
  const auto it = std::find(view_.begin(), view_.end(), sourceRow);
  return sourceRow < 0 || it == view_.end() ? -1 : static_cast<int>(it - view_.begin());
}

int TableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(view_.size());
}

Qt::ItemFlags TableModel::flags(const QModelIndex& index) const {
  if (index.isValid() && isHeading(index.row())) return Qt::ItemIsEnabled;
  return QAbstractTableModel::flags(index);
}

bool TableModel::isHeading(int viewRow) const {
  return viewRow >= 0 && static_cast<std::size_t>(viewRow) < view_.size() &&
         view_[static_cast<std::size_t>(viewRow)] < 0;
}

bool TableModel::isUniform(int column) const {
  return column >= 0 && static_cast<std::size_t>(column) < order_.uniform.size() &&
         order_.uniform[static_cast<std::size_t>(column)];
}

QString TableModel::headingText(int viewRow) const {
  if (!isHeading(viewRow)) return {};
  const auto group = static_cast<std::size_t>(-1 - view_[static_cast<std::size_t>(viewRow)]);
  const TableGroup& g = order_.groups[group];
  const QString name = g.name.empty() ? u"–"_s : QString::fromStdString(g.name);
  return u"%1 %2 (%3)"_s.arg(closed_.contains(g.name) ? u"▸"_s : u"▾"_s, name).arg(g.rows.size());
}

void TableModel::sort(int column, Qt::SortOrder order) {
  plan_.column = column;
  plan_.order = order;
  arrange(false);
}

void TableModel::setGroupColumn(int column) {
  if (column == plan_.groupColumn) return;
  plan_.groupColumn = column;
  closed_.clear();
  arrange(true);  // the number of rows changes
}

void TableModel::arrange(bool newRows) {
  newRows_ = newRows_ || newRows;
  auto make = orderMaker();
  if (newestCount() < kAtOnce) {
    task_.cancel();
    show(make(plan_));
    return;
  }
  task_.start([make = std::move(make), plan = plan_](std::stop_token) { return make(plan); },
              [this](TableOrder order) { show(std::move(order)); });
}

void TableModel::show(TableOrder order) {
  if (newRows_) {
    newRows_ = false;
    beginResetModel();
    takeRows();
    order_ = std::move(order);
    compose();
    endResetModel();
  } else {
    moveRows(std::move(order));
  }
  Q_EMIT arranged();
}

void TableModel::compose() {
  shown_ = static_cast<int>(order_.rows.size());
  if (order_.groups.empty()) {
    view_ = order_.rows;
    return;
  }
  view_.clear();
  for (std::size_t g = 0; g < order_.groups.size(); ++g) {
    view_.push_back(-1 - static_cast<int>(g));
    if (closed_.contains(order_.groups[g].name)) continue;
    view_.insert(view_.end(), order_.groups[g].rows.begin(), order_.groups[g].rows.end());
  }
}

void TableModel::moveRows(TableOrder order) {
  Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
  const QModelIndexList before = persistentIndexList();
  std::vector<int> sources;
  sources.reserve(static_cast<std::size_t>(before.size()));
  for (const QModelIndex& index : before) sources.push_back(sourceRow(index.row()));
  order_ = std::move(order);
  compose();
  if (!before.isEmpty()) {
    int most = -1;
    for (const int row : view_) most = std::max(most, row);
    std::vector<int> place(static_cast<std::size_t>(most) + 1, -1);
    for (std::size_t i = 0; i < view_.size(); ++i) {
      if (view_[i] >= 0) place[static_cast<std::size_t>(view_[i])] = static_cast<int>(i);
    }
    QModelIndexList after;
    after.reserve(before.size());
    for (qsizetype i = 0; i < before.size(); ++i) {
      const int source = sources[static_cast<std::size_t>(i)];
      const int row = source < 0 || source > most ? -1 : place[static_cast<std::size_t>(source)];
      after << (row < 0 ? QModelIndex() : index(row, before[i].column()));
    }
    changePersistentIndexList(before, after);
  }
  Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
}

void TableModel::toggleGroup(int viewRow) {
  if (!isHeading(viewRow)) return;
  const TableGroup& group =
      order_.groups[static_cast<std::size_t>(-1 - view_[static_cast<std::size_t>(viewRow)])];
  const auto at = view_.begin() + viewRow + 1;
  const int last = viewRow + static_cast<int>(group.rows.size());
  if (closed_.erase(group.name) > 0) {
    beginInsertRows({}, viewRow + 1, last);
    view_.insert(at, group.rows.begin(), group.rows.end());
    endInsertRows();
  } else {
    closed_.insert(group.name);
    beginRemoveRows({}, viewRow + 1, last);
    view_.erase(at, at + static_cast<std::ptrdiff_t>(group.rows.size()));
    endRemoveRows();
  }
  Q_EMIT dataChanged(index(viewRow, 0), index(viewRow, 0));
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
