// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/time_estimate.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

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

TEST(TimeEstimate, OneCellThatTookFarTooLongDoesNotCount) {
  // As stores of earlier versions hold it for a cell that was paused for 20 s.
  TimeEstimate estimate({1}, {1}, {1});
  for (const double seconds : {0.4, 24.5, 0.39, 0.41, 0.4}) estimate.addCell(0, 0, seconds);
  EXPECT_DOUBLE_EQ(estimate.cellSeconds(0, 0), 0.4);
}

/// How often the range holds what really remains, of a sweep of 3000 cells whose estimate is right
/// on a free machine, under a load that makes cells longer by load(cell).
template <typename Load>
double shareHeld(Load load, double& width) {
  std::mt19937 random(7);
  std::normal_distribution<double> noise(1, 0.1);
  constexpr int kCells = 3000;
  std::vector<double> actual;
  for (int i = 0; i < kCells; ++i) actual.push_back(0.2 * load(i) * noise(random));
  std::vector<double> left(actual.size() + 1);
  for (int i = kCells - 1; i >= 0; --i) left[i] = left[i + 1] + actual[i];
  PaceRange pace;
  int held = 0, looked = 0;
  width = 0;
  for (int i = 0; i < kCells * 9 / 10; ++i) {
    pace.add(0.2, actual[i]);
    if (i < kCells / 10) continue;
    const double estimate = 0.2 * (kCells - i - 1);
    ++looked;
    held += estimate * pace.low() <= left[i + 1] && left[i + 1] <= estimate * pace.high() ? 1 : 0;
    width += pace.high() / pace.low();
  }
  width /= looked;
  return static_cast<double>(held) / looked;
}

TEST(PaceRange, HoldsWhatRemainsUnderChangingLoad) {
  double width = 0;
  EXPECT_EQ(shareHeld([](int) { return 1; }, width), 1);
  EXPECT_LT(width, 1.7);
  // The whole machine is twice as slow as the estimate says: known after the first stretches.
  EXPECT_EQ(shareHeld([](int) { return 2; }, width), 1);
  EXPECT_LT(width, 1.7);
  // Another program comes and goes.
  EXPECT_GT(shareHeld([](int i) { return i / 150 % 2 == 0 ? 1 : 3; }, width), 0.9);
  EXPECT_LT(width, 5);
  // It comes after a third and stays.
  EXPECT_GT(shareHeld([](int i) { return i < 1000 ? 1 : 3; }, width), 0.7);
}

TEST(PaceRange, IsWideBeforeAnythingWasMeasured) {
  const PaceRange pace;
  EXPECT_DOUBLE_EQ(pace.low(), 0.5);
  EXPECT_DOUBLE_EQ(pace.high(), 2);
}

}  // namespace
}  // namespace bitfrontier
