// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include "ui/launch/sweep_grid.h"

namespace bitfrontier {

/// A SweepGrid as a table; a cell is ticked when it is part of the sweep.
class GridModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Role { StateRole = Qt::UserRole, BitsRole, TypeRole, BlockRole };

  explicit GridModel(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

  const SweepGrid& grid() const { return grid_; }
  /// Changes the grid as a whole.
  template <typename Change>
  void reset(Change change) {
    beginResetModel();
    change(grid_);
    endResetModel();
  }
  /// Changes what is known of cells, not which there are.
  template <typename Change>
  void update(Change change) {
    change(grid_);
    if (rowCount() > 0 && columnCount() > 0)
      Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
  }
  /// Takes all of these cells in, or out when all of them are in.
  void toggle(const QModelIndexList& cells);
  void setChosen(const QModelIndexList& cells, bool chosen);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;

 Q_SIGNALS:
  void edited();  ///< the user has taken cells in or out

 private:
  SweepGrid grid_;
};

}  // namespace bitfrontier
