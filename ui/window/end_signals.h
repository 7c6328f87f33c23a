// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <QSocketNotifier>

namespace bitfrontier {

/// Calls `end` from the event loop when the process is told to end (SIGTERM), interrupted (SIGINT)
/// or its terminal is closed (SIGHUP). The second such signal ends it at once. One at a time.
class EndSignals {
 public:
  explicit EndSignals(const std::function<void()>& end);
  ~EndSignals();
  EndSignals(const EndSignals&) = delete;
  EndSignals& operator=(const EndSignals&) = delete;

 private:
  int pipe_[2] = {-1, -1};
  std::unique_ptr<QSocketNotifier> notifier_;
};

}  // namespace bitfrontier
