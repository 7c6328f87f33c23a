// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/interrupt.h"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <string_view>
#include <utility>

#include "core/base/work_timer.h"

namespace bitfrontier::cli {
namespace {

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGCONT);
  return set;
}

void say(std::string_view text) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

InterruptHandler::InterruptHandler() {
  const sigset_t set = watched();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  waiter_ = std::jthread([source = stop_](const std::stop_token& end) mutable {
    const sigset_t signals = watched();
    const timespec pause{0, 100'000'000};
    auto awake = std::chrono::steady_clock::now();
    while (!end.stop_requested()) {
      const int signal = ::sigtimedwait(&signals, nullptr, &pause);
      const auto before = std::exchange(awake, std::chrono::steady_clock::now());
      if (signal == SIGCONT) {
        addSuspendedSeconds(std::chrono::duration<double>(awake - before).count());
      }
      if (signal < 0 || signal == SIGCONT) continue;
      if (source.stop_requested()) ::_exit(130);
      say("\nbitfrontier: stopping after this batch (again to stop at once)\n");
      source.request_stop();
    }
  });
}

InterruptHandler::~InterruptHandler() = default;

}  // namespace bitfrontier::cli
