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

 private:
  void work(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<SweepJob*> waiting_;
  std::jthread thread_;  // last: starts when all the rest exists
};

/// All sweeps of this session, one worker per device.
class SweepQueue : public QObject {
  Q_OBJECT

 public:
  explicit SweepQueue(QObject* parent = nullptr, SweepFunction sweep = defaultSweep());
  /// Cancels what runs and waits for it: at most one batch.
  ~SweepQueue() override;

  /// Cancels everything and waits until no thread is left.
  void shutDown();

  SweepJob* enqueue(const SweepSpec& spec, const std::filesystem::path& store,
                    const std::string& device);
  /// Takes up a cancelled or failed job again; finished cells are found in the store.
  void resume(SweepJob* job);
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

  void idle();  ///< the last job has ended

 private:
  DeviceWorker& worker(const std::string& device);

  SweepFunction sweep_;
  std::vector<std::unique_ptr<SweepJob>> jobs_;
  std::map<std::string, std::unique_ptr<DeviceWorker>> workers_;
};

}  // namespace bitfrontier
