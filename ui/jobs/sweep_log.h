// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <QAbstractListModel>
#include <QString>
#include <string>
#include <vector>

#include "ui/jobs/sweep_queue.h"

namespace bitfrontier {

/// The newest lines of all sweeps of this session, as a list for views.
class SweepLog : public QAbstractListModel {
  Q_OBJECT

 public:
  static constexpr std::size_t kMostLines = 50'000;
  enum Role { LevelRole = Qt::UserRole, JobRole, TextRole };

  explicit SweepLog(SweepQueue* queue, QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  /// Sweeps that have lines, by number, with what they are called.
  const std::map<int, QString>& jobs() const { return titles_; }
  /// What one needs to report a fault: versions, system, the sweep's state, its lines (0 = of all).
  QString report(int job) const;
  void add(int job, const std::vector<LogLine>& lines);

 Q_SIGNALS:
  void jobsChanged();

 private:
  struct Entry {
    int job = 0;
    LogLine line;
  };
  int numberOf(const SweepJob& job);
  static QString textOf(const Entry& entry);

  std::deque<Entry> entries_;
  std::map<std::string, int> numbers_;  ///< by SweepJob::id()
  std::map<int, QString> titles_;
};

}  // namespace bitfrontier
