// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/widths.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <map>

namespace bitfrontier {
namespace {

/// Draws of the points' metric: over items when they are paired, else independent.
Draws pointDraws(const FamilyRuns& family, LawMetric metric, std::size_t draws,
                 std::uint64_t seed) {
  if (metric == LawMetric::Accuracy && family.items) {
    return resampleItems(*family.items, draws, seed);
  }
  std::vector<double> values, errors;
  for (const LawPoint& p : family.points) {
    values.push_back(metricOf(p, metric));
    errors.push_back(metricSeOf(p, metric));
  }
  return normalDraws(values, errors, draws, seed);
}

void describe(const FormatCurves& curves, OptimalWidths& result) {
  const auto choices = chooseFormats(curves, budgetGrid(curves, 2));
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
  for (const BudgetChoice& choice : chooseFormats(curves, budgetGrid(curves, 8))) {
    result.grid.push_back(byBits(choice, curves));
  }
  result.ranges = optimalRanges(result.grid);
  for (const Crossing& c : crossings(curves, choices)) {
    if (!std::isfinite(c.totalBits)) continue;  // a format that ends is no crossing
    const auto bits = [](double b) {
      return std::isfinite(b) && b > 0 ? fmt::format("{:.3g}", b) : std::string("open");
    };
    result.crossings.push_back(
        fmt::format("{} is better below and {} above {} total bits (95 %: {} to {})",
                    curves.formats[c.small].label, curves.formats[c.large].label, bits(c.totalBits),
                    bits(c.low), bits(c.high)));
  }
}

}  // namespace

OptimalWidths optimalWidths(const FamilyRuns& family, LawMetric metric, std::size_t draws,
                            std::uint64_t seed, const JobContext& job) {
  OptimalWidths result;
  result.title = family.title();
  result.metric = metric;
  JointOptions law;
  law.metric = metric;
  law.covariance = metric == LawMetric::Accuracy ? family.covariance : std::nullopt;
  std::string why;
  result.mixture = fitMixture(family.points, law, why, job);
  if (result.mixture.empty()) {
    result.curves = fmt::format("interpolation between sizes: {}", why);
    describe(interpolatedCurves(family.points, metric, SeriesKey::Config,
                                pointDraws(family, metric, draws, seed)),
             result);
  } else {
    result.curves = fmt::format("law {}", result.mixture.describe());
    describe(lawCurves(result.mixture, draws, seed), result);
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
    switch (r.verdict) {
      case Verdict::Optimal:
      case Verdict::Probably:
        sentences.push_back(fmt::format("{} bit is {}optimal {} (P {:.2f} or more)", r.best,
                                        r.verdict == Verdict::Probably ? "probably " : "", where,
                                        r.lowest));
        break;
      default:
        sentences.push_back(
            fmt::format("{} bit has the best estimate {}, but that is not decided "
                        "(P from {:.2f})",
                        r.best, where, r.lowest));
    }
  }
  return sentences;
}

}  // namespace bitfrontier
