// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/base/work_timer.h"
#include "core/sweep/sweep.h"
#include "core/sweep/sweep_inputs.h"

namespace bitfrontier {

/// Sends SweepProgress at most every 50 ms, and always when forced.
class ProgressSender {
 public:
  ProgressSender(const SweepEvents& events, const SweepPlan& plan, const SweepInputs& inputs,
                 const TimeEstimate& estimate)
      : events_(events), estimate_(estimate), pending_(plan, inputs) {
    state_.cellsTotal = plan.cells.size();
    state_.cellsDone = state_.cellsReused = plan.done;
  }

  SweepProgress& state() { return state_; }
  /// A cell that has ended.
  void settle(const SweepCell& cell) {
    pending_.settle(cell);
    cellSeconds_ = 0;
    state_.cellFraction = 0;
    savedSeconds_ = timer_.seconds();
    ++state_.cellsDone;
  }
  void setStage(SweepProgress::Stage stage) {
    state_.stage = stage;
    state_.stageFraction = 0;
    state_.stageDone = state_.stageTotal = 0;
    send(false);
  }
  void setStageProgress(const Progress& progress) {
    state_.stageFraction = progress.fraction;
    state_.stageDone = progress.done;
    state_.stageTotal = progress.total;
    send(false);
  }
  /// Time that the cells in flight are expected to take, of which cellFraction is over.
  void setCellSeconds(double seconds) { cellSeconds_ = seconds; }
  PaceRange& pace() { return pace_; }
  /// Time worked so far.
  WorkTimer& timer() { return timer_; }

  void send(bool force) {
    if (!events_.progress) return;
    const auto now = std::chrono::steady_clock::now();
    if (!force && now - last_ < std::chrono::milliseconds(50)) return;
    last_ = now;
    state_.elapsedSeconds = timer_.seconds();
    state_.unsavedSeconds = state_.elapsedSeconds - savedSeconds_;
    const double estimate =
        std::max(0.0, pending_.seconds(estimate_) - state_.cellFraction * cellSeconds_);
    state_.remainingLow = estimate * pace_.low();
    state_.remainingHigh = estimate * pace_.high();
    state_.remainingSeconds = std::sqrt(state_.remainingLow * state_.remainingHigh);
    events_.progress(state_);
  }

 private:
  using Clock = std::chrono::steady_clock;

  const SweepEvents& events_;
  const TimeEstimate& estimate_;
  PendingWork pending_;
  SweepProgress state_;
  double cellSeconds_ = 0;
  double savedSeconds_ = 0;
  PaceRange pace_;
  WorkTimer timer_;
  Clock::time_point last_{};
};

}  // namespace bitfrontier
