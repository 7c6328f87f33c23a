// SPDX-License-Identifier: GPL-3.0-or-later
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
#include "app/cli/table.h"
#include "core/advice/store_frontier.h"
#include "core/advice/widths.h"
#include "core/advice/widths_text.h"
#include "core/base/error.h"
#include "core/store/points.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::filesystem::path store;
  FilterOptions filter;
  OutputOptions output;
  bool markdown = false, latex = false, widths = false;
  std::string metric, against = "bits", budget;
  MemoryNeedsOptions needs;
  double smallest = 0.05;
};

std::string valueText(double value, LawMetric metric) {
  return metric == LawMetric::CrossEntropy ? formatPlain(value, 4) : formatPercent(value);
}

std::string costText(const StoreFrontier& frontier, const FrontierEntry& entry) {
  return frontier.cost == FrontierCost::Seconds ? formatDuration(entry.cost)
                                                : formatBytes(entry.cost);
}

void print(const StoreFrontier& frontier, const Options& options) {
  constexpr auto kRight = Table::Align::Right;
  fmt::print("{}\n", frontier.title);
  Table table({{frontier.cost == FrontierCost::Seconds ? "seconds" : "bits", kRight},
               {frontier.cost == FrontierCost::Memory    ? "memory"
                : frontier.cost == FrontierCost::Seconds ? "time"
                                                         : "size",
                kRight},
               {frontier.metric == LawMetric::Accuracy ? "acc %" : "nats/token", kRight},
               {"\u00b1", kRight},
               {"model"},
               {"config"},
               {"k", kRight},
               {"P(frontier)", kRight},
               {"measured"}});
  for (const FrontierEntry& e : frontier.entries) {
    table.add({frontier.cost == FrontierCost::Seconds ? fmt::format("{:.1f}", e.cost)
                                                      : formatBits(e.cost),
               costText(frontier, e), valueText(e.value, frontier.metric),
               valueText(e.se, frontier.metric), e.point.model,
               seriesLabel(e.point, SeriesKey::Config), fmt::format("{}", e.point.bits),
               fmt::format("{:.2f}", e.probability), e.on ? "on it" : "below"});
  }
  table.print();
  fmt::print("{} of {} points are on the frontier{}\n", frontier.onFrontier(), frontier.points,
             frontier.paired ? "; probabilities over the items that all points share" : "");
  if (frontier.best) {
    const FrontierEntry& best = *frontier.best;
    fmt::print("best within {}: {} {} ({}, {} {}, P {:.2f})\n", options.budget, best.point.model,
               best.point.config, costText(frontier, best), valueText(best.value, frontier.metric),
               frontier.metric == LawMetric::Accuracy ? "%" : "nats/token",
               frontier.bestProbability);
  } else if (!options.budget.empty()) {
    fmt::print("nothing fits into {}\n", options.budget);
  }
  for (const std::string& note : frontier.notes) fmt::print("note: {}\n", note);
}

nlohmann::ordered_json widthsToJson(const OptimalWidths& widths) {
  auto shares = nlohmann::ordered_json::array(), grid = shares;
  for (const WidthShare& w : widths.widths) {
    shares.push_back(
        {{"bits", w.bits}, {"share_of_budgets", w.share}, {"mean_p_best", w.probability}});
  }
  for (const BudgetChoice& choice : widths.grid) {
    nlohmann::ordered_json at = {{"total_bits", choice.totalBits},
                                 {"verdict", verdictName(choice.verdict)},
                                 {"p_best", nlohmann::ordered_json::object()}};
    if (!choice.formats.empty()) at["best_bits"] = choice.best;
    for (const FormatChance& f : choice.formats) {
      at["p_best"][fmt::format("{}", f.format)] = f.probability;
    }
    grid.push_back(std::move(at));
  }
  return {{"title", widths.title},
          {"metric", lawMetricName(widths.metric)},
          {"curves", widths.curves},
          {"contested_budgets", widths.budgets},
          {"widths", shares},
          {"budgets", grid},
          {"ranges", rangesToJson(widths.ranges, widths.measured)},
          {"crossings", widths.crossings},
          {"notes", widths.notes}};
}

