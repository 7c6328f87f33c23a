// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/frontier.h"

#include <algorithm>
#include <cmath>
#include <limits>

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
  struct Candidate {
    double bits, good;
    std::size_t index;
  };
  std::vector<Candidate> candidates;
  candidates.reserve(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double good = goodness(points[i], metric);
    if (!std::isnan(good)) candidates.push_back({points[i].totalBits, good, i});
  }
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    if (a.bits != b.bits) return a.bits < b.bits;
    if (a.good != b.good) return a.good > b.good;
    return a.index < b.index;
  });
  std::vector<std::size_t> frontier;
  double best = -std::numeric_limits<double>::infinity();
  double bestBits = 0;
  for (const Candidate& c : candidates) {
    if (c.good > best) {
      best = c.good;
      bestBits = c.bits;
      frontier.push_back(c.index);
    } else if (c.good == best && c.bits == bestBits) {
      frontier.push_back(c.index);
    }
  }
  return frontier;
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
