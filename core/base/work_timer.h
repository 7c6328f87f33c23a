// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace bitfrontier {

/// Seconds for which this process was stopped (SIGSTOP, Ctrl-Z) as far as somebody has noticed.
double suspendedSeconds();
/// Says that it was stopped for so long. Any thread.
void addSuspendedSeconds(double seconds);

/// Time worked: runs on while the process works and stands still while it is stopped. What a caller
/// knows to have been a pause is taken off with leaveOut().
class WorkTimer {
 public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count() -
           (suspendedSeconds() - suspended_) - leftOut_;
  }
  void leaveOut(double seconds) { leftOut_ += seconds; }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double suspended_ = suspendedSeconds();
  double leftOut_ = 0;
};

}  // namespace bitfrontier
