// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QWidget>

#include "ui/jobs/sweep_queue.h"
#include "ui/panels/queue/queue_model.h"

namespace bitfrontier {

/// The queue: what runs, how far it is, what failed, and buttons for the selected sweep.
class QueuePanel : public QWidget {
  Q_OBJECT

 public:
  explicit QueuePanel(SweepQueue* queue, QWidget* parent = nullptr);

  /// The selected job, else the one that runs, else null.
  SweepJob* selectedJob() const;
  void pauseOrResume();
  void pauseAfterCell();
  /// Cancels a job; asks first when more than two minutes of work would be lost.
  void cancel(SweepJob* job);
  void cancelSelected();
  void retryFailed();
  /// Moves the selected job by so many places.
  void moveSelected(int by);
  void removeFinished();
  /// Seconds of work that a cancel loses without a question.
  static constexpr double kLostUnasked = 120;

 Q_SIGNALS:
  /// What the buttons can do has changed.
  void actionsChanged();

 private:
  void connectAll();
  void refresh();
  void buildMenu();
  QString failureText(const SweepJob& job) const;

  SweepQueue* queue_;
  QueueModel* model_;
  QTableView* view_;
  QLabel* now_;
  QPlainTextEdit* errors_;
  QPushButton *pause_, *afterCell_, *cancel_, *retry_, *clear_;
  QAction *up_, *down_;
};

}  // namespace bitfrontier
