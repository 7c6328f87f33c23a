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
#include "core/law/export.h"
#include "core/law/scaling_law.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::filesystem::path store;
  FilterOptions filter;
  OutputOptions output;
  std::string by = "bits";
  std::string metric = "accuracy";
};

SeriesKey parseKey(const std::string& text) {
  if (text == "bits") return SeriesKey::Bits;
  if (text == "block") return SeriesKey::BlockSize;
  if (text == "type") return SeriesKey::DataType;
  if (text == "config") return SeriesKey::Config;
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("--by is bits, block, type or config, not \"{}\"", text));
}

std::string withError(const LawFit& fit, std::size_t index) {
  if (index >= fit.values.size() || !std::isfinite(fit.values[index])) return "";
  const double error = index < fit.standardErrors.size() ? fit.standardErrors[index] : NAN;
  if (!std::isfinite(error)) return fmt::format("{:.3g}", fit.values[index]);
  return fmt::format("{:.3g} \u00b1 {:.1g}", fit.values[index], error);
}

void printTable(const std::vector<LawFit>& fits, LawMetric metric) {
  fmt::print("{}; b = total model bits, b0 = geometric mean of the series\n", lawFormula(metric));
  constexpr auto kRight = Table::Align::Right;
  Table table({{"family"},
               {"series"},
               {"points", kRight},
               {"c", kRight},
               {"a", kRight},
               {"alpha", kRight},
               {"b0", kRight},
               {"R\u00b2", kRight},
               {"note"}});
  for (const LawFit& fit : fits) {
    table.add({fit.family, fit.label, fmt::format("{}", fit.n), withError(fit, 0),
               withError(fit, 1), withError(fit, 2), fit.usable ? formatBits(fit.b0) : "",
               fit.usable ? formatPlain(fit.r2, 4) : "", fit.note});
  }
  table.print();
}

int fitLaws(const Options& options, const JobContext& job) {
  const RunFilter filter = options.filter.filter();
  const SeriesKey key = parseKey(options.by);
  FitOptions fitOptions;
  fitOptions.metric = parseMetric(options.metric);
  const RunStore store = openForReading(options.store);
  std::vector<LawPoint> points = store.points(filter);
  std::erase_if(points, [&](const LawPoint& point) {
    return !std::isfinite(fitOptions.metric == LawMetric::Accuracy ? point.accuracy
                                                                   : point.crossEntropy);
  });
  if (points.empty()) {
    throw Error(ErrorKind::NotFound, fmt::format("store {} has no {} points that match",
                                                 options.store.string(), options.metric));
  }
  std::vector<LawFit> fits;
  for (const LawSeries& series : makeSeries(points, key)) {
    fits.push_back(fitLaw(series, fitOptions, job));
  }
  if (options.output.json) {
    fmt::print("{}\n", lawsToJson(fits).dump(2));
  } else if (options.output.csv) {
    fmt::print("{}", lawsToCsv(fits));
  } else {
    printTable(fits, fitOptions.metric);
  }
  return kOk;
}

}  // namespace

void addFit(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("fit", "Fit scaling laws in total model bits");
  addStoreOption(*command, options->store, "Store to read");
  command->add_option("--by", options->by, "One law for each bits, block, type or config")
      ->capture_default_str();
  command->add_option("--metric", options->metric, "accuracy or cross-entropy")
      ->capture_default_str();
  addFilterOptions(*command, options->filter, true);
  addOutputOptions(*command, options->output);
  command->callback([&context, options] {
    context.action = [&context, options] { return fitLaws(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli
