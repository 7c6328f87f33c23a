// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/decide/frontier.h"

#include <cmath>
#include <limits>

#include "core/law/decide/frontier_probability.h"

namespace bitfrontier {
namespace {

/// Larger is better for both metrics; NaN when the point cannot take part.
double goodness(const LawPoint& point, LawMetric metric) {
  if (!std::isfinite(point.totalBits) || point.totalBits <= 0) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const double value = metric == LawMetric::Accuracy ? point.accuracy : -point.crossEntropy;
  return std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

std::vector<std::size_t> paretoFrontier(std::span<const LawPoint> points, LawMetric metric) {
  std::vector<double> costs, values;
  costs.reserve(points.size());
  values.reserve(points.size());
  for (const LawPoint& point : points) {
    costs.push_back(point.totalBits);
    values.push_back(goodness(point, metric));
  }
  return paretoFrontier(costs, values);
}

std::optional<std::size_t> bestWithin(std::span<const LawPoint> points, double totalBits,
                                      LawMetric metric) {
  std::optional<std::size_t> best;
  double bestGood = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double good = goodness(points[i], metric);
    if (std::isnan(good) || !(points[i].totalBits <= totalBits)) continue;
    if (!best || good > bestGood ||
        (good == bestGood && points[i].totalBits < points[*best].totalBits)) {
      best = i;
      bestGood = good;
    }
  }
  return best;
}

}  // namespace bitfrontier
