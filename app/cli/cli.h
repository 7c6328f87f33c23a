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

/// @name One subcommand each: adds its options and sets Context::action when it is chosen.
/// @{
void addSweep(CLI::App& app, Context& context);
void addEval(CLI::App& app, Context& context);
void addScore(CLI::App& app, Context& context);
void addRuns(CLI::App& app, Context& context);
void addFetch(CLI::App& app, Context& context);
void addFit(CLI::App& app, Context& context);
void addFrontier(CLI::App& app, Context& context);
void addAdvise(CLI::App& app, Context& context);
void addNext(CLI::App& app, Context& context);
void addCompare(CLI::App& app, Context& context);
void addReport(CLI::App& app, Context& context);
void addImport(CLI::App& app, Context& context);
void addMerge(CLI::App& app, Context& context);
void addCodebook(CLI::App& app, Context& context);
void addTypes(CLI::App& app, Context& context);
void addQuantize(CLI::App& app, Context& context);
void addDevices(CLI::App& app, Context& context);
void addTokenize(CLI::App& app, Context& context);
void addPocket(CLI::App& app, Context& context);
/// @}

}  // namespace bitfrontier::cli
