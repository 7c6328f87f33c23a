// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/decide/query.h"
#include "app/cli/options.h"
#include "app/cli/print_each.h"
#include "app/cli/table.h"
#include "core/advice/comparisons.h"
#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/store/points.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::filesystem::path store;
  FilterOptions filter;
  OutputOptions output;
  std::string correction = "holm";
  CompareOptions compare;
  double percent = 95;
};

std::string labelOf(const LawPoint& point) { return seriesLabel(point, SeriesKey::Config); }

std::string probability(double p) {
  return p < 1e-4 ? fmt::format("{:.0e}", p) : fmt::format("{:.4f}", p);
}

std::string points(double share) { return fmt::format("{:+.2f}", 100 * share); }

std::string adjustedBy(Correction correction) {
  switch (correction) {
    case Correction::Holm:
      return "Holm";
    case Correction::BenjaminiHochberg:
      return "Benjamini and Hochberg";
    case Correction::None:
      return "";
  }
  return "";
}

void print(const StoreComparisons& all, const Options& options) {
  fmt::print("{}\n", all.title);
  constexpr auto kRight = Table::Align::Right;
  Table table({{"model"},
               {"config"},
               {"acc %", kRight},
               {"against"},
               {"acc %", kRight},
               {"difference", kRight},
               {fmt::format("{:g} %", options.percent), kRight},
               {"only it", kRight},
               {"only the other", kRight},
               {"p", kRight},
               {"adjusted", kRight},
               {"it is"}});
  for (const PointComparison& row : all.rows) {
    const PairedTest& t = row.test;
    const bool own = row.against.model == row.point.model;
    table.add({row.point.model, labelOf(row.point), formatPercent(row.point.accuracy),
               own ? labelOf(row.against) : row.against.model + " " + labelOf(row.against),
               formatPercent(row.against.accuracy), points(t.difference),
               fmt::format("{} to {}", points(t.lower), points(t.upper)),
               fmt::format("{}", t.onlySecond), fmt::format("{}", t.onlyFirst), probability(t.pMid),
               probability(t.pAdjusted), std::string(pairVerdictName(row.verdict))});
  }
  if (!table.empty()) table.print();
  fmt::print("{} comparison{}: {} better, {} worse, {} not told apart, {} tie{}{}\n",
             all.rows.size(), all.rows.size() == 1 ? "" : "s", all.count(PairVerdict::Better),
             all.count(PairVerdict::Worse), all.count(PairVerdict::NotToldApart),
             all.count(PairVerdict::Tie), all.count(PairVerdict::Tie) == 1 ? "" : "s",
             all.correction == Correction::None
                 ? std::string("; p values are not adjusted for their number")
                 : fmt::format("; p adjusted after {}", adjustedBy(all.correction)));
  fmt::print(
      "difference: of mean accuracies, in points, with its interval from a bootstrap over items; "
      "p: McNemar's test (mid-p) of the items that only one of the two got right\n");
  for (const std::string& note : all.notes) fmt::print("note: {}\n", note);
}

void printCsv(const std::vector<StoreComparisons>& all) {
  fmt::print(
      "scored,model,config,accuracy,against_model,against_config,against_accuracy,items,difference,"
      "se,lower,upper,only_this_right,only_against_right,p_exact,p_mid,p_bootstrap,p_adjusted,"
      "verdict\n");
  for (const StoreComparisons& one : all) {
    for (const PointComparison& row : one.rows) {
      const PairedTest& t = row.test;
      fmt::print("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", csvField(one.title),
                 csvField(row.point.model), csvField(labelOf(row.point)), row.point.accuracy,
                 csvField(row.against.model), csvField(labelOf(row.against)), row.against.accuracy,
                 t.items, t.difference, t.se, t.lower, t.upper, t.onlySecond, t.onlyFirst, t.pExact,
                 t.pMid, t.pBootstrap, t.pAdjusted, pairVerdictName(row.verdict));
    }
  }
}

int run(const Options& options, const JobContext& job) {
  CompareOptions compare = options.compare;
  compare.correction = parseCorrection(options.correction);
  compare.level = options.percent / 100;
  compare.threads = machineThreads();
  const Query query = openQuery(options.store, options.filter, "accuracy");
  const std::vector<StoreComparisons> all =
      storeComparisons(query.store, query.filter, compare, job);
  if (options.output.csv) {
    printCsv(all);
    return kOk;
  }
  return printEach(all, options.output.json, comparisonsToJson,
                   [&](const StoreComparisons& one) { print(one, options); });
}

}  // namespace

void addCompare(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "compare", "Test on the same items whether configurations differ in accuracy");
  addStoreOption(*command, options->store, "Store to read");
  command->add_option("--against", options->compare.against,
                      "Configuration of each model to compare its others with (the one with most "
                      "bits), or \"MODEL CONFIG\" to compare everything with");
  command
      ->add_option(
          "--correction", options->correction,
          "Of p values for their number: holm (no false finding), bh (few false ones among "
          "the findings) or none")
      ->capture_default_str();
  command->add_option("--level", options->percent, "Of intervals and verdicts, in percent")
      ->check(CLI::Range(50.0, 99.99))
      ->capture_default_str();
  command->add_option("--bootstrap", options->compare.replicates, "Replicates behind the intervals")
      ->check(CLI::Range(100, 10'000'000))
      ->capture_default_str();
  addOutputOptions(*command, options->output);
  addFilterOptions(*command, options->filter, true);
  command->callback([&context, options] {
    context.action = [&context, options] { return run(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli
