// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/sweep_job.h"

#include <exception>
#include <utility>

#include "core/base/error.h"
#include "core/device/device.h"
#include "ui/base/text.h"

namespace bitfrontier {
namespace {

constexpr int kDeliveryMs = 50;  // at most 20 updates a second

}  // namespace

SweepFunction defaultSweep() {
  return [](const SweepSpec& spec, const std::filesystem::path& file, const std::string& device,
            const SweepEvents& events, const JobContext& job) {
    // The store that the window shows; gone, it is not made anew without its other runs.
    RunStore store = RunStore::open(file, RunStore::Mode::Update);
    return runSweep(spec, store, resolveDevice(device), events, job);
  };
}

SweepJob::SweepJob(SweepSpec spec, std::filesystem::path store, std::string device,
                   SweepFunction sweep, QObject* parent)
    : QObject(parent),
      spec_(std::move(spec)),
      store_(std::move(store)),
      device_(std::move(device)),
      sweep_(std::move(sweep)) {
  progress_.cellsTotal = spec_.models.size() * spec_.configs.size() * spec_.tasks.size();
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
  Q_EMIT changed();
}

void SweepJob::pause() {
  if (state_ != State::Running) return;
  {
    const std::lock_guard lock(mutex_);
    paused_ = true;
  }
  setState(State::Paused);
}

void SweepJob::resume() {
  if (state_ != State::Paused) return;
  {
    const std::lock_guard lock(mutex_);
    paused_ = false;
  }
  wake_.notify_all();
  setState(State::Running);
}

void SweepJob::cancel() {
  if (state_ == State::Queued) {
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

void SweepJob::requeue() {
  if (!finished()) return;
  {
    const std::lock_guard lock(mutex_);
    paused_ = false;
    stop_ = std::stop_source();
    latest_ = {};
    newErrors_.clear();
  }
  errors_.clear();
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
  {
    const std::lock_guard lock(mutex_);
    posted_ = false;
    if (latest_.cellsTotal > 0) progress_ = latest_;
    for (QString& e : newErrors_) errors_.push_back(std::move(e));
    newErrors_.clear();
  }
  Q_EMIT changed();
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
        if (state_ == State::Queued) setState(State::Running);
      },
      Qt::QueuedConnection);

  SweepEvents events;
  events.progress = [this](const SweepProgress& p) { post([&] { latest_ = p; }); };
  events.finished = [this](const RunRecord& record) {
    if (record.status != RunStatus::Failed) return;
    post([&] {
      newErrors_.push_back(Text::from(record.model) + QStringLiteral(" · ") +
                           Text::from(record.config) + QStringLiteral(" · ") +
                           Text::from(record.result.task) + QStringLiteral(": ") +
                           Text::from(record.error));
    });
  };
  events.waitWhilePaused = [this, stop] {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, stop, [this] { return !paused_; });
  };

  SweepSummary summary;
  State end = State::Done;
  QString reason;
  try {
    JobContext job;
    job.stop = stop;
    summary = sweep_(spec_, store_, device_, events, job);
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
        if (end == State::Failed) errors_.push_back(reason);
        setState(end);
        Q_EMIT ended();
      },
      Qt::QueuedConnection);
}

}  // namespace bitfrontier
