// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/widths.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "core/law/data/point_errors.h"
#include "core/law/decide/law_mixture.h"

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

constexpr double kRounding = 1e-9;  // of budgets, relative

std::vector<MeasuredWidth> measuredWidths(const FormatCurves& curves) {
  std::map<int, MeasuredWidth, std::greater<>> widths;
  for (const FormatCurve& curve : curves.formats) {
    const auto [it, added] =
        widths.try_emplace(curve.bits, MeasuredWidth{curve.bits, curve.minBits, curve.maxBits});
    if (added) continue;
    it->second.from = std::min(it->second.from, curve.minBits);
    it->second.to = std::max(it->second.to, curve.maxBits);
  }
  std::vector<MeasuredWidth> all;
  for (const auto& [bits, width] : widths) all.push_back(width);
  return all;
}

/// Widths with a format that is measured on both sides of the budget.
std::set<int> widthsAt(const FormatCurves& curves, double budget) {
  std::set<int> widths;
  for (const FormatCurve& curve : curves.formats) {
    if (curve.minBits < curve.maxBits && budget >= curve.minBits * (1 - kRounding) &&
        budget <= curve.maxBits * (1 + kRounding)) {
      widths.insert(curve.bits);
    }
  }
  return widths;
}

/// Whether enough widths are measured at a budget to compare their curves: three, or all of which
/// some model fits.
bool comparableAt(const FormatCurves& curves, double budget) {
  std::set<int> fitting;
  for (const FormatCurve& curve : curves.formats) {
    const bool fits = budget >= curve.minBits * (1 - kRounding);
    if (fits && curve.minBits < curve.maxBits) fitting.insert(curve.bits);
  }
  const std::size_t measured = widthsAt(curves, budget).size();
  return measured >= 3 || (measured == 2 && fitting.size() == 2);
}

std::vector<BudgetChoice> choose(const FormatCurves& curves, int perOctave, const JobContext& job) {
  std::vector<BudgetChoice> choices;
  for (const double budget : budgetGrid(curves, perOctave)) {
    const double one[] = {budget};
    choices.push_back(
        chooseFormats(curves, one,
                      comparableAt(curves, budget) ? Rivals::Fitting : Rivals::Measured, job)
            .front());
  }
  return choices;
}

void describe(const FormatCurves& curves, OptimalWidths& result, const JobContext& job) {
  result.measured = measuredWidths(curves);
  std::vector<BudgetChoice> compared = choose(curves, 2, job);
  std::erase_if(compared,
                [&](const BudgetChoice& c) { return !comparableAt(curves, c.totalBits); });
  std::map<int, WidthShare, std::greater<>> shares;
  for (const FormatCurve& curve : curves.formats) shares[curve.bits].bits = curve.bits;
  for (const BudgetChoice& choice : compared) {
    const BudgetChoice one = byBits(choice, curves);
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
  for (const BudgetChoice& choice : choose(curves, 8, job)) {
    result.grid.push_back(byBits(choice, curves));
  }
  for (const OptimalRange& range : optimalRanges(result.grid)) {
    WidthRange& one = result.ranges.emplace_back(WidthRange{range});
    for (const BudgetChoice& at : result.grid) {
      const bool within = at.totalBits >= one.fromBits && at.totalBits <= one.toBits;
      one.curves = one.curves || (within && comparableAt(curves, at.totalBits));
    }
  }
  for (const Crossing& c : crossings(curves, compared)) {
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

bool cannotBeToldFromChance(std::span<const LawPoint> points) {
  if (points.empty()) return false;
  const double level = 0.05 / static_cast<double>(points.size());
  const double least = boost::math::quantile(boost::math::complement(boost::math::normal(), level));
  return std::all_of(points.begin(), points.end(), [least](const LawPoint& p) {
    const bool known = std::isfinite(p.accuracy) && std::isfinite(p.chance) && p.accuracySe > 0;
    return known && p.accuracy - p.chance <= least * p.accuracySe;
  });
}

OptimalWidths optimalWidths(const FamilyRuns& family, LawMetric metric, std::size_t draws,
                            std::uint64_t seed, const JobContext& job, const std::string& noLaw) {
  // Of tens of thousands of points fewer draws, which are held at once.
  constexpr std::size_t kFewest = 400, kMostDrawn = 20'000'000;
  draws = std::min(draws,
                   std::max(kFewest, kMostDrawn / std::max<std::size_t>(family.points.size(), 1)));
  OptimalWidths result;
  result.title = family.title();
  result.metric = metric;
  result.atChance = metric == LawMetric::Accuracy && cannotBeToldFromChance(family.points);
  if (result.atChance) {
    result.notes.emplace_back(
        "no model can be told from guessing, so which width is best means nothing");
  }
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
             result, job);
    if (!result.errorsKnown) withdrawProbabilities(result);
  } else {
    result.curves = fmt::format("law {}", result.mixture.describe());
    describe(curvesOf(family, metric, draws, seed, result), result, job);
    if (const std::string left = result.mixture.describeLeftOut(metric); !left.empty()) {
      result.notes.push_back(left);
    }
  }
  return result;
}

}  // namespace bitfrontier
