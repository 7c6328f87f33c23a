// SPDX-License-Identifier: GPL-3.0-or-later
// `bitfrontier fit` without --law: a power law of its own for each series.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/fit/fit.h"
#include "app/cli/table.h"
#include "core/base/error.h"
#include "core/law/data/point_errors.h"
#include "core/law/data/scaling_law.h"
#include "core/law/inference/law_bootstrap.h"
#include "core/law/numeric/counter_rng.h"
#include "core/law/text/export.h"
#include "core/law/text/joint_json.h"
#include "core/store/outcomes.h"

namespace bitfrontier::cli {
namespace {

SeriesKey parseKey(const std::string& text) {
  if (text.empty() || text == "bits") return SeriesKey::Bits;
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

std::string interval(const SeriesBootstrap& b, std::size_t index) {
  if (b.replicates == 0) return "";
  const BootstrapParameter& p = b.parameters[index];
  if (!p.printable) return fmt::format("at a bound in {:.0f} %", 100 * p.atBound);
  return fmt::format("{:.3g} to {:.3g}", p.lower, p.upper);
}

void printTable(const std::vector<LawFit>& fits, const std::vector<SeriesBootstrap>& bootstraps,
                LawMetric metric, bool refused) {
  fmt::print("{}; b = total model bits, b0 = geometric mean of the series\n", lawFormula(metric));
  constexpr auto kRight = Table::Align::Right;
  std::vector<Table::Column> columns{{"family"},     {"series"},         {"points", kRight},
                                     {"c", kRight},  {"a", kRight},      {"alpha", kRight},
                                     {"b0", kRight}, {"R\u00b2", kRight}};
  if (!bootstraps.empty()) {
    for (const char* name : {"c 95 %", "a 95 %", "alpha 95 %"}) columns.push_back({name, kRight});
  }
  columns.push_back({"note"});
  Table table(columns);
  for (std::size_t i = 0; i < fits.size(); ++i) {
    const LawFit& fit = fits[i];
    const bool shown = fit.usable || refused;
    std::vector<std::string> row{fit.family,
                                 fit.label,
                                 fmt::format("{}", fit.n),
                                 shown ? withError(fit, 0) : "",
                                 shown ? withError(fit, 1) : "",
                                 shown ? withError(fit, 2) : "",
                                 fit.usable ? formatBits(fit.b0) : "",
                                 fit.usable ? formatPlain(fit.r2, 4) : ""};
    for (std::size_t k = 0; !bootstraps.empty() && k < 3; ++k) {
      row.push_back(shown ? interval(bootstraps[i], k) : "");
    }
    row.push_back(fit.usable ? fit.note : "refused: " + fit.note);
    table.add(row);
  }
  table.print();
}

/// Replicates of the points of every series: over items where the outcomes are there and paired,
/// else independent normal ones. One set of items serves all series of a source and item limit.
std::vector<std::vector<float>> replicatesOf(const RunStore& store,
                                             const std::vector<LawSeries>& series,
                                             const BootstrapOptions& options, const JobContext& job,
                                             std::string& how) {
  std::map<std::pair<std::string, std::int64_t>, std::vector<std::pair<std::size_t, std::size_t>>>
      groups;
  std::vector<std::vector<float>> values(series.size());
  for (std::size_t s = 0; s < series.size(); ++s) {
    values[s].resize(options.replicates * series[s].points.size());
    for (std::size_t i = 0; i < series[s].points.size(); ++i) {
      groups[{series[s].source, series[s].points[i].itemLimit}].emplace_back(s, i);
    }
  }
  for (const auto& [key, places] : groups) {
    std::vector<LawPoint> points;
    for (const auto& [s, i] : places) points.push_back(series[s].points[i]);
    const PointOutcomes outcomes = readOutcomes(store, points);
    std::vector<float> accuracy;
    if (outcomes.items) {
      accuracy = resampleAccuracies(*outcomes.items, options.replicates, options.seed,
                                    options.weights, options.threads, job);
      how = "bootstrap over items, the same for all configurations";
    } else {
      if (how.empty()) how = "bootstrap by independent standard errors: " + outcomes.problem;
      accuracy.resize(options.replicates * points.size());
      const PointErrors errors = pointErrors(points, LawMetric::Accuracy);
      for (std::size_t r = 0; r < options.replicates; ++r) {
        CounterRng rng(options.seed, r);
        for (std::size_t i = 0; i < points.size(); ++i) {
          accuracy[r * points.size() + i] =
              static_cast<float>(points[i].accuracy + errors.values[i] * rng.normal());
        }
      }
    }
    for (std::size_t place = 0; place < places.size(); ++place) {
      const auto [s, i] = places[place];
      for (std::size_t r = 0; r < options.replicates; ++r) {
        values[s][r * series[s].points.size() + i] = accuracy[r * places.size() + place];
      }
    }
  }
  return values;
}

}  // namespace

int fitSeries(const FitCommand& command, const JobContext& job) {
  const SeriesKey key = parseKey(command.by);
  FitOptions fitOptions;
  fitOptions.metric = parseMetric(command.metric);
  if (command.bootstrap > 0 && fitOptions.metric != LawMetric::Accuracy) {
    throw Error(ErrorKind::InvalidArgument,
                "--bootstrap of the series' laws is of accuracy; use --law power for "
                "cross-entropy");
  }
  const RunStore store = openForReading(command.store);
  const std::vector<LawPoint> points = pointsOf(command, store, fitOptions.metric);
  const std::vector<LawSeries> series = makeSeries(points, key, fitOptions.metric);
  std::vector<LawFit> fits;
  fits.reserve(series.size());
  for (const LawSeries& s : series) fits.push_back(fitLaw(s, fitOptions, job));
  std::vector<SeriesBootstrap> bootstraps;
  std::string how;
  if (command.bootstrap > 0) {
    BootstrapOptions options;
    options.replicates = command.bootstrap;
    options.threads = threadsOf(command);
    const auto values = replicatesOf(store, series, options, job, how);
    bootstraps = bootstrapSeries(series, fits, values, options, job);
  }
  nlohmann::json laws = lawsToJson(fits);
  for (std::size_t s = 0; s < bootstraps.size(); ++s) {
    BootstrapResult summary;
    summary.replicates = bootstraps[s].replicates;
    summary.failed = bootstraps[s].failed;
    if (summary.replicates > 0) {
      summary.parameters.assign(std::begin(bootstraps[s].parameters),
                                std::end(bootstraps[s].parameters));
    }
    laws[s]["bootstrap"] = toJson(summary);
    laws[s]["bootstrap"]["resampling"] = how;
  }
  std::vector<PortableLaw> portable;
  for (std::size_t s = 0; s < fits.size(); ++s) {
    if (fits[s].values.empty()) continue;
    portable.push_back(portableLaw(fits[s], series[s]));
    addExpressions(portable.back(), laws[s]);
  }
  writeExports(command, std::move(portable), laws);
  if (command.output.json) {
    fmt::print("{}\n", laws.dump(2));
  } else if (command.output.csv) {
    fmt::print("{}", lawsToCsv(fits));
  } else {
    printTable(fits, bootstraps, fitOptions.metric, command.refused);
    if (!how.empty()) fmt::print("{} replicates; {}\n", command.bootstrap, how);
  }
  // Two sizes have no law, but the interpolated curve.
  requireLaw(std::any_of(series.begin(), series.end(),
                         [&](const LawSeries& s) {
                           return piecewiseLinear(s, fitOptions.metric).values.size() >= 2;
                         }),
             fits.empty() ? "no series" : fits[0].note);
  return kOk;
}

}  // namespace bitfrontier::cli
