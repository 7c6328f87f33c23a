// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/widths.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "core/law/data/point_errors.h"

namespace bitfrontier {
namespace {

/// Draws of the points' metric: over items when they are paired, else independent.
Draws pointDraws(const FamilyRuns& family, LawMetric metric, std::size_t draws, std::uint64_t seed,
                 OptimalWidths& result) {
  if (metric == LawMetric::Accuracy && family.items) {
    return resampleItems(*family.items, draws, seed);
  }
  std::vector<double> values;
  for (const LawPoint& p : family.points) values.push_back(metricOf(p, metric));
  const PointErrors errors = pointErrors(family.points, metric);
  if (!errors.note().empty()) result.notes.push_back(errors.note());
  result.errorsKnown = errors.known();
  return normalDraws(values, errors.values, draws, seed);
}

/// The law's curves, and what was measured of formats that it does not describe.
FormatCurves curvesOf(const FamilyRuns& family, LawMetric metric, std::size_t draws,
                      std::uint64_t seed, OptimalWidths& result) {
  std::set<std::string> described;
  for (const LawFormat& format : result.mixture.laws.front().fit().context.formats) {
    described.insert(format.label);
  }
  std::vector<LawPoint> others = family.points;
  bool any = false;
  for (LawPoint& p : others) {
    if (described.contains(seriesLabel(p, SeriesKey::Config))) {
      p.accuracy = p.crossEntropy = LawPoint::kAbsent;
    } else {
      any = true;
    }
  }
  FormatCurves law = lawCurves(result.mixture, draws, seed);
  if (!any) return law;
  Draws measured = pointDraws(family, metric, draws, seed + 1, result);
  result.errorsKnown = true;  // the law's scatter tells them
  return joinCurves(std::move(law),
                    interpolatedCurves(others, metric, SeriesKey::Config, std::move(measured)));
}

void describe(const FormatCurves& curves, OptimalWidths& result) {
  const auto choices = chooseFormats(curves, budgetGrid(curves, 2), Rivals::Fitting);
  std::map<int, WidthShare, std::greater<>> shares;
  for (const FormatCurve& curve : curves.formats) shares[curve.bits].bits = curve.bits;
  for (const BudgetChoice& choice : choices) {
    const BudgetChoice one = byBits(choice, curves);
    if (!one.contested()) continue;
    ++result.budgets;
    shares[static_cast<int>(one.best)].share += 1;
    for (const FormatChance& f : one.formats) {
      shares[static_cast<int>(f.format)].probability += f.probability;
    }
  }
  for (auto& [bits, share] : shares) {
    if (result.budgets > 0) {
      share.share /= result.budgets;
      share.probability /= result.budgets;
    }
    result.widths.push_back(share);
  }
  // Ranges on a finer grid, so that their ends mean something.
  for (const BudgetChoice& choice : chooseFormats(curves, budgetGrid(curves, 8), Rivals::Fitting)) {
    result.grid.push_back(byBits(choice, curves));
  }
  result.ranges = optimalRanges(result.grid);
  for (const Crossing& c : crossings(curves, choices)) {
    if (!std::isfinite(c.totalBits)) continue;             // a format that ends is no crossing
    if (!(c.low > 0) && !std::isfinite(c.high)) continue;  // it could be anywhere
    const auto bits = [](double b) {
      return std::isfinite(b) && b > 0 ? fmt::format("{:.3g}", b) : std::string("open");
    };
    result.crossings.push_back(
        fmt::format("{} is better below and {} above {} total bits (95 %: {} to {})",
                    curves.formats[c.small].label, curves.formats[c.large].label, bits(c.totalBits),
                    bits(c.low), bits(c.high)));
  }
}

/// Without standard errors draws are what was measured: they tell nothing of how sure that is.
void withdrawProbabilities(OptimalWidths& result) {
  result.notes.emplace_back(
      "no point has a standard error: what is best is best as measured, and how sure that is is "
      "not known");
  for (WidthShare& w : result.widths) w.probability = LawPoint::kAbsent;
  for (BudgetChoice& choice : result.grid) {
    for (FormatChance& f : choice.formats) f.probability = LawPoint::kAbsent;
    if (choice.contested()) choice.verdict = Verdict::Undecided;
  }
  for (OptimalRange& r : result.ranges) {
    r.lowest = LawPoint::kAbsent;
    r.verdict = Verdict::Undecided;
  }
  result.crossings.clear();
}

}  // namespace

OptimalWidths optimalWidths(const FamilyRuns& family, LawMetric metric, std::size_t draws,
                            std::uint64_t seed, const JobContext& job, const std::string& noLaw) {
  OptimalWidths result;
  result.title = family.title();
  result.metric = metric;
  JointOptions law;
  law.metric = metric;
  law.covariance = metric == LawMetric::Accuracy ? family.covariance : std::nullopt;
  std::string why = noLaw;
  if (noLaw.empty()) result.mixture = fitMixture(family.points, law, why, job);
  job.throwIfCancelled();
  if (result.mixture.empty()) {
    result.curves = fmt::format("interpolation between sizes: {}", why);
    describe(interpolatedCurves(family.points, metric, SeriesKey::Config,
                                pointDraws(family, metric, draws, seed, result)),
             result);
    if (!result.errorsKnown) withdrawProbabilities(result);
  } else {
    result.curves = fmt::format("law {}", result.mixture.describe());
    describe(curvesOf(family, metric, draws, seed, result), result);
    if (const std::string left = result.mixture.describeLeftOut(metric); !left.empty()) {
      result.notes.push_back(left);
    }
  }
  return result;
}

std::vector<std::string> rangeSentences(const OptimalWidths& widths) {
  std::vector<std::string> sentences;
  for (const OptimalRange& r : widths.ranges) {
    const std::string where =
        r.fromBits == r.toBits
            ? fmt::format("at {:.3g} total bits", r.fromBits)
            : fmt::format("from {:.3g} to {:.3g} total bits", r.fromBits, r.toBits);
    if (!widths.errorsKnown) {
      sentences.push_back(fmt::format("{} bit is best as measured {}", r.best, where));
      continue;
    }
    const std::string sure = r.lowest >= 0.995        ? "P > 0.99"
                             : r.fromBits == r.toBits ? fmt::format("P {:.2f}", r.lowest)
                                                      : fmt::format("P {:.2f} or more", r.lowest);
    switch (r.verdict) {
      case Verdict::Optimal:
      case Verdict::Probably:
        sentences.push_back(fmt::format("{} bit is {}optimal {} ({})", r.best,
                                        r.verdict == Verdict::Probably ? "probably " : "", where,
                                        sure));
        break;
      default:
        sentences.push_back(fmt::format(
            "{} bit has the best estimate {}, but that is not decided ({})", r.best, where, sure));
    }
  }
  return sentences;
}

}  // namespace bitfrontier
