// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QWidget>

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

  explicit QueueModel(SweepQueue* queue, QObject* parent = nullptr);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  SweepQueue* queue_;
};

/// The queue: what runs, how far it is, what failed, and buttons for the selected sweep.
class QueuePanel : public QWidget {
  Q_OBJECT

 public:
  explicit QueuePanel(SweepQueue* queue, QWidget* parent = nullptr);

  /// The selected job, else the one that runs, else null.
  SweepJob* selectedJob() const;
  void pauseOrResume();
  void cancelSelected();
  void removeFinished();

 Q_SIGNALS:
  /// What the buttons can do has changed.
  void actionsChanged();

 private:
  void refresh();

  SweepQueue* queue_;
  QueueModel* model_;
  QTableView* view_;
  QLabel* now_;
  QPlainTextEdit* errors_;
  QPushButton *pause_, *cancel_, *clear_;
};

}  // namespace bitfrontier
