// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/memory_calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <string>

#include "core/base/random.h"

namespace bitfrontier {
namespace {

constexpr double kMB = 1e6;

double normal(Rng& random) {
  return std::sqrt(-2 * std::log(1 - random.uniform())) *
         std::cos(2 * std::numbers::pi * random.uniform());
}

/// A device whose peaks are 1.2 times what is predicted and 300 MB, give or take 3 %.
double peakOf(double predicted, Rng& random) {
  return (1.2 * predicted + 300 * kMB) * (1 + 0.03 * normal(random));
}

std::vector<RunRecord> plant(std::size_t count, Rng& random, const std::string& device) {
  std::vector<RunRecord> runs;
  for (std::size_t i = 0; i < count; ++i) {
    RunRecord run;
    run.modelHash = "m" + std::to_string(i);
    run.config = "int4-b64";
    run.device = device;
    const double predicted = 200 * kMB * std::pow(200.0, random.uniform());  // up to 40 GB
    run.predictedMemory = static_cast<std::int64_t>(predicted);
    run.peakMemory = static_cast<std::int64_t>(peakOf(predicted, random));
    runs.push_back(run);
  }
  return runs;
}

TEST(MemoryCalibration, IsRightWithinItsInterval) {
  constexpr int kSweeps = 400;
  int inside = 0;
  double error = 0, uncalibrated = 0;
  Rng random(14);
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    const MemoryCalibration known(plant(37, random, "cuda:0"), "cuda:0");
    ASSERT_TRUE(known.known());
    const double predicted = 200 * kMB * std::pow(200.0, random.uniform());
    const double peak = peakOf(predicted, random);
    const MemoryEstimate estimate = known.estimate(predicted);
    EXPECT_LE(estimate.low, estimate.bytes);
    EXPECT_GE(estimate.high, estimate.bytes);
    EXPECT_LT(estimate.high - estimate.low, 0.4 * estimate.bytes);
    inside += peak >= estimate.low && peak <= estimate.high ? 1 : 0;
    error += std::abs(estimate.bytes / peak - 1) / kSweeps;
    uncalibrated += std::abs(predicted / peak - 1) / kSweeps;
  }
  EXPECT_GE(inside, 0.95 * kSweeps - 3 * std::sqrt(0.95 * 0.05 * kSweeps));
  EXPECT_LT(error, 0.04);
  EXPECT_GT(uncalibrated, 0.15);
}

TEST(MemoryCalibration, FindsThePlantedLine) {
  Rng random(2);
  const MemoryCalibration known(plant(400, random, "cuda:0"), "cuda:0");
  EXPECT_NEAR(known.factor(), 1.2, 0.02);
  EXPECT_NEAR(known.offset(), 300 * kMB, 20 * kMB);
  EXPECT_EQ(known.text(), "calibrated on 400 runs of cuda:0");
}

TEST(MemoryCalibration, OnlyTheDeviceItselfCounts) {
  Rng random(3);
  std::vector<RunRecord> runs = plant(20, random, "cuda:0");
  const MemoryCalibration other(runs, "cpu");
  EXPECT_FALSE(other.known());
  EXPECT_EQ(other.text(), "not calibrated: no measured peaks of cpu");
  const MemoryEstimate plain = other.estimate(5e9);
  EXPECT_EQ(plain.bytes, 5e9);
  EXPECT_EQ(plain.low, plain.high);
  for (RunRecord& run : runs) run.status = RunStatus::Failed;
  EXPECT_FALSE(MemoryCalibration(runs, "cuda:0").known()) << "a failed run is no peak";
}

TEST(MemoryCalibration, TasksOfOneConfigurationAreOnePeak) {
  Rng random(4);
  std::vector<RunRecord> runs = plant(2, random, "cpu");
  for (int task = 0; task < 5; ++task) runs.push_back(runs.front());
  const MemoryCalibration few(runs, "cpu");
  EXPECT_FALSE(few.known());
  EXPECT_EQ(few.text(), "not calibrated: measured peaks of 2 configurations of cpu, it takes 3");
}

TEST(MemoryCalibration, PredictionsThatAreAlikeTellAFactorOnly) {
  std::vector<RunRecord> runs;
  for (int i = 0; i < 8; ++i) {
    RunRecord run;
    run.modelHash = std::to_string(i);
    run.device = "cpu";
    run.predictedMemory = 1'000'000'000 + i;
    run.peakMemory = 1'500'000'000;
    runs.push_back(run);
  }
  const MemoryCalibration known(runs, "cpu");
  EXPECT_EQ(known.offset(), 0);
  EXPECT_NEAR(known.factor(), 1.5, 1e-6);
  EXPECT_NEAR(known.estimate(2e9).bytes, 3e9, 1e3);
}

}  // namespace
}  // namespace bitfrontier
