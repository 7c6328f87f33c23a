// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/fit/curve_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <string_view>

#include "app/cli/fit/fit_report.h"
#include "app/cli/options.h"
#include "app/cli/table.h"
#include "core/law/text/series_text.h"

namespace bitfrontier::cli {
namespace {

constexpr auto kRight = Table::Align::Right;

/// The law's value in the middle of a series, with its 95 % interval.
std::string middleOf(const LawCurve& curve, LawMetric metric) {
  if (curve.inside.empty()) return "";
  const CurvePoint& p = curve.inside[curve.inside.size() / 2];
  const auto shown = [&](double value) {
    return metric == LawMetric::Accuracy ? formatPlain(100 * value, 1) : formatPlain(value, 3);
  };
  if (!std::isfinite(p.lower)) return shown(p.value);
  return fmt::format("{} ({} to {})", shown(p.value), shown(p.lower), shown(p.upper));
}

std::string rangeOf(const LawCurve& curve) {
  const auto& bits = curve.means.totalBits;
  if (bits.empty()) return "";
  return bits.size() == 1
             ? formatBits(bits.front())
             : fmt::format("{} to {}", formatBits(bits.front()), formatBits(bits.back()));
}

void printCurves(const ChosenResult& result, LawMetric metric) {
  Table table({{"series"},
               {"points", kRight},
               {"drawn by"},
               {"total bits", kRight},
               {metric == LawMetric::Accuracy ? "accuracy in the middle, % (95 %)"
                                              : "cross-entropy in the middle (95 %)",
                kRight},
               {"R\u00b2", kRight},
               {"note"}});
  for (const LawCurve& c : result.curves) {
    const std::string& reason = result.choice.reason;
    table.add({c.series.label, fmt::format("{}", c.series.points.size()), std::string(c.name()),
               rangeOf(c), middleOf(c, metric), c.law ? formatPlain(c.r2, 3) : "",
               c.note == reason ? "" : c.note});
  }
  table.print();
}

std::string withError(const PowerLaw& law, std::size_t k) {
  if (!std::isfinite(law.standardErrors[k])) return fmt::format("{:.3g}", law.values[k]);
  return fmt::format("{:.3g} \u00b1 {:.1g}", law.values[k], law.standardErrors[k]);
}

std::string interval(const BootstrapParameter& p) {
  if (!p.printable) return fmt::format("at a bound in {:.0f} %", 100 * p.atBound);
  return fmt::format("{:.3g} to {:.3g}", p.lower, p.upper);
}

/// Refusals first.
std::string noteOf(const JointFit& fit) {
  std::vector<LawRemark> remarks = fit.remarks;
  std::stable_sort(remarks.begin(), remarks.end(),
                   [](const LawRemark& a, const LawRemark& b) { return a.refusal > b.refusal; });
  return (fit.usable ? "" : "refused: ") + joinRemarks(remarks);
}

}  // namespace

void printChosen(std::span<const ChosenResult> results, LawMetric metric) {
  for (const ChosenResult& result : results) {
    const JointFit* law = result.choice.law();
    const bool alone = std::any_of(result.curves.begin(), result.curves.end(),
                                   [](const LawCurve& c) { return c.law != nullptr; });
    const bool curves = std::any_of(result.curves.begin(), result.curves.end(),
                                    [](const LawCurve& c) { return c.means.values.size() > 1; });
    fmt::print("{}: {}\n", result.title,
               law != nullptr ? law->form->info().title
               : alone        ? std::string_view("no law of all series together")
               : curves       ? std::string_view("no law; the curves are interpolated")
                              : std::string_view("no law: points only"));
    fmt::print("{}{}\n", law == nullptr ? "why: " : "", result.choice.reason);
    if (law != nullptr) {
      fmt::print("{} points of {} sizes; weights: {}; {} {}\n", law->n, law->sizes,
                 weightingName(law->weighting),
                 law->weighting == Weighting::Equal ? "residual scatter" : "lack of fit",
                 amountOf(law->tau, metric));
    }
    printCurves(result, metric);
    fmt::print("\n");
  }
}

void printSeries(std::span<const SeriesResult> results, LawMetric metric, bool refusedNumbers) {
  fmt::print("{}; b = total model bits, b0 = geometric mean of the series\n", lawFormula(metric));
  std::vector<Table::Column> columns{{"family"},     {"series"},         {"points", kRight},
                                     {"c", kRight},  {"a", kRight},      {"alpha", kRight},
                                     {"b0", kRight}, {"R\u00b2", kRight}};
  const bool bootstrap = std::any_of(results.begin(), results.end(),
                                     [](const SeriesResult& r) { return r.bootstrap.has_value(); });
  if (bootstrap) {
    for (const char* name : {"c 95 %", "a 95 %", "alpha 95 %"}) columns.push_back({name, kRight});
  }
  columns.push_back({"note"});
  Table table(columns);
  for (const SeriesResult& r : results) {
    const JointFit& fit = r.law.fit;
    const auto law = powerLawOf(fit);
    const bool shown = law && (fit.usable || refusedNumbers);
    std::vector<std::string> row{r.law.series.family, r.law.series.label, fmt::format("{}", fit.n)};
    for (std::size_t k = 0; k < 3; ++k) row.push_back(shown ? withError(*law, k) : "");
    row.push_back(shown ? formatBits(law->b0) : "");
    row.push_back(shown ? formatPlain(fit.r2, 4) : "");
    for (std::size_t k = 0; bootstrap && k < 3; ++k) {
      row.push_back(shown && r.bootstrap && k < r.bootstrap->parameters.size()
                        ? interval(r.bootstrap->parameters[k])
                        : "");
    }
    row.push_back(noteOf(fit));
    table.add(row);
  }
  table.print();
  std::set<std::string> said;
  for (const SeriesResult& r : results) {
    if (!r.bootstrap || r.bootstrap->replicates == 0) continue;
    if (!said.insert(r.resampling).second) continue;
    fmt::print("{} replicates; {}\n", r.bootstrap->replicates + r.bootstrap->failed, r.resampling);
  }
}

}  // namespace bitfrontier::cli
