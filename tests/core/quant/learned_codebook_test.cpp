// SPDX-License-Identifier: GPL-3.0-or-later
// 1-D k-means against planted clusters, the Lloyd-Max quantizer of the normal distribution, and
// exhaustive search.
#include "core/quant/learned_codebook.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace bitfrontier {
namespace {

double error(const std::vector<WeightedValue>& values, const std::vector<float>& table) {
  double sum = 0;
  for (const auto& [value, weight] : values) {
    double best = std::numeric_limits<double>::infinity();
    for (const float code : table)
      best = std::min(best, (double{value} - code) * (double{value} - code));
    sum += weight * best;
  }
  return sum;
}

TEST(LearnedCodebook, FindsPlantedClusters) {
  const std::vector<WeightedValue> values = {{-1, 1}, {-1, 3}, {0.25F, 2}, {0.75F, 1}, {0.5F, 2}};
  const std::vector<float> table = learnedCodebook(values, 4);
  EXPECT_EQ(table, (std::vector<float>{-1, 0.25F, 0.5F, 0.75F}));
  EXPECT_EQ(learnedCodebook({}, 4), std::vector<float>(4, 0.0F));
  const std::vector<float> one = learnedCodebook(std::vector<WeightedValue>{{0.5F, 1}}, 4);
  EXPECT_EQ(error({{0.5F, 1}}, one), 0.0);
}

TEST(LearnedCodebook, IsLloydMaxOnNormalValues) {
  // Max 1960, table I: output levels of the 4- and 8-level quantizers of the normal distribution.
  std::mt19937 random(3);
  std::normal_distribution<float> draw;
  std::vector<WeightedValue> values(400000);
  for (auto& [value, weight] : values) {
    value = draw(random);
    weight = 1;
  }
  const std::vector<float> four = learnedCodebook(values, 4);
  const std::vector<float> eight = learnedCodebook(values, 8);
  const std::vector<double> max4 = {-1.510, -0.4528, 0.4528, 1.510};
  const std::vector<double> max8 = {-2.152, -1.344, -0.7560, -0.2451, 0.2451, 0.7560, 1.344, 2.152};
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(four[i], max4[i], 0.01);
  for (std::size_t i = 0; i < 8; ++i) EXPECT_NEAR(eight[i], max8[i], 0.02);
  EXPECT_NEAR(error(values, eight) / 400000, 0.03454, 0.0004);
}

/// Least error over all ways to cut sorted values into `codes` runs.
double exhaustive(const std::vector<WeightedValue>& sorted, std::size_t begin, int codes) {
  if (begin == sorted.size()) return 0;
  if (codes == 0) return std::numeric_limits<double>::infinity();
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t end = begin + 1; end <= sorted.size(); ++end) {
    double w = 0;
    double wx = 0;
    double wxx = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const double x = sorted[i].value;
      w += sorted[i].weight;
      wx += sorted[i].weight * x;
      wxx += sorted[i].weight * x * x;
    }
    best = std::min(best, wxx - wx * wx / w + exhaustive(sorted, end, codes - 1));
  }
  return best;
}

TEST(LearnedCodebook, ReachesTheExhaustiveOptimum) {
  std::mt19937 random(9);
  std::uniform_real_distribution<float> value(-1, 1);
  std::exponential_distribution<float> weight;
  for (int trial = 0; trial < 40; ++trial) {
    std::vector<WeightedValue> values(14);
    for (auto& v : values) v = {value(random), weight(random) + 0.01F};
    std::ranges::sort(values, {}, &WeightedValue::value);
    const double best = exhaustive(values, 0, 4);
    EXPECT_LE(error(values, learnedCodebook(values, 4)), best * 1.001 + 1e-12) << trial;
  }
}

}  // namespace
}  // namespace bitfrontier
