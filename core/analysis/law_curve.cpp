// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/law_curve.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "core/law/inference/law_profile.h"

namespace bitfrontier {
namespace {

constexpr int kCurvePoints = 121;
constexpr double kFarthest = 3;  ///< a law is continued by this factor at most
constexpr double kLevel = 0.95;

/// Bits of a format at each of its sizes (logarithms), ascending.
class BitsOfSizes {
 public:
  BitsOfSizes(const JointFit& fit, std::size_t format) {
    std::map<double, std::pair<double, int>> sums;
    for (const FittedPoint& p : fit.points) {
      if (p.row.format != format || !(p.totalBits > 0)) continue;
      auto& [sum, count] = sums[std::log(p.size)];
      sum += std::log(p.totalBits);
      ++count;
    }
    for (const auto& [size, sum] : sums) known_.emplace_back(size, sum.first / sum.second);
  }

  bool empty() const { return known_.empty(); }
  double smallest() const { return std::exp(known_.front().first); }
  double largest() const { return std::exp(known_.back().first); }

  /// Interpolated in logarithms, in proportion to the size outside.
  double at(double size) const {
    const double x = std::log(size);
    const auto &first = known_.front(), &last = known_.back();
    if (x <= first.first) return std::exp(first.second + x - first.first);
    if (x >= last.first) return std::exp(last.second + x - last.first);
    const auto right = std::upper_bound(known_.begin(), known_.end(), std::pair{x, HUGE_VAL});
    const auto left = right - 1;
    const double t = (x - left->first) / (right->first - left->first);
    return std::exp(left->second + t * (right->second - left->second));
  }

 private:
  std::vector<std::pair<double, double>> known_;
};

std::vector<CurvePoint> sample(const JointFit& fit, std::size_t format, const BitsOfSizes& bits,
                               double from, double to) {
  std::vector<CurvePoint> points;
  if (!(to > from * (1 + 1e-9))) return points;
  // Points at chance are not what the law was fitted to, so below it nothing is drawn.
  const double floor = fit.context.metric == LawMetric::Accuracy ? fit.context.chance : -HUGE_VAL;
  for (int i = 0; i < kCurvePoints; ++i) {
    const double size = from * std::pow(to / from, i / (kCurvePoints - 1.0));
    const LawRow row = fit.row(format, size);
    CurvePoint p;
    p.totalBits = fit.axis == LawAxis::TotalBits ? size : bits.at(size);
    p.value = fit.predict(row);
    if (!std::isfinite(p.value) || p.value < floor) continue;
    const double half = curveHalfWidth(fit, row, kLevel);
    p.lower = p.value - half;
    p.upper = p.value + half;
    points.push_back(p);
  }
  return points;
}

/// How far a law may be continued from `size` by this factor at most: down to 1, not at all.
double continuation(const JointFit& fit, double size, bool upwards) {
  for (double factor = kFarthest; factor > 1.05; factor *= 0.9) {
    const auto remark = fit.judgePrediction(upwards ? size * factor : size / factor);
    if (!remark || !remark->refusal) return factor;
  }
  return 1;
}

/// Share of the variance of the format's points that the law explains.
double explained(const JointFit& fit, std::size_t format, int& n) {
  double mean = 0, squares = 0, total = 0;
  n = 0;
  for (const FittedPoint& p : fit.points) {
    if (p.row.format != format) continue;
    mean += p.value;
    ++n;
  }
  mean /= n;
  for (const FittedPoint& p : fit.points) {
    if (p.row.format != format) continue;
    squares += (p.value - p.fitted) * (p.value - p.fitted);
    total += (p.value - mean) * (p.value - mean);
  }
  return 1 - squares / total;
}

}  // namespace

std::string_view LawCurve::name() const {
  if (law) return law->form->info().name;
  return means.values.size() > 1 ? std::string_view("interpolated") : std::string_view("points");
}

void drawLaw(LawCurve& curve) {
  const JointFit& fit = *curve.law;
  const BitsOfSizes bits(fit, curve.format);
  if (bits.empty()) return;
  const double from = bits.smallest(), to = bits.largest();
  curve.r2 = explained(fit, curve.format, curve.n);
  curve.inside = sample(fit, curve.format, bits, from, to);
  curve.below = sample(fit, curve.format, bits, from / continuation(fit, from, false), from);
  curve.above = sample(fit, curve.format, bits, to, to * continuation(fit, to, true));
}

}  // namespace bitfrontier
