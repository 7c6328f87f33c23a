// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <QObject>
#include <string>
#include <thread>
#include <vector>

#include "ui/jobs/sweep_job.h"

namespace bitfrontier {

/// One thread that runs the jobs of one device in their order.
class DeviceWorker {
 public:
  DeviceWorker();
  /// Waits for the job under way; cancel it before.
  ~DeviceWorker();
  void add(SweepJob* job);
  /// Takes a job that has not begun out of the row; false when it has.
  bool remove(SweepJob* job);
  /// Brings those that wait into the order of `jobs`.
  void arrange(const std::vector<SweepJob*>& jobs);

 private:
  void work(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<SweepJob*> waiting_;
  std::jthread thread_;  // last: starts when all the rest exists
};

class QueueFile;

/// All sweeps of this session, one worker per device. With keepIn() also those of sessions before:
/// what had not ended then is interrupted and waits for resume().
class SweepQueue : public QObject {
  Q_OBJECT

 public:
  explicit SweepQueue(QObject* parent = nullptr, SweepFunction sweep = defaultSweep());
  /// Cancels what runs and waits for it: at most one batch.
  ~SweepQueue() override;

  /// Cancels everything and waits until no thread is left.
  void shutDown();
  /// Keeps the queue in a folder, from where it comes back however the program ends. A sweep begins
  /// when it is known to be kept. Throws Error{Io} when the folder cannot be used.
  void keepIn(const std::filesystem::path& folder);
  /// Keeps what has not ended as interrupted, then stops it: the program ends.
  void stopAndKeep();

  SweepJob* enqueue(const SweepSpec& spec, const std::filesystem::path& store,
                    const std::string& device);
  /// Takes up an interrupted, cancelled or failed job again; finished cells are found in the store.
  void resume(SweepJob* job);
  /// Runs the failed cells of an ended job again, but those that would fail in the same way.
  void retryFailed(SweepJob* job);
  /// Puts a job at another place; those of its device that wait run in the order of the queue.
  void move(int from, int to);
  void cancel(SweepJob* job);
  void cancelAll();
  /// Forgets a job that is not active.
  void remove(SweepJob* job);

  int size() const { return static_cast<int>(jobs_.size()); }
  SweepJob* job(int row) const { return jobs_[static_cast<std::size_t>(row)].get(); }
  int rowOf(const SweepJob* job) const;
  /// Any job that is running, paused, stopping or waiting.
  bool busy() const;

 Q_SIGNALS:
  void jobAdded(int row);
  void jobRemoved(int row);
  void jobChanged(int row);
  void jobMoved(int from, int to);
  void jobLogged(bitfrontier::SweepJob* job, const std::vector<bitfrontier::LogLine>& lines);
  void jobEnded(bitfrontier::SweepJob* job);
  void notKept(const QString& sentence);  ///< the queue could not be written

  void idle();  ///< the last job has ended

 private:
  DeviceWorker& worker(const std::string& device);
  SweepJob* add(std::unique_ptr<SweepJob> job);
  void save();
  void arrangeWorkers();

  SweepFunction sweep_;
  std::vector<std::unique_ptr<SweepJob>> jobs_;
  std::unique_ptr<QueueFile> file_;
  std::map<std::string, std::unique_ptr<DeviceWorker>> workers_;
};

}  // namespace bitfrontier
