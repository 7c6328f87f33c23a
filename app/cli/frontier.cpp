// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/options.h"
#include "app/cli/table.h"
#include "core/base/error.h"
#include "core/law/frontier.h"
#include "core/store/export.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::filesystem::path store;
  FilterOptions filter;
  OutputOptions output;
  std::string metric = "accuracy";
  std::string budget;
};

std::string metricText(const LawPoint& point, LawMetric metric) {
  if (metric == LawMetric::CrossEntropy) return formatPlain(point.crossEntropy, 4);
  return formatPercent(point.accuracy);
}

std::string errorText(const LawPoint& point, LawMetric metric) {
  if (metric == LawMetric::CrossEntropy) return formatPlain(point.crossEntropySe, 4);
  return formatPercent(point.accuracySe);
}

int printFrontier(const Options& options) {
  const RunFilter filter = options.filter.filter();
  const LawMetric metric = parseMetric(options.metric);
  const double budget = options.budget.empty() ? 0 : parseBudget(options.budget);
  const RunStore store = openForReading(options.store);
  const std::vector<LawPoint> points = store.points(filter);
  std::vector<LawPoint> frontier;
  for (const std::size_t index : paretoFrontier(points, metric)) frontier.push_back(points[index]);
  if (frontier.empty()) {
    throw Error(ErrorKind::NotFound, fmt::format("store {} has no {} points that match",
                                                 options.store.string(), options.metric));
  }
  std::optional<LawPoint> best;
  if (!options.budget.empty()) {
    if (const auto index = bestWithin(points, budget, metric)) best = points[*index];
  }
  if (options.output.json) {
    nlohmann::ordered_json json = {{"metric", metricName(metric)},
                                   {"points", points.size()},
                                   {"frontier", pointsToJson(frontier)}};
    if (!options.budget.empty()) {
      json["budget_bits"] = budget;
      json["best"] = best ? pointsToJson(std::span(&*best, 1)).at(0) : nlohmann::json();
    }
    fmt::print("{}\n", json.dump(2));
    return kOk;
  }
  if (options.output.csv) {
    fmt::print("{}", pointsToCsv(frontier));
    return kOk;
  }
  constexpr auto kRight = Table::Align::Right;
  Table table({{"total bits", kRight},
               {"size", kRight},
               {metric == LawMetric::Accuracy ? "acc %" : "nats/token", kRight},
               {"\u00b1", kRight},
               {"model"},
               {"config"},
               {"bits", kRight},
               {"source"}});
  for (const LawPoint& point : frontier) {
    table.add({formatBits(point.totalBits), formatBytes(point.totalBits), metricText(point, metric),
               errorText(point, metric), point.model, point.config, fmt::format("{}", point.bits),
               point.source});
  }
  table.print();
  fmt::print("{} of {} points are on the frontier\n", frontier.size(), points.size());
  if (best) {
    fmt::print("best within {}: {} {} ({}, {} {})\n", options.budget, best->model, best->config,
               formatBytes(best->totalBits), metricText(*best, metric),
               metric == LawMetric::Accuracy ? "%" : "nats/token");
  } else if (!options.budget.empty()) {
    fmt::print("nothing fits into {}\n", options.budget);
  }
  return kOk;
}

}  // namespace

void addFrontier(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("frontier", "Show which points nothing smaller or better beats");
  addStoreOption(*command, options->store, "Store to read");
  command->add_option("--metric", options->metric, "accuracy or cross-entropy")
      ->capture_default_str();
  command->add_option("--budget", options->budget,
                      "Also name the best point within this size: 24GB, 512MiB, 3e9bits");
  addFilterOptions(*command, options->filter, true);
  addOutputOptions(*command, options->output);
  command->callback(
      [&context, options] { context.action = [options] { return printFrontier(*options); }; });
}

}  // namespace bitfrontier::cli
