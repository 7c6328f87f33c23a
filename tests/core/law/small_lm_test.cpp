// SPDX-License-Identifier: GPL-3.0-or-later
// The light solver at bounds: of a linear problem the minimum in a box is known by its gradient.

#include "core/law/numeric/small_lm.h"

#include <gtest/gtest.h>

#include <cmath>
#include <Eigen/Dense>

#include "core/law/numeric/counter_rng.h"

namespace bitfrontier {
namespace {

TEST(SmallLm, MinimumOfALinearProblemInABox) {
  constexpr Eigen::Index kRows = 12, kSize = 5;
  int atBounds = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    CounterRng rng(11, seed);
    Eigen::MatrixXd a(kRows, kSize);
    Eigen::VectorXd target(kRows), lower(kSize), upper(kSize), p(kSize);
    for (double& x : a.reshaped()) x = rng.normal();
    for (double& x : target) x = 2 * rng.normal();
    // Columns that nearly agree: where clipping a step to the box goes uphill.
    for (Eigen::Index c = 1; c < kSize; ++c) a.col(c) = 0.15 * a.col(c) + a.col(0);
    for (Eigen::Index c = 0; c < kSize; ++c) {
      lower[c] = -rng.uniform();
      upper[c] = rng.uniform();
      p[c] = lower[c] + (upper[c] - lower[c]) * rng.uniform();
    }
    const auto evaluate = [&](const double* at, double* r, double* j) {
      const Eigen::Map<const Eigen::VectorXd> x(at, kSize);
      Eigen::Map<Eigen::VectorXd>{r, kRows} = a * x - target;
      using RowMajor = Eigen::Matrix<double, kRows, kSize, Eigen::RowMajor>;
      if (j != nullptr) Eigen::Map<RowMajor>{j} = a;
      return true;
    };
    SmallLm solver;
    const SmallLm::Result result =
        solver.solve(evaluate, kRows, kSize, lower.data(), upper.data(), p.data(), {});
    EXPECT_TRUE(result.converged) << seed;
    // Inside no slope is left; at a bound it pushes outwards.
    const Eigen::VectorXd gradient = a.transpose() * (a * p - target);
    for (Eigen::Index c = 0; c < kSize; ++c) {
      if (p[c] == lower[c]) {
        EXPECT_GE(gradient[c], -1e-6) << seed << " " << c;
        ++atBounds;
      } else if (p[c] == upper[c]) {
        EXPECT_LE(gradient[c], 1e-6) << seed << " " << c;
        ++atBounds;
      } else {
        EXPECT_NEAR(gradient[c], 0, 1e-5) << seed << " " << c;
      }
    }
  }
  EXPECT_GT(atBounds, 800);
}

}  // namespace
}  // namespace bitfrontier
