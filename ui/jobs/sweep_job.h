// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <QMetaType>
#include <QObject>
#include <QString>
#include <QTimer>
#include <stop_token>
#include <string>
#include <vector>

#include "core/sweep/sweep.h"

namespace bitfrontier {

/// Runs a sweep into the store file; by default opens it and calls runSweep. Tests inject others.
using SweepFunction =
    std::function<SweepSummary(const SweepSpec&, const std::filesystem::path& store,
                               const std::string& device, const SweepEvents&, const JobContext&)>;
SweepFunction defaultSweep();

/// One sweep of the queue. Lives on the GUI thread; run() is called by a device's worker thread.
/// Events of the sweep become signals on the GUI thread, at most 20 a second, the last one always.
class SweepJob : public QObject {
  Q_OBJECT

 public:
  enum class State { Queued, Running, Paused, Stopping, Done, Cancelled, Failed };
  Q_ENUM(State)

  SweepJob(SweepSpec spec, std::filesystem::path store, std::string device, SweepFunction sweep,
           QObject* parent = nullptr);

  const SweepSpec& spec() const { return spec_; }
  const std::string& device() const { return device_; }
  State state() const { return state_; }
  bool active() const;    ///< has a thread: running, paused or stopping
  bool finished() const;  ///< done, cancelled or failed
  const SweepProgress& progress() const { return progress_; }
  /// Set when the sweep has ended, however it did.
  const std::optional<SweepSummary>& summary() const { return summary_; }
  /// One sentence per failed cell so far, and the reason when the whole sweep failed.
  const std::vector<QString>& errors() const { return errors_; }
  /// Share of the sweep that is done, 0..1, the cell in flight included.
  double fraction() const;
  /// "6 models × 33 configurations × 5 tasks".
  QString title() const;

  void pause();
  void resume();
  /// Ends within one batch; finished cells stay stored.
  void cancel();
  /// Cancels a job that a worker has taken but that has not reported yet.
  void cancelBeforeStart();
  /// Puts a cancelled or failed job back to Queued (by the queue).
  void requeue();

  /// Blocks until the sweep has ended. Called on a worker thread, once per queueing.
  void run();

 Q_SIGNALS:
  void changed();  ///< state, progress or errors

  void ended();

 private:
  void post(std::function<void()> update);
  void deliver();
  void setState(State state);

  const SweepSpec spec_;
  const std::filesystem::path store_;
  const std::string device_;
  const SweepFunction sweep_;

  // GUI thread only.
  State state_ = State::Queued;
  SweepProgress progress_;
  std::optional<SweepSummary> summary_;
  std::vector<QString> errors_;
  QTimer delivery_;

  // Shared with the worker, under mutex_.
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool paused_ = false;
  std::stop_source stop_;
  SweepProgress latest_;
  std::vector<QString> newErrors_;

  bool posted_ = false;
};

}  // namespace bitfrontier
