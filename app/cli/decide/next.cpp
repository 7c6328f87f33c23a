// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/decide/memory_options.h"
#include "app/cli/decide/query.h"
#include "app/cli/options.h"
#include "app/cli/print_each.h"
#include "app/cli/progress_line.h"
#include "app/cli/table.h"
#include "core/advice/next.h"
#include "core/base/error.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::filesystem::path store;
  FilterOptions filter;
  OutputOptions output;
  std::string metric;
  std::vector<std::string> budgets;
  bool memory = false;
  MemoryNeedsOptions needs;
  double stopPoints = -1;
  std::size_t shown = 10;
};

std::string amount(double value, LawMetric metric) {
  if (!std::isfinite(value)) return "";
  return metric == LawMetric::Accuracy ? fmt::format("{:.3f}", 100 * value)
                                       : fmt::format("{:.5f}", value);
}

void print(const NextRuns& next, const Options& options) {
  const LawMetric metric = next.metric;
  fmt::print("{}: {} of {} cells have been run; law: {}\n", next.title, next.run, next.cells,
             next.law);
  constexpr auto kRight = Table::Align::Right;
  Table choices(
      {{"budget", kRight},
       {"choice now"},
       {"P(best)", kRight},
       {metric == LawMetric::Accuracy ? "expected regret, points" : "expected regret, nats",
        kRight}});
  for (const NextBudget& budget : next.budgets) {
    choices.add({formatBytes(budget.bits), budget.choice.empty() ? "nothing fits" : budget.choice,
                 budget.choice.empty() ? "" : fmt::format("{:.2f}", budget.probability),
                 amount(budget.regret, metric)});
  }
  choices.print();
  fmt::print("\n");
  Table table({{"", kRight},
               {"model"},
               {"config"},
               {metric == LawMetric::Accuracy ? "gain, points" : "gain, nats", kRight},
               {"minutes", kRight},
               {"why"}});
  for (std::size_t i = 0; i < std::min(options.shown, next.runs.size()); ++i) {
    const NextRun& run = next.runs[i];
    table.add({fmt::format("{}", i + 1), run.model, run.config, amount(run.gain, metric),
               formatPlain(run.minutes, run.minutes < 1 ? 2 : 1), run.reason});
  }
  if (!table.empty()) table.print();
  if (next.runs.size() > options.shown) {
    fmt::print("shown {} of {}\n", options.shown, next.runs.size());
  }
  fmt::print("{}\n", next.verdict);
  for (const std::string& note : next.notes) fmt::print("note: {}\n", note);
}

int run(const Options& options, const JobContext& job) {
  NextOptions next;
  for (const std::string& text : options.budgets) next.budgets.push_back(parseBudget(text));
  if (options.memory) next.memory = options.needs.options();
  const Query query = openQuery(options.store, options.filter, options.metric);
  next.metric = query.metric;
  if (options.stopPoints >= 0) {
    next.stopRegret =
        next.metric == LawMetric::Accuracy ? options.stopPoints / 100 : options.stopPoints;
  }
  std::vector<NextRuns> all;
  {
    ProgressLine line;
    all = nextRuns(query.store, query.filter, next, reportingOn(line, job));
  }
  return printEach(all, options.output.json, nextToJson,
                   [&](const NextRuns& one) { print(one, options); });
}

}  // namespace

void addNext(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "next", "Rank what has not been run by how much it would improve the choice per minute");
  addStoreOption(*command, options->store, "Store to read");
  command
      ->add_option("--budget", options->budgets,
                   "Sizes that the choice is for, e.g. 8GB,24GB (else the whole range)")
      ->delimiter(',');
  command->add_option("--stop", options->stopPoints,
                      "Expected regret at which to stop, in points of accuracy (0.1) or nats "
                      "(0.005)");
  command->add_flag("--memory", options->memory, "Budgets are of memory, key-value cache included");
  addMemoryNeedsOptions(*command, options->needs);
  command->add_option("--show", options->shown, "Rows to print")->capture_default_str();
  addOutputOptions(*command, options->output, false);
  addMetricAndFilter(*command, options->metric, options->filter);
  command->callback([&context, options] {
    context.action = [&context, options] { return run(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli
