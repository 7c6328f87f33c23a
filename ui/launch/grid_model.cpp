// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/launch/grid_model.h"

#include <algorithm>

#include "ui/base/text.h"
#include "ui/launch/config_words.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

std::size_t at(int i) { return static_cast<std::size_t>(i); }

}  // namespace

int GridModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(grid_.rows());
}

int GridModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(grid_.columns());
}

QVariant GridModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount()) return {};
  const std::size_t row = at(index.row()), column = at(index.column());
  switch (role) {
    case StateRole:
      return static_cast<int>(grid_.state(row, column));
    case Qt::ToolTipRole:
      return grid_.describe(row, column);
    case Qt::AccessibleTextRole:
      return tr("%1, %2: %3")
          .arg(grid_.modelName(row), ConfigWords::sentence(grid_.config(column)),
               SweepGrid::stateName(grid_.state(row, column)));
    default:
      return {};
  }
}

QVariant GridModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (section < 0) return {};
  const std::size_t i = at(section);
  if (orientation == Qt::Vertical) {
    if (i >= grid_.rows()) return {};
    if (role == Qt::DisplayRole) return grid_.modelName(i);
    if (role == Qt::ToolTipRole)
      return tr("%1\nA click takes the whole row in or out").arg(grid_.modelPath(i));
    return {};
  }
  if (i >= grid_.columns()) return {};
  const QuantConfig& config = grid_.config(i);
  switch (role) {
    case Qt::DisplayRole:
      return Text::from(config.spec());
    case Qt::ToolTipRole:
      return tr("%1 · %2\nA click takes the whole column in or out")
          .arg(Text::from(config.spec()), ConfigWords::sentence(config));
    case BitsRole:
      return ConfigWords::bits(config);
    case TypeRole:
      return ConfigWords::type(config);
    case BlockRole:
      return ConfigWords::blockAndMore(config);
    default:
      return {};
  }
}

Qt::ItemFlags GridModel::flags(const QModelIndex& index) const {
  return index.isValid() ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::NoItemFlags;
}

void GridModel::setChosen(const QModelIndexList& cells, bool chosen) {
  for (const QModelIndex& cell : cells) {
    if (grid_.chosen(at(cell.row()), at(cell.column())) != chosen)
      grid_.setChosen(at(cell.row()), at(cell.column()), chosen);
  }
  update([](SweepGrid&) {});
  Q_EMIT edited();
}

void GridModel::toggle(const QModelIndexList& cells) {
  const bool allIn = std::ranges::all_of(
      cells, [this](const QModelIndex& c) { return grid_.chosen(at(c.row()), at(c.column())); });
  setChosen(cells, !allIn);
}

}  // namespace bitfrontier
