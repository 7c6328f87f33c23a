// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/advise.h"

#include <fmt/format.h>

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
#include "core/base/error.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::filesystem::path store;
  FilterOptions filter;
  OutputOptions output;
  std::string metric;
  std::string memory;
  MemoryNeedsOptions needs;
  double headroomPercent = 5;
  bool uncalibrated = false;
  std::size_t shown = 8;
};

std::string valueText(double value, LawMetric metric) {
  return metric == LawMetric::Accuracy ? formatPercent(value) : formatPlain(value, 4);
}

std::string equalsText(const AdviceCandidate& c) {
  if (std::isfinite(c.equals.parameters)) {
    return fmt::format("{} {} \u00b1 {}", c.reference, formatCount(c.equals.parameters),
                       formatCount(c.equals.se));
  }
  return c.equals.problem;
}

void print(const Advice& advice, const Options& options) {
  fmt::print("{}: {} of {} combinations of model and configuration fit into {}", advice.title,
             advice.fitting, advice.cells, options.memory);
  if (advice.weightsAlone) {
    fmt::print(
        " by their weights alone: the KV cache is unknown (--shapes FILE.csv tells layers and "
        "heads)");
  } else if (options.needs.needs.context > 0) {
    fmt::print(" with {} tokens of context{}", options.needs.needs.context,
               options.needs.needs.batch > 1
                   ? fmt::format(" in batches of {}", options.needs.needs.batch)
                   : "");
  }
  fmt::print("\n\n");
  constexpr auto kRight = Table::Align::Right;
  Table table({{""},
               {"model"},
               {"config"},
               {"weights", kRight},
               {"KV cache", kRight},
               {advice.metric == LawMetric::Accuracy ? "measured %" : "measured", kRight},
               {"\u00b1", kRight},
               {"expected", kRight},
               {"95 %", kRight},
               {"P(best)", kRight},
               {"equals"}});
  for (std::size_t k = 0; k < std::min(options.shown, advice.candidates.size()); ++k) {
    const AdviceCandidate& c = advice.candidates[k];
    table.add(
        {advice.choice == k ? ">" : "", c.model, c.config, formatBytes(c.weightBits),
         c.kvBits > 0 ? formatBytes(c.kvBits) : "", valueText(c.value, advice.metric),
         valueText(c.valueSe, advice.metric), valueText(c.predicted, advice.metric),
         fmt::format("{}..{}", valueText(c.low, advice.metric), valueText(c.high, advice.metric)),
         fmt::format("{:.2f}", c.probability), equalsText(c)});
  }
  if (!table.empty()) table.print();
  if (advice.candidates.size() > options.shown) {
    fmt::print("shown {} of {}\n", options.shown, advice.candidates.size());
  }
  fmt::print("\n{}\n", advice.sentence);
  const auto line = [&](const char* what, const std::optional<std::size_t>& index, bool measured) {
    if (!index) return;
    const AdviceCandidate& c = advice.candidates[*index];
    fmt::print("{}: {} {}, {}{}\n", what, c.model, c.config,
               valueText(measured ? c.value : c.predicted, advice.metric),
               measured ? fmt::format(" \u00b1 {}", valueText(c.valueSe, advice.metric))
                        : fmt::format(" (95 %: {} to {})", valueText(c.low, advice.metric),
                                      valueText(c.high, advice.metric)));
  };
  line("best measured", advice.bestMeasured, true);
  line("best predicted, not run yet", advice.bestPredicted, false);
  if (!advice.next.empty()) {
    fmt::print("\nto run next ({}):\n", advice.nextVerdict);
    for (const AdviceRun& run : advice.next) {
      fmt::print("  {} {}: {}", run.model, run.config, run.reason);
      if (std::isfinite(run.gain)) {
        fmt::print("; worth {}", advice.metric == LawMetric::Accuracy
                                     ? fmt::format("{:.3f} points", 100 * run.gain)
                                     : fmt::format("{:.5f} nats", run.gain));
      }
      if (std::isfinite(run.minutes)) fmt::print(", about {}", formatDuration(60 * run.minutes));
      fmt::print("\n");
    }
  } else {
    fmt::print("\nto run next: nothing ({})\n", advice.nextVerdict);
  }
  fmt::print("memory: {}\n", advice.calibration);
  for (const auto& [family, law] : advice.laws) fmt::print("law of {}: {}\n", family, law);
  for (const std::string& note : advice.notes) fmt::print("note: {}\n", note);
}

int run(Options options, const JobContext& job) {
  AdviceOptions advice;
  advice.memoryBits = parseBudget(options.memory);
  if (!(options.headroomPercent >= 0 && options.headroomPercent < 100)) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("--headroom is a percentage from 0 to below 100, not {}",
                            options.headroomPercent));
  }
  const Query query = openQuery(options.store, options.filter, options.metric);
  advice.metric = query.metric;
  advice.memory = options.needs.options();
  advice.memory.needs.headroom = options.headroomPercent / 100;
  advice.calibrate = !options.uncalibrated;
  std::vector<Advice> all;
  {
    ProgressLine line;
    all = advise(query.store, query.filter, advice, reportingOn(line, job));
  }
  return printEach(all, options.output.json, adviceToJson,
                   [&](const Advice& one) { print(one, options); });
}

}  // namespace

void addAdvise(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "advise", "Say which model and configuration to use within a memory, and how sure that is");
  addStoreOption(*command, options->store, "Store to read");
  command->add_option("--memory", options->memory, "Memory of the device, e.g. 24GB")->required();
  addMemoryNeedsOptions(*command, options->needs);
  command
      ->add_option("--headroom", options->headroomPercent,
                   "Percent of the memory for activations and the program")
      ->capture_default_str();
  command->add_flag("--uncalibrated", options->uncalibrated,
                    "Count weights and cache as they are, whatever peaks runs on a GPU had");
  command->add_option("--show", options->shown, "Rows to print")->capture_default_str();
  addOutputOptions(*command, options->output, false);
  addMetricAndFilter(*command, options->metric, options->filter);
  command->callback([&context, options] {
    context.action = [&context, options] { return run(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli
