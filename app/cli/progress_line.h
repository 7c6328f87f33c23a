// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>

#include "core/base/job.h"

namespace bitfrontier::cli {

/// Progress on stderr: one line with a bar that is redrawn on a terminal, plain lines every few
/// seconds when stderr goes elsewhere.
class ProgressLine {
 public:
  explicit ProgressLine(bool quiet = false);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  /// `fraction` 0..1; `text` follows the bar. `last` is printed in any case.
  void show(double fraction, const std::string& text, bool last = false);
  /// Prints a line of its own above the bar.
  void note(const std::string& text);

 private:
  void clear();

  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  int columns_ = 80;
  std::chrono::steady_clock::time_point last_{};
};

/// `job` with its progress on `line`, once it has taken a second.
JobContext reportingOn(ProgressLine& line, JobContext job);

}  // namespace bitfrontier::cli
