// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/fit/fit_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "app/cli/table.h"
#include "core/law/fit/influence.h"
#include "core/store/import/csv.h"

namespace bitfrontier::cli {

std::string number(double value) {
  if (!std::isfinite(value)) return "";
  return fmt::format("{:.4g}", value);
}

std::string amountOf(double value, LawMetric metric) {
  return metric == LawMetric::Accuracy ? fmt::format("{:.3g} points", 100 * value)
                                       : fmt::format("{:.3g} nats", value);
}

namespace {

constexpr auto kRight = Table::Align::Right;

void printParameters(const LawResult& result) {
  std::vector<Table::Column> columns{{"parameter"}, {"value", kRight}, {"\u00b1", kRight}};
  columns.push_back({result.profiles.empty() ? "95 %" : "profile 95 %", kRight});
  if (result.bootstrap) columns.push_back({"bootstrap 95 %", kRight});
  columns.insert(columns.end(), {{"unit"}, {"meaning"}});
  Table table(columns);
  for (std::size_t k = 0; k < result.fit.parameters.size(); ++k) {
    const FittedParameter& p = result.fit.parameters[k];
    std::vector<std::string> row{p.name, number(p.value), p.held ? "held" : number(p.se)};
    if (p.atBound) row[2] = "at bound";
    std::string interval;
    const double half = waldHalfWidth(result.fit, k, 0.95);
    if (result.profiles.empty() && std::isfinite(half)) {
      interval = fmt::format("{} to {}", number(p.value - half), number(p.value + half));
    }
    for (const ProfileInterval& i : result.profiles) {
      if (i.name != p.name) continue;
      interval = fmt::format("{} to {}", i.closedBelow ? number(i.lower) : "?",
                             i.closedAbove ? number(i.upper) : "?");
    }
    row.push_back(interval);
    if (result.bootstrap) {
      std::string text;
      for (const BootstrapParameter& b : result.bootstrap->parameters) {
        if (b.name != p.name) continue;
        text = b.printable ? fmt::format("{} to {}", number(b.lower), number(b.upper))
                           : fmt::format("at a bound in {:.0f} %", 100 * b.atBound);
      }
      row.push_back(text);
    }
    row.insert(row.end(), {p.unit, p.meaning});
    table.add(row);
  }
  for (const DerivedQuantity& d : result.fit.derived) {
    std::vector<std::string> row{d.name, number(d.value), number(d.se)};
    row.resize(columns.size() - 1);
    row.push_back(d.meaning);
    table.add(row);
  }
  table.print();
}

/// Effective size and what it is worth per bit, for laws with horizontal shifts.
void printFormats(const JointFit& fit) {
  if (fit.form->info().name != "J1" || fit.axis != LawAxis::Parameters) return;
  const double referenceBits = fit.context.formats[0].bitsPerParameter;
  Table table({{"format"},
               {"bits/parameter", kRight},
               {"rho", kRight},
               {"rho per bit", kRight},
               {"doublings won", kRight}});
  for (std::size_t f = 0; f < fit.context.formats.size(); ++f) {
    const LawFormat& format = fit.context.formats[f];
    const double shift = f == 0 ? 0 : fit.parameters[2 + f].value;
    const double doublings =
        std::log2(referenceBits / format.bitsPerParameter) + shift / std::numbers::ln2;
    table.add({format.label, number(format.bitsPerParameter),
               fmt::format("{:.3f}", std::exp(shift)),
               fmt::format("{:.4f}", std::exp(shift) / format.bitsPerParameter),
               fmt::format("{:+.2f}", doublings)});
  }
  fmt::print("rho: a model in this format counts like one of rho times its size; {}\n",
             fit.usable ? "the largest rho per bit wins at every budget"
                        : "the law is refused, so nothing is chosen by it");
  table.print();
}

/// The fit beside a robust one and one without the points that do not fit.
void printRefits(const JointFit& fit, const OutlierRefits& refits) {
  const auto value = [](const JointFit& refit, const std::string& name) {
    const auto k = refit.find(name);
    return k ? number(refit.parameters[*k].value) : std::string();
  };
  fmt::print("the same law by a robust (Huber) fit and without the points named above:\n");
  Table table({{"parameter"}, {"all points", kRight}, {"robust", kRight}, {"without", kRight}});
  for (const FittedParameter& p : fit.parameters) {
    table.add(
        {p.name, number(p.value), value(refits.robust, p.name), value(refits.without, p.name)});
  }
  table.print();
  if (!refits.without.usable) {
    std::vector<LawRemark> refusals = refits.without.remarks;
    std::erase_if(refusals, [](const LawRemark& r) { return !r.refusal; });
    fmt::print("without them the law is still refused: {}\n", joinRemarks(refusals));
  }
}

}  // namespace

void printFit(const LawResult& result, bool refusedNumbers) {
  const JointFit& fit = result.fit;
  const bool accuracy = fit.context.metric == LawMetric::Accuracy;
  const LawFormInfo& info = fit.form->info();
  fmt::print("{}: {}\n", result.title, info.title);
  if (!fit.parameters.empty()) {
    const std::string origin =
        info.needsCrossEntropy
            ? "L = cross-entropy"
            : fmt::format("{} = {:.4g}", fit.axis == LawAxis::Parameters ? "N0" : "b0",
                          fit.context.size0);
    fmt::print("{} = {}; {}\n",
               info.ofError && accuracy ? "1 - accuracy" : lawMetricName(fit.context.metric),
               info.formula, origin);
    fmt::print(
        "{} points of {} sizes; weights: {}; {}{}; {} of {} starts ended here; condition "
        "{:.3g}{}\n",
        fit.n, fit.sizes, weightingName(fit.weighting),
        fit.weighting == Weighting::Equal ? "residual scatter "
        : fit.tauEstimated                ? "lack of fit "
                                          : "lack of fit held at ",
        amountOf(fit.tau, fit.context.metric), fit.agreed, fit.starts, fit.condition,
        std::isfinite(fit.aicc) ? fmt::format("; AICc {:.1f}", fit.aicc) : "");
    if (fit.usable || refusedNumbers) {
      printParameters(result);
      printFormats(fit);
    }
  }
  printRemarks(fit.remarks);
  printRemarks(judgeProfiles(result.profiles));
  if (result.bootstrap) {
    fmt::print("bootstrap over {}: {} replicates\n", resamplingName(result.bootstrap->resampling),
               result.bootstrap->replicates);
    printRemarks(result.bootstrap->remarks);
  }
  if (result.refits && (fit.usable || refusedNumbers)) printRefits(fit, *result.refits);
  if (result.described) {
    const auto& [fits, leftOut] = *result.described;
    std::vector<std::string> names;
    names.reserve(leftOut.size());
    for (const LeftOutFormat& l : leftOut) names.push_back(l.format);
    std::string formats = fmt::format("{}", fmt::join(names, ","));
    if (formats.find(' ') != std::string::npos) formats = '"' + formats + '"';  // for the shell
    fmt::print("without {} the law describes the rest with a lack of fit of {}: --without {}\n",
               listLeftOut(leftOut, fit.context.metric),
               amountOf(fits.front().tau, fit.context.metric), formats);
  }
}

void printInfluence(const JointFit& fit) {
  constexpr std::size_t kShown = 10;
  const std::vector<PointInfluence> all = influences(fit);
  const std::vector<ExclusionHint> hints = exclusionHints(fit);
  if (all.empty()) return;
  fmt::print("points that move the law most (residual in standard deviations):\n");
  Table table({{"model"},
               {"format"},
               {"residual", kRight},
               {"leverage", kRight},
               {"Cook's distance", kRight}});
  for (std::size_t i = 0; i < std::min(kShown, all.size()); ++i) {
    const FittedPoint& p = fit.points[all[i].fitted];
    table.add({p.model, fit.context.formats[p.row.format].label,
               fmt::format("{:+.2f}", all[i].standardised), fmt::format("{:.2f}", all[i].leverage),
               fmt::format("{:.3f}", all[i].cook)});
  }
  table.print();
  for (const ExclusionHint& hint : hints) {
    const FittedPoint& p = fit.points[hint.influence.fitted];
    fmt::print("worth a look: {} {} {}\n", p.model, fit.context.formats[p.row.format].label,
               hint.reason);
  }
  if (hints.empty()) {
    fmt::print("{}\n",
               fit.usable ? "no point stands out" : "the law is refused, so no point is suggested");
  }
}

void printRemarks(std::span<const LawRemark> remarks) {
  for (const LawRemark& r : remarks) {
    fmt::print("{}{}\n", r.refusal ? "refused: " : "note: ", r.text);
  }
}

std::string csvOf(std::span<const LawResult> results) {
  std::string csv = "family,law,metric,parameter,value,se,lower,upper,unit,at_bound,usable\n";
  for (const LawResult& r : results) {
    for (std::size_t k = 0; k < r.fit.parameters.size(); ++k) {
      const FittedParameter& p = r.fit.parameters[k];
      const double half = waldHalfWidth(r.fit, k, 0.95);
      double lower = p.value - half, upper = p.value + half;
      for (const ProfileInterval& i : r.profiles) {
        if (i.name != p.name) continue;
        lower = i.lower;
        upper = i.upper;
      }
      const auto cell = [](double v) { return std::isfinite(v) ? fmt::format("{}", v) : ""; };
      csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{}\n", csvField(r.title),
                         r.fit.form->info().name, lawMetricName(r.fit.context.metric),
                         csvField(p.name), cell(p.value), cell(p.se), cell(lower), cell(upper),
                         csvField(p.unit), p.atBound, r.fit.usable);
    }
  }
  return csv;
}

}  // namespace bitfrontier::cli
