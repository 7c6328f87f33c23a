// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <stop_token>

#include "core/base/job.h"

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's own
class App;
}

namespace bitfrontier::cli {

/// Exit codes, as documented in `bitfrontier --help`.
enum ExitCode {
  kOk = 0,
  kFailure = 1,      ///< a file, model or device could not be used
  kUsage = 2,        ///< the command line is wrong
  kCellsFailed = 3,  ///< a sweep ended, but some of its cells failed
  kInterrupted = 130,
};

/// What the commands share: the action that the command line chose, and the stop token that
/// Ctrl-C sets.
struct Context {
  std::function<int()> action;
  std::stop_token stop;

  JobContext job() const { return {stop, {}}; }
};

/// Parses the command line, runs the chosen command and returns its exit code. Never throws.
int run(int argc, char** argv);

}  // namespace bitfrontier::cli
