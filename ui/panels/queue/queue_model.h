// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include "ui/jobs/sweep_queue.h"

namespace bitfrontier {

/// What is left of a running sweep: "2 min to 5 min", or "about 2 min" when both read the same.
QString remainingText(const SweepProgress& progress);

/// The sweeps of a queue as a table.
class QueueModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Title, StateColumn, ProgressColumn, Cells, Remaining, Now, ColumnCount };
  enum Role { FractionRole = Qt::UserRole };
  static QString stateName(const SweepJob& job);
  /// What a running sweep does at the moment: the cell, the layer, the row.
  static QString nowText(const SweepJob& job);

  explicit QueueModel(SweepQueue* queue, QObject* parent = nullptr);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  /// Rows are dragged to other places of the queue.
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
  QStringList mimeTypes() const override;
  QMimeData* mimeData(const QModelIndexList& indexes) const override;
  bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                    const QModelIndex& parent) override;

 private:
  SweepQueue* queue_;
};

}  // namespace bitfrontier
