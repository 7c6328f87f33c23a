// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/sweep_job.h"

#include <algorithm>
#include <exception>
#include <QDateTime>
#include <QUuid>
#include <utility>

#include "core/base/error.h"
#include "core/engine/engine.h"
#include "ui/base/text.h"

namespace bitfrontier {
namespace {

constexpr int kDeliveryMs = 50;  // at most 20 updates a second

QString cellName(const RunRecord& record) {
  return Text::from(record.model) + QStringLiteral(" · ") + Text::from(record.config) +
         QStringLiteral(" · ") + Text::from(record.result.task);
}

QString resultOf(const RunRecord& record) {
  const TaskResult& result = record.result;
  const QString value =
      result.isText() ? SweepJob::tr("cross-entropy %1").arg(Text::number(result.crossEntropy))
                      : SweepJob::tr("accuracy %1 %").arg(Text::number(100 * result.accuracy));
  return SweepJob::tr("%1, %2").arg(value, Text::duration(record.seconds));
}

}  // namespace

SweepFunction defaultSweep() {
  return [](const SweepSpec& spec, const std::filesystem::path& file, const std::string& device,
            const SweepEvents& events, const JobContext& job) {
    // The store that the window shows; gone, it is not made anew without its other runs.
    RunStore store = RunStore::open(file, RunStore::Mode::Update);
    return engine().runSweep(spec, store, device, events, job);
  };
}

SweepJob::SweepJob(SweepSpec spec, std::filesystem::path store, std::string device,
                   SweepFunction sweep, QObject* parent)
    : QObject(parent),
      spec_(std::move(spec)),
      store_(std::move(store)),
      device_(std::move(device)),
      sweep_(std::move(sweep)) {
  id_ = QUuid::createUuid().toString(QUuid::WithoutBraces).toStdString();
  created_ = QDateTime::currentMSecsSinceEpoch();
  progress_.cellsTotal =
      spec_.models.size() * spec_.configs.size() * spec_.tasks.size() - spec_.leftOut.size();
  delivery_.setSingleShot(true);
  delivery_.setInterval(kDeliveryMs);
  connect(&delivery_, &QTimer::timeout, this, &SweepJob::deliver);
}

bool SweepJob::active() const {
  return state_ == State::Running || state_ == State::Paused || state_ == State::Stopping;
}

bool SweepJob::finished() const {
  return state_ == State::Done || state_ == State::Cancelled || state_ == State::Failed;
}

bool SweepJob::resumable() const {
  return state_ == State::Paused || state_ == State::Interrupted || state_ == State::Cancelled ||
         state_ == State::Failed;
}

std::size_t SweepJob::retriable() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(failures_, [](const CellFailure& f) { return !failsAgain(f.cause); }));
}

SweepJob::Record SweepJob::record() const {
  return {id_,
          created_,
          state_,
          progress_,
          failures_,
          errors_,
          summary_ ? summary_->seconds : secondsBefore_};
}

void SweepJob::restore(Record record) {
  id_ = std::move(record.id);
  created_ = record.created;
  progress_ = std::move(record.progress);
  progress_.remainingSeconds = progress_.remainingLow = progress_.remainingHigh = -1;
  failures_ = std::move(record.failures);
  errors_ = std::move(record.errors);
  secondsBefore_ = record.seconds;
  const bool ended = record.state == State::Done || record.state == State::Cancelled ||
                     record.state == State::Failed;
  setState(ended ? record.state : State::Interrupted);
}

double SweepJob::fraction() const {
  if (state_ == State::Done || progress_.cellsTotal == 0) return state_ == State::Done ? 1 : 0;
  return (static_cast<double>(progress_.cellsDone) + progress_.cellFraction) /
         static_cast<double>(progress_.cellsTotal);
}

QString SweepJob::title() const {
  return Text::amount(spec_.models.size(), tr("model"), tr("models")) + QStringLiteral(" × ") +
         Text::amount(spec_.configs.size(), tr("configuration"), tr("configurations")) +
         QStringLiteral(" × ") + Text::amount(spec_.tasks.size(), tr("task"), tr("tasks"));
}

void SweepJob::setState(State state) {
  state_ = state;
  Q_EMIT stateChanged();
  Q_EMIT changed();
}

