// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress_line.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace bitfrontier::cli {
namespace {

constexpr auto kPlainPause = std::chrono::seconds(5);
constexpr int kBarWidth = 24;

}  // namespace

ProgressLine::ProgressLine(bool quiet) : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1) {
  winsize size{};
  if (terminal_ && ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    columns_ = size.ws_col;
  }
}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::clear() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  drawn_ = false;
}

void ProgressLine::show(double fraction, const std::string& text, bool last) {
  if (quiet_) return;
  fraction = std::clamp(fraction, 0.0, 1.0);
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_) {
    if (!last && now - last_ < kPlainPause) return;
    last_ = now;
    fmt::print(stderr, "{:3.0f}%  {}\n", 100 * fraction, text);
    std::fflush(stderr);
    return;
  }
  const int filled = static_cast<int>(fraction * kBarWidth);
  std::string line = fmt::format("[{}{}] {:3.0f}%  {}", std::string(filled, '#'),
                                 std::string(kBarWidth - filled, '.'), 100 * fraction, text);
  // One column less than the terminal has, so that no terminal wraps.
  if (line.size() >= static_cast<std::size_t>(columns_)) {
    line.resize(static_cast<std::size_t>(std::max(1, columns_ - 1)));
  }
  fmt::print(stderr, "\r{}\x1b[K", line);
  std::fflush(stderr);
  drawn_ = true;
}

void ProgressLine::note(const std::string& text) {
  clear();
  fmt::print(stderr, "{}\n", text);
}

JobContext reportingOn(ProgressLine& line, JobContext job) {
  job.report = [&line, start = std::chrono::steady_clock::now()](const Progress& p) {
    if (std::chrono::steady_clock::now() - start < std::chrono::seconds(1)) return;
    line.show(p.fraction, p.stage);
  };
  return job;
}

}  // namespace bitfrontier::cli
