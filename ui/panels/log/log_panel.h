// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QWidget>

#include "ui/jobs/sweep_log.h"

namespace bitfrontier {

/// What sweeps have said: by sweep, level and words. It follows new lines while its end is in view.
class LogPanel : public QWidget {
  Q_OBJECT

 public:
  explicit LogPanel(SweepQueue* queue, QWidget* parent = nullptr);

  SweepLog& log() { return *log_; }
  void copyReport();

 private:
  void updateJobs();
  void applyFilter();
  void applyCount();

  SweepLog* log_;
  QSortFilterProxyModel* shown_;
  QComboBox *job_, *level_;
  QLineEdit* search_;
  QLabel* count_;
  QListView* view_;
  QPushButton* copy_;
};

}  // namespace bitfrontier
