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
#include <set>
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

/// A line of a sweep's log.
struct LogLine {
  enum class Level { Info, Warning, Error };
  qint64 time = 0;  ///< milliseconds since 1970
  Level level = Level::Info;
  QString text;
};

/// One sweep of the queue. Lives on the GUI thread; run() is called by a device's worker thread.
/// Events of the sweep become signals on the GUI thread, at most 20 a second, the last one always.
class SweepJob : public QObject {
  Q_OBJECT

 public:
  enum class State {
    Queued,
    Running,
    Paused,
    Stopping,
    Done,
    Cancelled,
    Failed,
    Interrupted,  ///< of an earlier run of the program; goes on when it is told to
  };
  Q_ENUM(State)

  /// What is kept of a sweep between runs of the program.
  struct Record {
    std::string id;
    qint64 created = 0;  ///< milliseconds since 1970
    State state = State::Queued;
    SweepProgress progress;
    std::vector<CellFailure> failures;
    std::vector<QString> errors;
    double seconds = -1;  ///< worked in all; negative while it has not ended
  };

  SweepJob(SweepSpec spec, std::filesystem::path store, std::string device, SweepFunction sweep,
           QObject* parent = nullptr);

  Record record() const;
  /// Takes up a sweep of an earlier run: what had not ended was interrupted.
  void restore(Record record);
  const std::string& id() const { return id_; }
  qint64 created() const { return created_; }
  const std::filesystem::path& store() const { return store_; }
  const SweepSpec& spec() const { return spec_; }
  const std::string& device() const { return device_; }
  State state() const { return state_; }
  bool active() const;    ///< has a thread: running, paused or stopping
  bool finished() const;  ///< done, cancelled or failed
  /// It will run or runs; neither ended nor waiting for the user.
  bool pending() const { return !finished() && state_ != State::Interrupted; }
  /// It can be taken up again: paused, interrupted, cancelled or failed.
  bool resumable() const;
  const SweepProgress& progress() const { return progress_; }
  /// Set when the sweep has ended, however it did.
  const std::optional<SweepSummary>& summary() const { return summary_; }
  /// One sentence per failed cell so far, and the reason when the whole sweep failed.
  const std::vector<QString>& errors() const { return errors_; }
  const std::vector<CellFailure>& failures() const { return failures_; }
  /// Failed cells that may do better when they are tried again: not those that ran out of memory.
  std::size_t retriable() const;
  /// Pauses as soon as the cell in flight is stored.
  bool pausesAfterCell() const { return pauseAfterCell_; }
  /// Share of the sweep that is done, 0..1, the cell in flight included.
  double fraction() const;
  /// "6 models × 33 configurations × 5 tasks".
  QString title() const;

  void pause();
  void pauseAfterCell();
  void resume();
  /// Ends within one batch; finished cells stay stored.
  void cancel();
  /// Cancels a job that a worker has taken but that has not reported yet.
  void cancelBeforeStart();
  /// Puts a job that does not run back to Queued (by the queue): for what is not done, or for the
  /// failed cells alone. What would fail again in the same way is left out.
  void requeue(bool failedOnly = false);
  /// Called on the worker thread before the sweep begins; what it throws fails the sweep.
  void setBeforeRun(std::function<void()> call) { beforeRun_ = std::move(call); }

  /// Blocks until the sweep has ended. Called on a worker thread, once per queueing.
  void run();

 Q_SIGNALS:
  void changed();       ///< state, progress or errors
  void stateChanged();  ///< beside changed()
  void logged(const std::vector<bitfrontier::LogLine>& lines);
  void ended();

 private:
  void log(LogLine::Level level, const QString& text);
  void logEnd(State end, const QString& reason);
  std::size_t progressTotal() const;  ///< cells of the next run
  /// Called on the worker; what they tell is posted to the GUI thread.
  SweepEvents makeEvents(const std::stop_token& stop);
  void post(std::function<void()> update);
  void deliver();
  void setState(State state);

  const SweepSpec spec_;
  const std::filesystem::path store_;
  const std::string device_;
  const SweepFunction sweep_;
  std::function<void()> beforeRun_;

  // GUI thread only; what the worker reads of it is set before the job is handed to it.
  std::string id_;
  qint64 created_ = 0;
  std::set<CellIndex> notAgain_;  ///< beside SweepSpec::leftOut
  bool pauseAfterCell_ = false;
  double secondsBefore_ = -1;
  std::vector<CellFailure> failures_;
  State state_ = State::Queued;
  SweepProgress progress_;
  std::optional<SweepSummary> summary_;
  std::vector<QString> errors_;
  QTimer delivery_;

  // Shared with the worker, under mutex_.
  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool paused_ = false;
  bool pauseAtCell_ = false;
  bool reachedPause_ = false;
  std::stop_source stop_;
  SweepProgress latest_;
  std::vector<QString> newErrors_;
  std::vector<CellFailure> newFailures_;
  std::vector<LogLine> newLines_;

  bool posted_ = false;
};

}  // namespace bitfrontier
