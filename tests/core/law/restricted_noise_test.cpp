// SPDX-License-Identifier: GPL-3.0-or-later
// Intervals where the lack of fit is estimated beside known errors.

#include "core/law/fit/restricted_noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <Eigen/Dense>
#include <map>

#include "core/law/fit/joint_fit.h"
#include "core/law/inference/law_profile.h"
#include "tests/core/law/planted_law.h"

namespace bitfrontier {
namespace {

TEST(RestrictedNoise, WithoutKnownErrorsItIsTheResidualVariance) {
  // Then tau^2 is the sum of squares / (n - K), with n - K degrees of freedom, for any combination.
  test::PlantedData planted = test::plant(test::planted("V"));
  CounterRng rng(5, 5);
  for (LawPoint& p : planted.points) {
    p.accuracy += 0.004 * rng.normal();
    p.accuracySe = 1e-9;
  }
  planted.options.estimateTau = true;
  const JointFit fit = fitJoint(planted.points, planted.options);
  ASSERT_FALSE(fit.restricted.empty());
  double squares = 0;
  for (const FittedPoint& p : fit.points) squares += std::pow(p.value - p.fitted, 2);
  const double freedom = fit.n - fit.freeParameters;
  EXPECT_NEAR(fit.restricted.tau / std::sqrt(squares / freedom), 1, 1e-5);
  EXPECT_NEAR(fit.tau / std::sqrt(squares / fit.n), 1, 1e-5);
  for (std::size_t k = 0; k < fit.parameters.size(); ++k) {
    std::vector<double> gradient(fit.parameters.size(), 0);
    gradient[k] = 1;
    EXPECT_NEAR(fit.restricted.freedom(gradient), freedom, 1e-4) << k;
    // The half-width is that of a fit whose one deviation is unknown.
    EXPECT_NEAR(waldHalfWidth(fit, k, 0.95) / (waldFactor(fit, 0.95) * fit.parameters[k].se),
                std::sqrt(fit.n / freedom), 1e-4);
  }
}

TEST(RestrictedNoise, KnownErrorsAloneNeedNone) {
  test::PlantedData planted = test::plant(test::planted("V"));
  planted.options.estimateTau = false;
  const JointFit fit = fitJoint(planted.points, planted.options);
  EXPECT_TRUE(fit.restricted.empty());
  EXPECT_NEAR(waldHalfWidth(fit, 0, 0.95), 1.959964 * fit.parameters[0].se, 1e-6);
}

TEST(RestrictedNoise, IntervalsHoldTheTruth) {
  // Errors as of outcomes on the same items. Intervals around the likelihood's tau held shifts in
  // 92.4 % of 4,000 sweeps (tests/bench/RESULTS.md).
  const test::PlantedLaw law = test::planted("V");
  const test::PlantedData planted = test::plant(law);
  const std::size_t n = planted.points.size();
  const auto size = static_cast<Eigen::Index>(n);
  SymmetricMatrix matrix{n, std::vector<double>(n * n)};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      const bool same = planted.points[i].model == planted.points[k].model;
      matrix.values[i * n + k] = law.se * law.se * (i == k ? 1 : same ? 0.70 : 0.39);
    }
  }
  const Eigen::MatrixXd root =
      Eigen::Map<Eigen::MatrixXd>(matrix.values.data(), size, size).llt().matrixL();
  JointOptions options = planted.options;
  options.covariance = matrix;
  options.estimateTau = true;
  options.starts = 2;
  constexpr int kSweeps = 2000;
  std::map<std::string, int> covered;
  int curve = 0;
  for (int sweep = 0; sweep < kSweeps; ++sweep) {
    CounterRng rng(77, static_cast<std::uint64_t>(sweep));
    Eigen::VectorXd normal(size);
    for (double& x : normal) x = rng.normal();
    const Eigen::VectorXd error = root * normal;
    std::vector<LawPoint> points = planted.points;
    for (std::size_t i = 0; i < n; ++i) {
      points[i].accuracy += error[static_cast<Eigen::Index>(i)] + 0.003 * rng.normal();
    }
    const JointFit fit = fitJoint(points, options);
    ASSERT_FALSE(fit.parameters.empty());
    for (std::size_t k = 0; k < fit.parameters.size(); ++k) {
      const FittedParameter& p = fit.parameters[k];
      covered[p.name] += std::abs(p.value - planted.values[k]) <= waldHalfWidth(fit, k, 0.95);
    }
    const LawRow row = fit.row(0, 1e9);
    const double truth = 1 - fit.form->value(fit.context, planted.values.data(), row, nullptr);
    curve += std::abs(fit.predict(row) - truth) <= curveHalfWidth(fit, row, 0.95) ? 1 : 0;
  }
  covered["curve"] = curve;
  // Three binomial errors: 1.5 %.
  const double three = 3 * std::sqrt(0.95 * 0.05 / kSweeps);
  for (const auto& [name, count] : covered) {
    EXPECT_NEAR(double(count) / kSweeps, 0.95, three) << name;
  }
}

}  // namespace
}  // namespace bitfrontier
