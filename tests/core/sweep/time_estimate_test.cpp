// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/time_estimate.h"

#include <gtest/gtest.h>

namespace bitfrontier {
namespace {

TEST(TimeEstimate, MeasuredCellsSpeakForThemselves) {
  TimeEstimate estimate({1e-5, 4e-5}, {1e5, 4e5}, {1000, 2000});
  estimate.addCell(0, 0, 1.0);
  estimate.addCell(0, 0, 3.0);
  EXPECT_DOUBLE_EQ(estimate.cellSeconds(0, 0), 2.0);
  // the same task on a model that costs four times as much
  EXPECT_DOUBLE_EQ(estimate.cellSeconds(1, 0), 8.0);
  // a task of twice the bytes on the same model
  EXPECT_DOUBLE_EQ(estimate.cellSeconds(0, 1), 4.0);
}

TEST(TimeEstimate, TheNearestMeasuredModelCounts) {
  TimeEstimate estimate({1e-6, 1e-5, 2e-5}, {1, 1, 1}, {1000});
  estimate.addCell(0, 0, 10.0);  // slower than its cost says: overhead
  estimate.addCell(1, 0, 1.0);
  EXPECT_DOUBLE_EQ(estimate.cellSeconds(2, 0), 2.0);
}

TEST(TimeEstimate, SomethingPositiveWithoutAnyMeasurement) {
  const TimeEstimate estimate({tokenCost(1e6, 4, 128)}, {1e6}, {30000});
  EXPECT_GT(estimate.cellSeconds(0, 0), 0.0);
  EXPECT_LT(estimate.cellSeconds(0, 0), 600.0);
  EXPECT_GT(estimate.quantizationSeconds(0), 0.0);
}

TEST(TimeEstimate, QuantizationGrowsWithTheWeights) {
  TimeEstimate estimate({1, 1}, {1e6, 3e6}, {1});
  estimate.addQuantization(0, 0.5);
  EXPECT_DOUBLE_EQ(estimate.quantizationSeconds(0), 0.5);
  EXPECT_DOUBLE_EQ(estimate.quantizationSeconds(1), 1.5);
}

}  // namespace
}  // namespace bitfrontier
