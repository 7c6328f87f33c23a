// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <thread>

namespace bitfrontier::cli {

/// While it lives, the first SIGINT or SIGTERM sets a stop token and says so on stderr; the second
/// ends the process at once with exit code 130. It also notes for how long the process was stopped
/// (Ctrl-Z, SIGSTOP), see core/base/work_timer.h. Make it before other threads start.
class InterruptHandler {
 public:
  InterruptHandler();
  ~InterruptHandler();
  InterruptHandler(const InterruptHandler&) = delete;
  InterruptHandler& operator=(const InterruptHandler&) = delete;

  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  std::jthread waiter_;
};

}  // namespace bitfrontier::cli
