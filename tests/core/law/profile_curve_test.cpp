// SPDX-License-Identifier: GPL-3.0-or-later
// Profiles and influence where algebra has the answer: with the exponent held, a power law is a
// line in its floor and its amplitude.

#include <gtest/gtest.h>
#include <Eigen/Dense>

#include <cmath>

#include "core/base/random.h"
#include "core/law/fit/influence.h"
#include "core/law/fit/joint_fit.h"
#include "core/law/inference/law_profile.h"

namespace bitfrontier {
namespace {

constexpr double kAlpha = 0.5;

struct Line {
  std::vector<LawPoint> points;
  JointOptions options;
  Eigen::MatrixXd design;    ///< rows divided by their errors
  Eigen::VectorXd solution;  ///< floor and amplitude
  Eigen::MatrixXd covariance;
  double size0 = 1;
};

/// Losses E + A (N/N0)^-alpha with known errors, and one that is off by `shift` of them.
Line makeLine(double shift = 0, std::size_t shifted = 0) {
  Line line;
  Rng random(5);
  for (int i = 0; i < 10; ++i) {
    LawPoint p;
    p.family = "line";
    p.parameters = 1e8 * std::pow(2.0, i);
    p.model = "m" + std::to_string(i);
    p.config = "fp16";
    p.dataType = "fp16";
    p.bits = 16;
    p.totalBits = 16 * p.parameters;
    p.crossEntropySe = 0.004 + 0.0005 * i;
    p.crossEntropy = 1.8 + 1.5 * std::pow(p.parameters / 1e9, -kAlpha) +
                     p.crossEntropySe * (2 * random.uniform() - 1);
    p.textTasks = "text";
    if (shift != 0 && static_cast<std::size_t>(i) == shifted) {
      p.crossEntropy += shift * p.crossEntropySe;
    }
    line.points.push_back(p);
  }
  line.options.form = "power";
  line.options.metric = LawMetric::CrossEntropy;
  line.options.weighting = Weighting::Errors;
  line.options.estimateTau = false;
  line.options.tau = 0;
  line.options.fixed = {{"alpha", kAlpha}};
  return line;
}

/// The same by linear algebra, on the fit's own centre.
void solve(Line& line, const JointFit& fit) {
  line.size0 = fit.context.size0;
  const auto n = static_cast<Eigen::Index>(line.points.size());
  line.design.resize(n, 2);
  Eigen::VectorXd values(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const LawPoint& p = line.points[static_cast<std::size_t>(i)];
    line.design(i, 0) = 1 / p.crossEntropySe;
    line.design(i, 1) = std::pow(p.parameters / line.size0, -kAlpha) / p.crossEntropySe;
    values(i) = p.crossEntropy / p.crossEntropySe;
  }
  line.covariance = (line.design.transpose() * line.design).inverse();
  line.solution = line.covariance * (line.design.transpose() * values);
}

TEST(ProfileCurve, IsTheParabolaOfALinearLaw) {
  Line line = makeLine();
  const JointFit fit = fitJoint(line.points, line.options);
  solve(line, fit);
  ASSERT_NEAR(fit.parameters[*fit.find("E")].value, line.solution(0), 1e-6);
  const auto profiles = profileIntervals(line.points, line.options, fit, {.curve = 8});
  ASSERT_EQ(profiles.size(), 2u);
  for (const ProfileInterval& profile : profiles) {
    EXPECT_EQ(profile.curve.size(), 17u) << profile.name;
    EXPECT_NEAR(profile.threshold, 3.8415, 1e-3);
    double before = -HUGE_VAL, atLower = 0, atUpper = 0;
    for (const auto& [value, excess] : profile.curve) {
      EXPECT_GT(value, before);
      before = value;
      // The floor is a coefficient, the other the logarithm of one: profiles do not mind.
      const bool floor = profile.name == "E";
      const int k = floor ? 0 : 1;
      const double off = (floor ? value : std::exp(value)) - line.solution(k);
      const double expected = off * off / line.covariance(k, k);
      EXPECT_NEAR(excess, expected, 1e-4 * std::max(1.0, expected)) << profile.name << " " << value;
      if (value < profile.lower) atLower = excess;
      if (value > profile.upper && atUpper == 0) atUpper = excess;
    }
    EXPECT_GT(atLower, profile.threshold) << "the curve reaches beyond the interval";
    EXPECT_GT(atUpper, profile.threshold);
  }
}

TEST(ProfileCurve, IsLeftOutUnlessAskedFor) {
  Line line = makeLine();
  const JointFit fit = fitJoint(line.points, line.options);
  for (const ProfileInterval& profile : profileIntervals(line.points, line.options, fit)) {
    EXPECT_TRUE(profile.curve.empty());
  }
}

TEST(Influence, IsCooksDistanceOfLeavingThePointOut) {
  Line line = makeLine(2.5, 0);
  const JointFit fit = fitJoint(line.points, line.options);
  solve(line, fit);
  const auto all = influences(fit);
  ASSERT_EQ(all.size(), line.points.size());
  double before = HUGE_VAL;
  for (const PointInfluence& one : all) {
    EXPECT_LE(one.cook, before);
    before = one.cook;
    const std::size_t left = fit.points[one.fitted].point;
    Line rest = line;
    rest.points.erase(rest.points.begin() + static_cast<std::ptrdiff_t>(left));
    solve(rest, fit);  // around the centre of the whole
    const Eigen::VectorXd moved = rest.solution - line.solution;
    const double distance =
        (moved.transpose() * line.covariance.inverse() * moved).value() / fit.freeParameters;
    EXPECT_NEAR(one.cook, distance, 1e-3 * std::max(0.01, distance)) << "point " << left;
  }
}

TEST(Influence, APlantedPointIsSuggestedAndNothingElse) {
  EXPECT_TRUE(exclusionHints([] {
                const Line line = makeLine();
                return fitJoint(line.points, line.options);
              }())
                  .empty());
  const Line line = makeLine(7, 9);  // the largest model
  JointFit fit = fitJoint(line.points, line.options);
  fit.usable = true;  // one point of ten misses it by far: here the point is the fault
  const auto hints = exclusionHints(fit);
  ASSERT_EQ(hints.size(), 1u);
  EXPECT_EQ(fit.points[hints[0].influence.fitted].model, "m9");
  EXPECT_NE(hints[0].reason.find("Cook's distance"), std::string::npos) << hints[0].reason;
  fit.usable = false;
  EXPECT_TRUE(exclusionHints(fit).empty()) << "a refused law accuses nobody";
}

}  // namespace
}  // namespace bitfrontier
