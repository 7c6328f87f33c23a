// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/data/piecewise_curve.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace bitfrontier {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

}  // namespace

PiecewiseCurve piecewiseLinear(const LawSeries& series, LawMetric metric) {
  struct Sum {
    double log2Bits = 0, value = 0;
    int n = 0;
  };
  std::map<std::string, Sum> byModel;
  for (const LawPoint& p : series.points) {
    const double value = metricOf(p, metric);
    if (!std::isfinite(value) || !std::isfinite(p.totalBits) || p.totalBits <= 0) continue;
    Sum& sum = byModel[p.model];
    sum.log2Bits += std::log2(p.totalBits);
    sum.value += value;
    ++sum.n;
  }
  // Models of equal size share one abscissa.
  std::map<double, Sum> byBits;
  for (const auto& [model, sum] : byModel) {
    Sum& at = byBits[sum.log2Bits / sum.n];
    at.value += sum.value / sum.n;
    ++at.n;
  }
  PiecewiseCurve curve;
  for (const auto& [log2Bits, sum] : byBits) {
    curve.totalBits.push_back(std::exp2(log2Bits));
    curve.values.push_back(sum.value / sum.n);
  }
  return curve;
}

double PiecewiseCurve::at(double bits) const {
  if (totalBits.empty() || !(bits >= totalBits.front()) || bits > totalBits.back()) return kNaN;
  const auto right = std::lower_bound(totalBits.begin(), totalBits.end(), bits);
  const auto i = static_cast<std::size_t>(right - totalBits.begin());
  if (*right == bits) return values[i];
  const double t = std::log2(bits / totalBits[i - 1]) / std::log2(totalBits[i] / totalBits[i - 1]);
  return values[i - 1] + t * (values[i] - values[i - 1]);
}

}  // namespace bitfrontier
