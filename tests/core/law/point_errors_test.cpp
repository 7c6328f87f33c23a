// SPDX-License-Identifier: GPL-3.0-or-later
// An error of 0 or none is not certainty.

#include "core/law/data/point_errors.h"

#include <gmock/gmock.h>

#include <cmath>

#include "core/law/fit/joint_fit.h"
#include "core/law/inference/law_bootstrap.h"
#include "tests/core/law/noisy_sweep.h"

namespace bitfrontier {
namespace {

using test::Sweep;
using test::sweep;
using test::text;
using testing::HasSubstr;
using testing::StartsWith;

/// Standard deviation of the density p^right (1 - p)^(n - right) by Simpson's rule.
double posteriorDeviation(double right, double n) {
  constexpr int kSteps = 200000;
  double mass = 0, first = 0, second = 0;
  for (int i = 1; i < kSteps; ++i) {
    const double p = i / double{kSteps};
    const double w =
        (i % 2 == 0 ? 2 : 4) * std::exp(right * std::log(p) + (n - right) * std::log1p(-p));
    mass += w;
    first += w * p;
    second += w * p * p;
  }
  // The end where nothing (or all) is right belongs to the integral.
  mass += 1;
  second += right == n ? 1 : 0;
  first += right == n ? 1 : 0;
  return std::sqrt(second / mass - first * first / mass / mass);
}

TEST(PointErrors, NoneAndAllRightHaveTheErrorOfTheUniformPrior) {
  for (const double n : {1.0, 4.0, 50.0, 200.0, 1000.0}) {
    EXPECT_NEAR(shareError(0, n) / posteriorDeviation(0, n), 1, 2e-3) << n;
    EXPECT_NEAR(shareError(1, n) / posteriorDeviation(n, n), 1, 2e-3) << n;
  }
  // About that of one right, which is 1/n, and half of Wilson's 95 % interval over 1.96.
  constexpr double kZ = 1.959963984540054;
  for (const double n : {100.0, 200.0, 5153.0}) {
    EXPECT_NEAR(shareError(0, n) * n, 1, 0.04) << n;
    EXPECT_NEAR(shareError(0, n) / (0.5 * kZ / (n + kZ * kZ)), 1, 0.05) << n;
  }
}

TEST(PointErrors, SharesBetweenHaveTheHarnessError) {
  for (const double n : {2.0, 10.0, 200.0, 5153.0}) {
    for (double right = 1; right < n; right += std::max(1.0, std::floor(n / 7))) {
      const double p = right / n;
      EXPECT_DOUBLE_EQ(shareError(p, n), std::sqrt(p * (1 - p) / (n - 1))) << right << "/" << n;
    }
  }
  EXPECT_TRUE(std::isnan(shareError(0.5, 0)));
  EXPECT_TRUE(std::isnan(shareError(0.5, LawPoint::kAbsent)));
  EXPECT_TRUE(std::isnan(shareError(1.5, 100)));
}

TEST(PointErrors, AbsentOnesComeFromTheMedianOfTheOthers) {
  std::vector<LawPoint> points(5);
  const double items[] = {100, 400, 900};
  for (std::size_t i = 0; i < 5; ++i) {
    points[i].accuracy = 0.3 + 0.1 * static_cast<double>(i);
    points[i].crossEntropy = 3.0 - 0.2 * static_cast<double>(i);
    if (i < 3) {
      points[i].accuracySe = shareError(points[i].accuracy, items[i]);
      points[i].crossEntropySe = 0.01 * static_cast<double>(i + 1) * points[i].crossEntropy;
    }
  }
  points[4].accuracySe = 0;  // certainty is not known either
  const PointErrors accuracy = pointErrors(points, LawMetric::Accuracy);
  EXPECT_EQ(accuracy.values[1], points[1].accuracySe);
  EXPECT_NEAR(accuracy.values[3], shareError(0.6, 400), 1e-12);
  EXPECT_NEAR(accuracy.values[4], shareError(0.7, 400), 1e-12);
  EXPECT_EQ(accuracy.note(),
            "2 of 5 points have no standard error: they count with that of 400 items, the median "
            "of the others");
  const PointErrors nats = pointErrors(points, LawMetric::CrossEntropy);
  EXPECT_NEAR(nats.values[3], 0.02 * 2.4, 1e-12);
  EXPECT_EQ(nats.note(),
            "2 of 5 points have no standard error: they count with 2 % of their cross-entropy, "
            "the median of the others");
  for (LawPoint& p : points) p.accuracySe = LawPoint::kAbsent;
  EXPECT_FALSE(pointErrors(points, LawMetric::Accuracy).known());
  EXPECT_TRUE(pointErrors({}, LawMetric::Accuracy).note().empty());
}

/// A collapsed model among the sweep's: 0 right of its items, so 0 +- 0.
Sweep withCollapsed() {
  Sweep s = sweep();
  s.points[3].accuracy = 0;
  s.points[3].accuracySe = 0;
  return s;
}

TEST(PointErrors, NothingRightIsAtChanceLikeItsNeighbours) {
  Sweep without = sweep();
  without.points.erase(without.points.begin() + 3);
  const JointFit expected = fitJoint(without.points, without.options);
  const Sweep s = withCollapsed();
  const JointFit fit = fitJoint(s.points, s.options);
  EXPECT_EQ(text(fit, RemarkCode::NearChance, false),
            s.points[3].model + " " + s.points[3].config +
                " within 2 standard errors of guessing says nothing about the law and is left out");
  ASSERT_EQ(fit.parameters.size(), expected.parameters.size());
  for (std::size_t k = 0; k < fit.parameters.size(); ++k) {
    EXPECT_NEAR(fit.parameters[k].value, expected.parameters[k].value, 1e-9);
  }
  // Without any errors nothing right is still no more than guessing.
  Sweep bare = withCollapsed();
  for (LawPoint& p : bare.points) p.accuracySe = LawPoint::kAbsent;
  const JointFit equal = fitJoint(bare.points, bare.options);
  EXPECT_EQ(equal.n, fit.n);
  EXPECT_EQ(equal.weighting, Weighting::Equal);
}

TEST(PointErrors, AbsentOnesDoNotSwitchOffWeights) {
  Sweep s = sweep();
  for (std::size_t i = 0; i < s.points.size(); i += 2) s.points[i].accuracySe *= 4;
  s.options.estimateTau = true;
  const JointFit all = fitJoint(s.points, s.options);
  ASSERT_TRUE(all.usable);
  for (const double absent : {LawPoint::kAbsent, 0.0}) {
    Sweep one = s;
    one.points[5].accuracySe = absent;
    const JointFit fit = fitJoint(one.points, one.options);
    EXPECT_EQ(fit.weighting, Weighting::Errors);
    EXPECT_THAT(text(fit, RemarkCode::NoErrors, false),
                StartsWith("1 of 32 points has no standard error: it counts with that of "));
    EXPECT_TRUE(std::isfinite(fit.points[5].se));
    for (std::size_t k = 0; k < fit.parameters.size(); ++k) {
      EXPECT_NEAR(fit.parameters[k].value, all.parameters[k].value, all.parameters[k].se) << k;
    }
  }
}

TEST(PointErrors, AVarianceOf0InTheCovarianceIsNoCertainty) {
  Sweep s = sweep();
  const std::size_t n = s.points.size();
  s.options.covariance = SymmetricMatrix{n, std::vector<double>(n * n, 0)};
  for (std::size_t i = 0; i < n; ++i) {
    s.options.covariance->values[i * n + i] = std::pow(s.points[i].accuracySe, 2);
  }
  const JointFit all = fitJoint(s.points, s.options);
  s.options.covariance->values[5 * n + 5] = 0;
  s.points[5].accuracySe = 0;
  const JointFit fit = fitJoint(s.points, s.options);
  EXPECT_EQ(fit.weighting, Weighting::Paired);
  for (std::size_t k = 0; k < fit.parameters.size(); ++k) {
    EXPECT_NEAR(fit.parameters[k].value, all.parameters[k].value, all.parameters[k].se) << k;
  }
}

/// One format of the sweep over total bits.
LawSeries seriesOf(const Sweep& s) {
  LawSeries series;
  for (const LawPoint& p : s.points) {
    if (p.bits == 16) series.points.push_back(p);
  }
  return series;
}

TEST(PointErrors, SeriesKeepTheirWeights) {
  const LawSeries whole = seriesOf(sweep());
  LawSeries holed = whole;
  holed.points[2].accuracySe = LawPoint::kAbsent;
  holed.points[4].accuracySe = 0;
  const JointOptions options = seriesOptions(LawMetric::Accuracy);
  const SeriesLaw all = fitSeries(whole, options), some = fitSeries(holed, options);
  EXPECT_THAT(joinRemarks(some.fit.remarks), HasSubstr("2 of 8 points have no standard error"));
  ASSERT_EQ(some.fit.parameters.size(), 3u);
  const PowerLaw law = powerLawOf(all.fit).value(), other = powerLawOf(some.fit).value();
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_NEAR(other.values[k], law.values[k], law.standardErrors[k]) << k;
  }
  // The bootstrap fits its replicates with the same weights.
  BootstrapOptions bootstrap;
  bootstrap.replicates = 200;
  const BootstrapResult draws = bootstrapSeriesLaw(some, options, nullptr, bootstrap);
  ASSERT_EQ(draws.parameters.size(), 3u);
  EXPECT_EQ(draws.parameters[2].name, "alpha");
  EXPECT_NEAR(draws.parameters[2].mean, other.values[2], other.standardErrors[2]);
  EXPECT_LT(draws.parameters[2].lower, other.values[2]);
  EXPECT_GT(draws.parameters[2].upper, other.values[2]);
}

}  // namespace
}  // namespace bitfrontier
