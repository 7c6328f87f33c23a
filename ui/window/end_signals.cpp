// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/end_signals.h"

#include <fcntl.h>
#include <unistd.h>
#include <array>
#include <csignal>

namespace bitfrontier {
namespace {

constexpr std::array kSignals{SIGTERM, SIGINT, SIGHUP};
volatile sig_atomic_t writeEnd = -1;

// Nothing but write() is allowed here.
void tell(int) {
  const char byte = 1;
  if (write(writeEnd, &byte, 1) != 1) _exit(1);
}

}  // namespace

EndSignals::EndSignals(const std::function<void()>& end) {
  if (::pipe2(pipe_, O_CLOEXEC) != 0) return;  // then signals end the program at once
  writeEnd = pipe_[1];
  notifier_ = std::make_unique<QSocketNotifier>(pipe_[0], QSocketNotifier::Read);
  QObject::connect(notifier_.get(), &QSocketNotifier::activated, [this, end] {
    notifier_->setEnabled(false);
    for (const int signal : kSignals) std::signal(signal, SIG_DFL);
    end();
  });
  struct sigaction action = {};
  action.sa_handler = tell;
  action.sa_flags = SA_RESTART;
  for (const int signal : kSignals) {
    struct sigaction before = {};
    // Ignored by who started it (nohup): it stays so.
    if (sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN) continue;
    sigaction(signal, &action, nullptr);
  }
}

EndSignals::~EndSignals() {
  if (!notifier_) return;
  for (const int signal : kSignals) std::signal(signal, SIG_DFL);
  notifier_.reset();
  close(pipe_[0]);
  close(pipe_[1]);
}

}  // namespace bitfrontier