void printWidths(const OptimalWidths& widths) {
  fmt::print("{}: {}\n", widths.title, widths.curves);
  constexpr auto kRight = Table::Align::Right;
  std::vector<Table::Column> columns{{"total bits", kRight}, {"size", kRight}, {"best k", kRight}};
  for (const WidthShare& w : widths.widths) {
    columns.push_back({fmt::format("P({} bit)", w.bits), kRight});
  }
  columns.push_back({"verdict"});
  Table table(columns);
  for (std::size_t i = 0; i < widths.grid.size(); i += 4) {
    const BudgetChoice& choice = widths.grid[i];
    if (choice.formats.empty()) continue;
    std::vector<std::string> row{formatBits(choice.totalBits), formatBytes(choice.totalBits),
                                 fmt::format("{}", choice.best)};
    for (const WidthShare& w : widths.widths) {
      std::string p;
      for (const FormatChance& f : choice.formats) {
        if (static_cast<int>(f.format) == w.bits) p = formatPlain(f.probability, 2);
      }
      row.push_back(p);
    }
    row.emplace_back(verdictName(choice.verdict));
    table.add(row);
  }
  table.print();
  for (const std::string& sentence : rangeSentences(widths)) fmt::print("{}\n", sentence);
  for (const std::string& sentence : widths.crossings) fmt::print("{}\n", sentence);
  for (const std::string& note : widths.notes) fmt::print("note: {}\n", note);
}

int runWidths(const Options& options, const JobContext& job) {
  const Query query = openQuery(options.store, options.filter, options.metric);
  std::vector<OptimalWidths> all;
  for (const FamilyRuns& family : familyRuns(query.store, query.filter, query.metric, job)) {
    if (family.repeats) continue;
    all.push_back(optimalWidths(family, query.metric, 4000, 1, job));
  }
  if (all.empty()) {
    throw noPoints(query.store, query.filter, metricName(query.metric));
  }
  return printEach(all, options.output.json, widthsToJson, printWidths);
}

int run(const Options& options, const JobContext& job) {
  if (options.widths) return runWidths(options, job);
  FrontierOptions frontier;
  frontier.cost = parseFrontierCost(options.against);
  frontier.smallest = options.smallest;
  if (!options.budget.empty()) {
    frontier.budget = frontier.cost == FrontierCost::Seconds ? parseSeconds(options.budget)
                                                             : parseBudget(options.budget);
  }
  const Query query = openQuery(options.store, options.filter, options.metric);
  frontier.metric = query.metric;
  if (frontier.cost == FrontierCost::Memory) frontier.memory = options.needs.options();
  const std::vector<StoreFrontier> all = storeFrontiers(query.store, query.filter, frontier, job);
  if (options.output.csv) {
    fmt::print("{}", frontiersToCsv(all));
    return kOk;
  }
  return printEach(
      all, options.output.json,
      [&](const StoreFrontier& one) {
        nlohmann::ordered_json json = frontierToJson(one);
        if (frontier.budget) json["budget"] = *frontier.budget;
        return json;
      },
      [&](const StoreFrontier& one) {
        if (options.markdown) {
          fmt::print("{}", frontierToMarkdown(one));
        } else if (options.latex) {
          fmt::print("{}", frontierToLatex(one));
        } else {
          print(one, options);
        }
      });
}

}  // namespace

void addFrontier(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "frontier", "Show which points nothing smaller or better beats, and how sure that is");
  addStoreOption(*command, options->store, "Store to read");
  command
      ->add_option("--against", options->against,
                   "bits (total bits), memory (weights and key-value cache) or seconds (of the "
                   "measured runs)")
      ->capture_default_str();
  command->add_option("--budget", options->budget,
                      "Also name the best point within this size: 24GB, 512MiB, 3e9bits (or 90s)");
  command->add_flag("--widths", options->widths,
                    "Show the best bit width as a function of total bits instead");
  command
      ->add_option("--smallest", options->smallest,
                   "List points off the frontier from this probability on")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  addMemoryNeedsOptions(*command, options->needs);
  addOutputOptions(*command, options->output);
  CLI::Option* markdown = command->add_flag("--markdown", options->markdown, "Print Markdown");
  command->add_flag("--latex", options->latex, "Print a LaTeX table")->excludes(markdown);
  addMetricAndFilter(*command, options->metric, options->filter);
  command->callback([&context, options] {
    context.action = [&context, options] { return run(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli
