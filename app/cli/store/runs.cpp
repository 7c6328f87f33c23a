// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/options.h"
#include "app/cli/table.h"
#include "core/law/data/format_name.h"
#include "core/store/export.h"
#include "core/store/run_fields.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::filesystem::path store;
  FilterOptions filter;
  OutputOptions output;
  bool points = false;
  bool items = false;
  bool failed = false;
};

void printRuns(const std::vector<RunRecord>& runs) {
  constexpr auto kRight = Table::Align::Right;
  Table table({{"id", kRight},
               {"model"},
               {"config"},
               {"task"},
               {"items", kRight},
               {"acc %", kRight},
               {"\u00b1", kRight},
               {"nats/token", kRight},
               {"bits/byte", kRight},
               {"seconds", kRight},
               {"status"}});
  for (const RunRecord& run : runs) {
    const TaskResult& result = run.result;
    table.add({fmt::format("{}", run.id), run.model, formatName(run.config, run.method),
               result.task, result.items > 0 ? fmt::format("{}", result.items) : "",
               formatPercent(result.accuracy), formatPercent(result.accuracySe),
               formatPlain(result.crossEntropy, 4), formatPlain(result.bitsPerByte, 4),
               run.published() ? "" : formatPlain(run.seconds, 2),
               run.error.empty() ? std::string(runStatusName(run.status))
                                 : fmt::format("{}: {}", runStatusName(run.status), run.error)});
  }
  table.print();
}

void printPoints(const std::vector<LawPoint>& points) {
  constexpr auto kRight = Table::Align::Right;
  Table table({{"model"},
               {"config"},
               {"total bits", kRight},
               {"size", kRight},
               {"acc %", kRight},
               {"\u00b1", kRight},
               {"tasks", kRight},
               {"nats/token", kRight},
               {"items", kRight},
               {"source"}});
  for (const LawPoint& point : points) {
    table.add({point.model, seriesLabel(point, SeriesKey::Config), formatBits(point.totalBits),
               formatBytes(point.totalBits), formatPercent(point.accuracy),
               formatPercent(point.accuracySe),
               point.accuracyTasks > 0 ? fmt::format("{}", point.accuracyTasks) : "",
               formatPlain(point.crossEntropy, 4),
               point.published()      ? ""
               : point.itemLimit == 0 ? "all"
                                      : fmt::format("{}", point.itemLimit),
               point.source});
  }
  table.print();
}

int listRuns(const Options& options) {
  const RunStore store = openForReading(options.store);
  const RunFilter filter = options.filter.filter(store);
  if (options.points) {
    const std::vector<LawPoint> points = store.points(filter);
    noteIncomplete(store, filter);
    if (options.output.json) {
      fmt::print("{}\n", pointsToJson(points).dump(2));
    } else if (options.output.csv) {
      fmt::print("{}", pointsToCsv(points));
    } else {
      printPoints(points);
    }
    return kOk;
  }
  std::vector<RunRecord> runs = store.runs(filter, options.items && options.output.json);
  if (options.failed) {
    std::erase_if(runs, [](const RunRecord& run) { return run.status == RunStatus::Done; });
  }
  if (options.output.json) {
    fmt::print("{}\n", runsToJson(runs, options.items).dump(2));
  } else if (options.output.csv) {
    fmt::print("{}", runsToCsv(runs));
  } else {
    printRuns(runs);
  }
  return kOk;
}

}  // namespace

void addRuns(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("runs", "List what is in a store");
  addStoreOption(*command, options->store, "Store to read");
  addFilterOptions(*command, options->filter, true);
  options->filter.origin = "both";
  command->add_flag("--points", options->points,
                    "One line for each model and configuration, averaged over tasks");
  command->add_flag("--failed", options->failed, "Only runs that did not finish");
  command->add_flag("--outcomes", options->items, "With --json: also the outcome of every item");
  addOutputOptions(*command, options->output);
  command->callback(
      [&context, options] { context.action = [options] { return listRuns(*options); }; });
}

}  // namespace bitfrontier::cli
