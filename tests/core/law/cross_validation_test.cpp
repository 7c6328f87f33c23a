// SPDX-License-Identifier: GPL-3.0-or-later
// Left-out sizes and families: error and coverage where the truth is planted.

#include <gmock/gmock.h>

#include <cmath>

#include "core/law/inference/law_comparison.h"
#include "tests/core/law/noisy_sweep.h"
#include "tests/core/law/planted_families.h"

namespace bitfrontier {
namespace {

JointOptions withForm(const std::string& form) {
  JointOptions options;
  options.form = form;
  options.starts = 9;
  return options;
}

/// Sums of left-out errors over simulated sweeps. Points of a sweep share its fit and are not
/// independent, sweeps are: the Monte Carlo error of the coverage is that of a mean over sweeps.
struct Study {
  std::vector<double> shares;  ///< covered in each sweep
  double squares = 0, covered = 0, meanSquares = 0;
  int points = 0, folds = 0, failed = 0;

  void add(const CrossValidation& v) {
    squares += v.points > 0 ? v.rmse * v.rmse * v.points : 0;
    covered += v.points > 0 ? v.coverage * v.points : 0;
    if (v.points > 0) shares.push_back(v.coverage);
    meanSquares += v.points > 0 ? v.meanSquare * v.points : 0;
    points += v.points;
    folds += v.folds;
    failed += v.failedFolds;
  }
  double rmse() const { return std::sqrt(squares / points); }
  double coverage() const { return covered / points; }
  double coverageError() const {
    const auto n = static_cast<double>(shares.size());
    double sum = 0;
    for (const double s : shares) sum += (s - coverage()) * (s - coverage());
    return std::sqrt(sum / (n - 1) / n);
  }
  double meanSquare() const { return meanSquares / points; }
};

TEST(LeaveOneSizeOut, CoversAndItsErrorIsThatOfTheNoise) {
  Study all;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const auto drawn = test::PlantedFamilies{.families = 1}.draw(seed);
    all.add(leaveOneSizeOut(drawn.points, withForm("J1")));
  }
  EXPECT_EQ(all.folds, 700);
  EXPECT_EQ(all.failed, 0);
  EXPECT_EQ(all.points, 2800);
  // Noise is 0.36 points; the ends of the range are extrapolated by a factor of 2.4.
  EXPECT_GT(all.rmse(), 0.0036);
  EXPECT_LT(all.rmse(), 0.0075);
  EXPECT_NEAR(all.coverage(), 0.95, 3 * all.coverageError());
  EXPECT_GT(all.coverage(), 0.93);
  EXPECT_LT(all.coverageError(), 0.0075);
}

TEST(LeaveLargestOut, CoversWhereItExtrapolates) {
  Study largest, sizes;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const auto drawn = test::PlantedFamilies{.families = 1}.draw(seed);
    largest.add(leaveLargestOut(drawn.points, withForm("J1")));
    if (seed <= 40) sizes.add(leaveOneSizeOut(drawn.points, withForm("J1")));
  }
  EXPECT_EQ(largest.folds, 200);
  EXPECT_EQ(largest.points, 800);
  // Extrapolating by 2.4 costs more than a size left out inside does, and the interval knows it.
  EXPECT_GT(largest.rmse(), sizes.rmse());
  EXPECT_NEAR(largest.coverage(), 0.95, 3 * largest.coverageError());
  EXPECT_LT(largest.coverage(), 0.97);
  EXPECT_LT(largest.coverageError(), 0.015);
}

TEST(LeaveLargestOut, ShowsALawThatBendsTheWrongWay) {
  // A straight line in the logit has no ceiling: on saturating data it overshoots at the top.
  Study law, line;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto drawn = test::PlantedFamilies{.families = 1, .se = 0.001, .tau = 0.0005}.draw(seed);
    law.add(leaveLargestOut(drawn.points, withForm("J1")));
    line.add(leaveLargestOut(drawn.points, withForm("LL")));
  }
  EXPECT_LT(law.rmse(), 0.5 * line.rmse());
}

TEST(LeaveOneFamilyOut, CoversNewFamilies) {
  Study shifts, none;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const auto drawn = test::PlantedFamilies{}.draw(seed);
    shifts.add(leaveOneFamilyOut(drawn.points, withForm("J1")));
    if (seed <= 20) none.add(leaveOneFamilyOut(drawn.points, withForm("S0")));
  }
  EXPECT_EQ(shifts.folds, 300);
  EXPECT_EQ(shifts.failed, 0);
  EXPECT_EQ(shifts.points, 60 * 5 * 7 * 3);
  // What one more family's shift may differ by is (0.2^2 + the squares of four others) / 4, where
  // the squares are 3 x 0.15^2 on average: never too narrow, and too wide by at most this factor.
  const double wide = std::sqrt((0.2 * 0.2 + 3 * 0.15 * 0.15) / 4) / 0.15;
  EXPECT_GT(shifts.coverage(), std::max(0.94, 0.95 - 3 * shifts.coverageError()));
  EXPECT_LT(shifts.coverage(), std::erf(wide * 1.96 / std::sqrt(2)) + 3 * shifts.coverageError());
  EXPECT_LT(shifts.coverage(), 0.995);
  EXPECT_LT(shifts.coverageError(), 0.008);
  // Other families' shifts are worth something: S0 supposes that formats cost nothing.
  EXPECT_LT(shifts.rmse(), 0.5 * none.rmse());
}

TEST(LeaveOneFamilyOut, FamiliesThatDisagreeWidenTheInterval) {
  Study alike, apart;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    alike.add(
        leaveOneFamilyOut(test::PlantedFamilies{.spread = 0.05}.draw(seed).points, withForm("J1")));
    apart.add(
        leaveOneFamilyOut(test::PlantedFamilies{.spread = 0.5}.draw(seed).points, withForm("J1")));
  }
  EXPECT_LT(alike.rmse(), apart.rmse());
  EXPECT_GT(apart.coverage(), 0.90);
  EXPECT_GT(alike.coverage(), 0.93);
}

TEST(LeaveOneFamilyOut, EveryJointLawHasItsOwnWay) {
  const auto drawn = test::PlantedFamilies{}.draw(3);
  for (const std::string form : {"S0", "V", "J1", "J2", "LL", "L1", "factors", "offset",
                                 "bivariate", "effective", "J3", "J3v"}) {
    JointOptions options = withForm(form);
    const CrossValidation v = leaveOneFamilyOut(drawn.points, options);
    EXPECT_EQ(v.folds, 5) << form;
    EXPECT_EQ(v.failedFolds, 0) << form;
    EXPECT_EQ(v.points, 5 * 7 * 3) << form;
    EXPECT_LT(v.rmse, 0.1) << form;
    EXPECT_TRUE(std::isfinite(v.coverage)) << form;
  }
  // Nothing is shared, or there is one format only.
  EXPECT_EQ(leaveOneFamilyOut(drawn.points, withForm("S1")).folds, 0);
  EXPECT_EQ(leaveOneFamilyOut(drawn.points, withForm("power")).folds, 0);
}

TEST(LeaveOneFamilyOut, OneFamilyHasNoOthers) {
  const auto drawn = test::PlantedFamilies{.families = 1}.draw(1);
  const CrossValidation v = leaveOneFamilyOut(drawn.points, withForm("J1"));
  EXPECT_EQ(v.folds, 0);
  EXPECT_EQ(v.points, 0);
  EXPECT_TRUE(std::isnan(v.rmse));
}

}  // namespace
}  // namespace bitfrontier