void SweepJob::log(LogLine::Level level, const QString& text) {
  Q_EMIT logged({{QDateTime::currentMSecsSinceEpoch(), level, text}});
}

void SweepJob::pauseAfterCell() {
  if (state_ != State::Running) return;
  {
    const std::lock_guard lock(mutex_);
    pauseAtCell_ = true;
  }
  pauseAfterCell_ = true;
  Q_EMIT changed();
}

void SweepJob::pause() {
  if (state_ != State::Running) return;
  {
    const std::lock_guard lock(mutex_);
    paused_ = true;
    pauseAtCell_ = false;
  }
  pauseAfterCell_ = false;
  log(LogLine::Level::Info, tr("Paused"));
  setState(State::Paused);
}

void SweepJob::resume() {
  if (state_ != State::Paused) return;
  {
    const std::lock_guard lock(mutex_);
    paused_ = pauseAtCell_ = reachedPause_ = false;
  }
  wake_.notify_all();
  log(LogLine::Level::Info, tr("Resumed"));
  setState(State::Running);
}

void SweepJob::cancel() {
  if (state_ == State::Queued || state_ == State::Interrupted) {
    setState(State::Cancelled);
    Q_EMIT ended();
    return;
  }
  if (state_ != State::Running && state_ != State::Paused) return;
  {
    const std::lock_guard lock(mutex_);
    paused_ = false;
    stop_.request_stop();
  }
  wake_.notify_all();
  setState(State::Stopping);
}

void SweepJob::cancelBeforeStart() {
  {
    const std::lock_guard lock(mutex_);
    stop_.request_stop();
  }
  setState(State::Stopping);
}

void SweepJob::requeue(bool failedOnly) {
  if (!finished() && state_ != State::Interrupted) return;
  {
    const std::lock_guard lock(mutex_);
    paused_ = pauseAtCell_ = reachedPause_ = false;
    stop_ = std::stop_source();
    latest_ = {};
    newErrors_.clear();
    newFailures_.clear();
  }
  std::set<CellIndex> failed, hopeless;
  for (const CellFailure& f : failures_) {
    (failsAgain(f.cause) ? hopeless : failed).insert({f.modelIndex, f.configIndex, f.taskIndex});
  }
  notAgain_ = hopeless;
  for (std::size_t m = 0; failedOnly && m < spec_.models.size(); ++m) {
    for (std::size_t c = 0; c < spec_.configs.size(); ++c) {
      for (std::size_t t = 0; t < spec_.tasks.size(); ++t)
        if (!failed.contains({m, c, t})) notAgain_.insert({m, c, t});
    }
  }
  if (!hopeless.empty())
    log(LogLine::Level::Warning,
        tr("%1 not tried again: the same would happen")
            .arg(Text::amount(hopeless.size(), tr("cell is"), tr("cells are"))));
  std::erase_if(failures_, [](const CellFailure& f) { return !failsAgain(f.cause); });
  errors_.clear();
  for (const CellFailure& f : failures_)
    errors_.push_back(Text::from(f.model + " · " + f.config + " · " + f.task + ": " + f.error));
  pauseAfterCell_ = false;
  summary_.reset();
  setState(State::Queued);
}

// Asks the GUI thread to look at the shared fields, unless it has already been asked.
void SweepJob::post(std::function<void()> update) {
  const std::lock_guard lock(mutex_);
  update();
  if (std::exchange(posted_, true)) return;
  QMetaObject::invokeMethod(
      this,
      [this] {
        if (!delivery_.isActive()) delivery_.start();
      },
      Qt::QueuedConnection);
}

void SweepJob::deliver() {
  std::vector<LogLine> lines;
  bool reachedPause = false;
  {
    const std::lock_guard lock(mutex_);
    posted_ = false;
    if (latest_.cellsTotal > 0) progress_ = latest_;
    for (QString& e : newErrors_) errors_.push_back(std::move(e));
    for (CellFailure& f : newFailures_) failures_.push_back(std::move(f));
    newErrors_.clear();
    newFailures_.clear();
    lines.swap(newLines_);
    reachedPause = std::exchange(reachedPause_, false);
  }
  if (!lines.empty()) Q_EMIT logged(lines);
  if (reachedPause && state_ == State::Running) {
    pauseAfterCell_ = false;
    log(LogLine::Level::Info, tr("Paused after a cell"));
    setState(State::Paused);
    return;
  }
  Q_EMIT changed();
}

