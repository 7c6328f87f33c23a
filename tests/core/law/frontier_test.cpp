// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/decide/frontier.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/random.h"

namespace bitfrontier {
namespace {

LawPoint point(double bits, double accuracy, double crossEntropy = LawPoint::kAbsent) {
  LawPoint p;
  p.totalBits = bits;
  p.accuracy = accuracy;
  p.crossEntropy = crossEntropy;
  return p;
}

/// The definition, pair by pair.
std::vector<std::size_t> slowFrontier(const std::vector<LawPoint>& points, LawMetric metric) {
  const auto good = [&](const LawPoint& p) {
    return metric == LawMetric::Accuracy ? p.accuracy : -p.crossEntropy;
  };
  const auto takesPart = [&](const LawPoint& p) {
    return std::isfinite(p.totalBits) && p.totalBits > 0 && !std::isnan(good(p));
  };
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!takesPart(points[i])) continue;
    bool dominated = false;
    for (const LawPoint& q : points) {
      if (!takesPart(q)) continue;
      const bool noWorse = q.totalBits <= points[i].totalBits && good(q) >= good(points[i]);
      const bool better = q.totalBits < points[i].totalBits || good(q) > good(points[i]);
      dominated = dominated || (noWorse && better);
    }
    if (!dominated) kept.push_back(i);
  }
  std::stable_sort(kept.begin(), kept.end(), [&](std::size_t a, std::size_t b) {
    return points[a].totalBits < points[b].totalBits;
  });
  return kept;
}

TEST(Frontier, EqualsTheDefinitionOnRandomPointsWithTies) {
  Rng rng(20240607);
  for (int round = 0; round < 300; ++round) {
    std::vector<LawPoint> points;
    const auto n = rng.below(40);
    for (std::uint64_t i = 0; i < n; ++i) {
      // Few distinct values, so that ties of every sort happen; now and then an unusable point.
      points.push_back(point(static_cast<double>(rng.below(9)), static_cast<double>(rng.below(8)),
                             static_cast<double>(rng.below(8))));
      if (rng.below(12) == 0) points.back().accuracy = LawPoint::kAbsent;
      if (rng.below(12) == 0) points.back().totalBits = std::numeric_limits<double>::infinity();
    }
    for (const LawMetric metric : {LawMetric::Accuracy, LawMetric::CrossEntropy}) {
      ASSERT_EQ(paretoFrontier(points, metric), slowFrontier(points, metric)) << round;
    }
  }
}

TEST(Frontier, NothingGivesNothing) {
  EXPECT_TRUE(paretoFrontier({}, LawMetric::Accuracy).empty());
  EXPECT_FALSE(bestWithin({}, 1e9, LawMetric::Accuracy));
}

TEST(Frontier, BestWithinTheBudget) {
  const std::vector<LawPoint> points{point(8, 0.5, 3), point(4, 0.4, 2.5), point(6, 0.5, 4),
                                     point(5, LawPoint::kAbsent, 1), point(-1, 1, 0)};
  EXPECT_EQ(bestWithin(points, 4, LawMetric::Accuracy), 1u);
  EXPECT_EQ(bestWithin(points, 100, LawMetric::Accuracy), 2u);  // the smaller of two equals
  EXPECT_EQ(bestWithin(points, 100, LawMetric::CrossEntropy), 3u);
  EXPECT_FALSE(bestWithin(points, 3.9, LawMetric::Accuracy));
  EXPECT_FALSE(bestWithin(points, std::nan(""), LawMetric::Accuracy));
}

}  // namespace
}  // namespace bitfrontier
