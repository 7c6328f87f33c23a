// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli.h"

#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <new>

#include "app/cli/interrupt.h"
#include "core/base/error.h"

namespace bitfrontier::cli {

// One file of a room each: adds its options and sets Context::action when it is chosen. A new one
// is declared here and listed below, where --help has it.
void addSweep(CLI::App& app, Context& context);
void addEval(CLI::App& app, Context& context);
void addScore(CLI::App& app, Context& context);
void addRuns(CLI::App& app, Context& context);
void addFit(CLI::App& app, Context& context);
void addFrontier(CLI::App& app, Context& context);
void addAdvise(CLI::App& app, Context& context);
void addNext(CLI::App& app, Context& context);
void addCompare(CLI::App& app, Context& context);
void addReport(CLI::App& app, Context& context);
void addFetch(CLI::App& app, Context& context);
void addImport(CLI::App& app, Context& context);
void addMerge(CLI::App& app, Context& context);
void addBundle(CLI::App& app, Context& context);
void addUnbundle(CLI::App& app, Context& context);
void addQuantize(CLI::App& app, Context& context);
void addCodebook(CLI::App& app, Context& context);
void addTypes(CLI::App& app, Context& context);
void addTokenize(CLI::App& app, Context& context);
void addDevices(CLI::App& app, Context& context);
void addPocket(CLI::App& app, Context& context);

namespace {

constexpr void (*kSubcommands[])(CLI::App&, Context&) = {
    addSweep,    addEval,     addScore,    addRuns,  addFit,      addFrontier, addAdvise,
    addNext,     addCompare,  addReport,   addFetch, addImport,   addMerge,    addBundle,
    addUnbundle, addQuantize, addCodebook, addTypes, addTokenize, addDevices,  addPocket};

constexpr const char* kFooter = R"(Examples:
  bitfrontier sweep --suite pocket --store out/pocket.bfdb   quantize, score and store the demo grid
  bitfrontier fit out/pocket.bfdb --by bits                  scaling law of every bit width
  bitfrontier frontier out/pocket.bfdb --budget 2MB          the best model for a memory budget
  bitfrontier eval --model DIR --config int4-b64 --suite pocket
  bitfrontier score --model DIR < requests.jsonl             log-likelihoods of any texts
  bitfrontier import --published --store published.bfdb      numbers from papers, 125M to 176B
  bitfrontier import results/ --store out/harness.bfdb       results of lm-evaluation-harness
  bitfrontier merge out/all.bfdb out/gpu0.bfdb out/gpu1.bfdb
  bitfrontier codebook float4 --json

Exit codes: 0 success; 1 a file, model or device could not be used, no cell of a sweep
be run, or no law be fitted; 2 wrong command line; 3 a sweep ended but some of its cells failed; 130 interrupted
(run the same command to resume).)";

int fail(int code, std::string text) {
  if (const std::size_t end = text.find('\n'); end != std::string::npos) text.resize(end);
  fmt::print(stderr, "bitfrontier: error: {}\n", text);
  return code;
}

/// CLI11's complaints are capitalized sentences; ours are not.
int failUsage(const CLI::App& app, std::string text) {
  const CLI::App* chosen = &app;
  for (const CLI::App* command : app.get_subcommands()) chosen = command;
  while (!text.empty() && (text.back() == '.' || text.back() == '\n')) text.pop_back();
  const int code = fail(kUsage, std::move(text));
  fmt::print(stderr, "see bitfrontier {}--help\n", chosen == &app ? "" : chosen->get_name() + " ");
  return code;
}

int guarded(const Context& context) {
  try {
    return context.action();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Cancelled) return fail(kInterrupted, "interrupted");
    return fail(error.kind() == ErrorKind::InvalidArgument ? kUsage : kFailure, error.what());
  } catch (const c10::Error& error) {
    return fail(kFailure, error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    return fail(kFailure, "not enough memory");
  } catch (const std::exception& error) {
    return fail(kFailure, error.what());
  }
}

}  // namespace

int run(int argc, char** argv) {
  Context context;
  CLI::App app("Bit-precision scaling laws of quantized language models.", "bitfrontier");
  app.set_version_flag("--version", std::string("bitfrontier ") + BITFRONTIER_VERSION);
  app.footer(kFooter);
  app.require_subcommand(1);
  for (const auto add : kSubcommands) add(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    return failUsage(app, error.what());
  } catch (const std::exception& error) {
    return failUsage(app, error.what());
  }
  try {
    // Before any library starts threads: they inherit the signal mask.
    const InterruptHandler interrupts;
    context.stop = interrupts.token();
    return guarded(context);
  } catch (const std::exception& error) {
    return fail(kFailure, error.what());
  }
}

}  // namespace bitfrontier::cli