std::size_t SweepJob::progressTotal() const {
  std::set<CellIndex> out = spec_.leftOut;
  out.insert(notAgain_.begin(), notAgain_.end());
  return spec_.models.size() * spec_.configs.size() * spec_.tasks.size() - out.size();
}

void SweepJob::logEnd(State end, const QString& reason) {
  for (const std::string& note : summary_->notes) log(LogLine::Level::Info, Text::from(note));
  if (!summary_->mapped.empty())
    log(LogLine::Level::Info, tr("16-bit weights were left in the mapped file to save memory: %1")
                                  .arg(summary_->mapped.size()));
  if (end == State::Failed) return log(LogLine::Level::Error, reason);
  const QString counts = tr("%1 run, %2 reused, %3 failed")
                             .arg(summary_->ran)
                             .arg(summary_->reused)
                             .arg(summary_->failed);
  log(summary_->failed > 0 ? LogLine::Level::Warning : LogLine::Level::Info,
      (end == State::Cancelled ? tr("Cancelled: %1") : tr("Ended: %1")).arg(counts));
}

SweepEvents SweepJob::makeEvents(const std::stop_token& stop) {
  SweepEvents events;
  events.progress = [this](const SweepProgress& p) { post([&] { latest_ = p; }); };
  events.finished = [this](const RunRecord& record) {
    const bool failed = record.status == RunStatus::Failed;
    const QString line = cellName(record) + QStringLiteral(": ") +
                         (failed ? Text::from(record.error) : resultOf(record));
    post([&] {
      if (failed) newErrors_.push_back(line);
      newLines_.push_back({QDateTime::currentMSecsSinceEpoch(),
                           failed ? LogLine::Level::Error : LogLine::Level::Info, line});
      if (pauseAtCell_) {
        paused_ = reachedPause_ = true;
        pauseAtCell_ = false;
      }
    });
  };
  events.failed = [this](const CellFailure& failure) {
    post([&] { newFailures_.push_back(failure); });
  };
  events.waitWhilePaused = [this, stop] {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, stop, [this] { return !paused_; });
  };
  return events;
}

void SweepJob::run() {
  std::stop_token stop;
  {
    const std::lock_guard lock(mutex_);
    stop = stop_.get_token();
  }
  QMetaObject::invokeMethod(
      this,
      [this] {
        if (state_ != State::Queued) return;
        log(LogLine::Level::Info,
            tr("Started: %1 on %2 into %3")
                .arg(title(), Text::from(device_), QString::fromStdString(store_.string())));
        setState(State::Running);
      },
      Qt::QueuedConnection);

  const SweepEvents events = makeEvents(stop);
  SweepSummary summary;
  State end = State::Done;
  QString reason;
  try {
    if (beforeRun_) beforeRun_();
    SweepSpec spec = spec_;
    spec.leftOut.insert(notAgain_.begin(), notAgain_.end());
    JobContext job;
    job.stop = stop;
    job.report = [this, total = progressTotal()](const Progress& p) {
      post([&] {
        latest_.stage = SweepProgress::Stage::Opening;
        latest_.cellsTotal = total;
        latest_.stageFraction = p.fraction;
        latest_.stageDone = p.done;
        latest_.stageTotal = p.total;
      });
    };
    summary = sweep_(spec, store_, device_, events, job);
    if (summary.cancelled) {
      end = State::Cancelled;
    } else if (summary.allFailed()) {
      end = State::Failed;
      reason = tr("No cell could be run: all %1 failed").arg(summary.failed);
    }
  } catch (const Error& e) {
    end = e.kind() == ErrorKind::Cancelled ? State::Cancelled : State::Failed;
    reason = QString::fromUtf8(e.what());
  } catch (const std::exception& e) {
    end = State::Failed;
    reason = QString::fromUtf8(e.what());
  }
  QMetaObject::invokeMethod(
      this,
      [this, summary, end, reason] {
        deliver();  // the last progress is never lost
        summary_ = summary;
        pauseAfterCell_ = false;
        if (end == State::Failed) errors_.push_back(reason);
        logEnd(end, reason);
        setState(end);
        Q_EMIT ended();
      },
      Qt::QueuedConnection);
}

}  // namespace bitfrontier
