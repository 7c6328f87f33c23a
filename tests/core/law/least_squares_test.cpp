// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/numeric/least_squares.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/law/numeric/auto_diff.h"

namespace bitfrontier {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

/// r_i = p0 + p1 x_i - y_i at x = 0..3, y = 1, 3, 4, 8.
LeastSquaresProblem line() {
  LeastSquaresProblem problem;
  problem.names = {"p0", "p1"};
  problem.residuals = 4;
  problem.evaluate = autoDiff<2>(
      [](const auto* p, std::size_t i) {
        const double y[] = {1, 3, 4, 8};
        return p[0] + p[1] * static_cast<double>(i) - y[i];
      },
      4);
  return problem;
}

TEST(LeastSquares, LineByHand) {
  const auto result = solveLeastSquares(line(), std::vector{0.0, 0.0});
  EXPECT_TRUE(result.converged);
  EXPECT_NEAR(result.values[0], 0.7, 1e-6);  // normal equations: 4 a + 6 b = 16, 6 a + 14 b = 35
  EXPECT_NEAR(result.values[1], 2.2, 1e-6);
  EXPECT_NEAR(2 * result.cost, 1.8, 1e-9);
  ASSERT_EQ(result.covariance.size(), 4u);
  EXPECT_NEAR(result.covariance[0], 0.7, 1e-9);  // inverse of [[4, 6], [6, 14]]
  EXPECT_NEAR(result.covariance[1], -0.3, 1e-9);
  EXPECT_NEAR(result.covariance[3], 0.2, 1e-9);
}

TEST(LeastSquares, BoundHolds) {
  LeastSquaresProblem problem = line();
  problem.lower = {1, -kInf};
  problem.upper = {kInf, kInf};
  const auto result = solveLeastSquares(problem, std::vector{-5.0, 0.0});
  EXPECT_NEAR(result.values[0], 1, 1e-9);
  EXPECT_NEAR(result.values[1], 29.0 / 14, 1e-7);  // (35 - 6) / 14
  EXPECT_TRUE(result.atBound[0]);
  EXPECT_FALSE(result.atBound[1]);
  EXPECT_EQ(result.covariance[0], 0);
  EXPECT_NEAR(result.covariance[3], 1.0 / 14, 1e-9);
}

TEST(LeastSquares, UndeterminedParametersHaveNoCovariance) {
  LeastSquaresProblem problem = line();
  problem.evaluate = autoDiff<2>([](const auto* p, std::size_t) { return p[0] + p[1] - 1.0; }, 4);
  const auto result = solveLeastSquares(problem, std::vector{5.0, 5.0});
  EXPECT_NEAR(result.cost, 0, 1e-18);
  EXPECT_TRUE(result.covariance.empty());
  EXPECT_EQ(result.condition, kInf);
}

TEST(LeastSquares, MisuseIsAnErrorNotAnAbort) {
  const std::vector start{0.0, 0.0};
  const auto kindOf = [](auto&& call) {
    try {
      call();
    } catch (const Error& e) {
      return e.kind();
    }
    return ErrorKind::Cancelled;
  };
  LeastSquaresProblem problem = line();
  EXPECT_EQ(kindOf([&] { solveLeastSquares(problem, std::vector{0.0}); }),
            ErrorKind::InvalidArgument);
  EXPECT_EQ(kindOf([&] {
              solveLeastSquares(problem, std::vector{0.0, std::nan("")});
            }),
            ErrorKind::InvalidArgument);
  LeastSquaresOptions options;
  options.maxIterations = 0;
  EXPECT_EQ(kindOf([&] { solveLeastSquares(problem, start, options); }),
            ErrorKind::InvalidArgument);
  problem.lower = {1, 2};
  problem.upper = {1, 3};
  EXPECT_EQ(kindOf([&] { solveLeastSquares(problem, start); }), ErrorKind::InvalidArgument);
  problem.upper = {2};
  EXPECT_EQ(kindOf([&] { solveLeastSquares(problem, start); }), ErrorKind::InvalidArgument);
  problem = line();
  problem.residuals = 0;
  EXPECT_EQ(kindOf([&] { solveLeastSquares(problem, start); }), ErrorKind::InvalidArgument);
  problem = line();
  problem.evaluate = [](const double*, double* r, double*) {
    std::fill(r, r + 4, std::nan(""));
    return true;
  };
  EXPECT_EQ(kindOf([&] { solveLeastSquares(problem, start); }), ErrorKind::Numeric);
}

TEST(LeastSquares, RegionWithoutModelIsAvoided) {
  // A full step from 0.01 would make p negative, where log p is not defined.
  LeastSquaresProblem problem;
  problem.names = {"p"};
  problem.residuals = 2;
  problem.evaluate = [](const double* p, double* r, double* jacobian) {
    if (p[0] <= 0) return false;
    r[0] = std::log(p[0]) + 6;
    r[1] = 0;
    if (jacobian != nullptr) {
      jacobian[0] = 1 / p[0];
      jacobian[1] = 0;
    }
    return true;
  };
  const auto result = solveLeastSquares(problem, std::vector{1.0});
  EXPECT_NEAR(result.values[0], std::exp(-6.0), 1e-9);
}

TEST(LeastSquares, StopRequestCancels) {
  std::stop_source source;
  LeastSquaresProblem problem = line();
  const auto inner = problem.evaluate;
  int calls = 0;
  problem.evaluate = [&](const double* p, double* r, double* jacobian) {
    if (++calls == 2) source.request_stop();
    return inner(p, r, jacobian);
  };
  JobContext job;
  job.stop = source.get_token();
  try {
    solveLeastSquares(problem, std::vector{100.0, 100.0}, {}, job);
    FAIL() << "not cancelled";
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::Cancelled);
  }
}

TEST(LeastSquares, NumericDerivativesAgreeWithExactOnes) {
  const auto model = [](const auto* p, std::size_t i) {
    using std::exp, std::pow;
    return p[0] * exp(-p[1] * static_cast<double>(i)) + pow(2.0 + static_cast<double>(i), p[2]);
  };
  const auto exact = autoDiff<3>(model, 5);
  const auto numeric = numericDiff(
      [&](const double* p, double* r) {
        for (std::size_t i = 0; i < 5; ++i) r[i] = model(p, i);
        return true;
      },
      3, 5);
  const double p[] = {1.5, 0.3, -0.7};
  double r1[5], r2[5], j1[15], j2[15];
  ASSERT_TRUE(exact(p, r1, j1));
  ASSERT_TRUE(numeric(p, r2, j2));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(r1[i], r2[i]);
  for (int i = 0; i < 15; ++i) EXPECT_NEAR(j1[i], j2[i], 1e-9);
}

}  // namespace
}  // namespace bitfrontier
