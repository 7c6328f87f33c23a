// SPDX-License-Identifier: GPL-3.0-or-later
// The posterior behind decisions, against dense normal densities and quadrature on fine grids.

#include "core/law/decide/law_mixture.h"

#include <gmock/gmock.h>

#include <array>
#include <cmath>
#include <Eigen/Dense>
#include <numbers>

#include "core/base/error.h"
#include "core/law/decide/curve_likelihood.h"
#include "core/law/fit/joint_fit.h"
#include "core/law/inference/shared_deviation.h"
#include "core/law/numeric/lattice_integral.h"

namespace bitfrontier {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using testing::HasSubstr;

TEST(LatticeIntegral, IsThatOfACorrelatedNormal) {
  MatrixXd information(3, 3);
  information << 40, -12, 3, -12, 9, 1, 3, 1, 2;
  const VectorXd mean = (VectorXd(3) << 0.3, -1, 2).finished();
  const auto logDensity = [&](const std::vector<double>& x) {
    const VectorXd d = Eigen::Map<const VectorXd>(x.data(), 3) - mean;
    return 1000 - 0.5 * d.dot(information * d);
  };
  const LatticeIntegral integral = integrateOnLattice(logDensity, {0, 0, 0}, {0.1, 1, 0.01}, 5000);
  const double expected =
      1000 + 1.5 * std::log(2 * std::numbers::pi) - 0.5 * std::log(information.determinant());
  EXPECT_NEAR(integral.logIntegral, expected, 0.01);
  VectorXd first = VectorXd::Zero(3);
  MatrixXd second = MatrixXd::Zero(3, 3);
  double sum = 0;
  for (const LatticeNode& node : integral.nodes) {
    const double w = std::exp(node.logDensity - 1000);
    const VectorXd x = Eigen::Map<const VectorXd>(node.x.data(), 3);
    sum += w;
    first += w * x;
    second += w * (x - mean) * (x - mean).transpose();
  }
  const MatrixXd covariance = information.inverse();
  for (int i = 0; i < 3; ++i) {
    EXPECT_NEAR(first[i] / sum, mean[i], 0.01 * std::sqrt(covariance(i, i)));
    EXPECT_NEAR(second(i, i) / sum / covariance(i, i), 1, 0.03);
  }
  // Wider when it would have too many nodes, and still about right.
  const LatticeIntegral few = integrateOnLattice(logDensity, {0, 0, 0}, {0.1, 1, 0.01}, 150);
  EXPECT_LE(few.nodes.size(), 150u);
  EXPECT_NEAR(few.logIntegral, expected, 0.1);
}

TEST(LatticeIntegral, SkewedAndBoundedDensities) {
  // The logarithm of an exponential variable, whose density integrates to 1.
  const auto skewed = [](const std::vector<double>& x) { return x[0] - std::exp(x[0]); };
  EXPECT_NEAR(integrateOnLattice(skewed, {5}, {0.3}, 1000).logIntegral, 0, 0.01);
  const auto never = [](const std::vector<double>&) { return -HUGE_VAL; };
  EXPECT_TRUE(integrateOnLattice(never, {0}, {1}, 10).nodes.empty());
}

/// Four sizes of a reference and two formats, with correlated errors.
struct Small {
  std::vector<LawPoint> points;
  SymmetricMatrix sigma;
  CurveLikelihood::Data data;

  explicit Small(double noise = 1, double gammaN = 0.4, double floor = 0.25,
                 std::array<double, 3> costs = {0, 0.02, 0.05}) {
    const double alpha = 0.3, size0 = 1e9 * std::pow(4, 1.5);
    CounterRng rng(21, 4);
    for (int s = 0; s < 4; ++s) {
      for (int f = 0; f < 3; ++f) {
        const double size = 1e9 * std::pow(4, s), z = std::log(size / size0);
        LawPoint p;
        p.family = "small";
        p.model = "small-" + std::to_string(s);
        p.bits = f == 0 ? 16 : 9 - f * 2;
        p.dataType = f == 0 ? "fp16" : "int";
        p.config = f == 0 ? "fp16" : "int" + std::to_string(p.bits);
        p.parameters = size;
        p.totalBits = size * p.bits;
        p.accuracy = 1 - floor - 0.2 * std::exp(-alpha * z) - costs[f] * std::exp(-gammaN * z) +
                     noise * 0.003 * rng.normal();
        p.accuracySe = 0.004;
        p.chance = 0;
        points.push_back(p);
        data.y.push_back(1 - p.accuracy);
        data.z.push_back(z);
        data.format.push_back(static_cast<std::size_t>(f));
      }
    }
    const auto n = static_cast<Eigen::Index>(points.size());
    MatrixXd matrix(n, n);
    for (int i = 0; i < n; ++i) {
      for (int k = 0; k < n; ++k) {
        matrix(i, k) = 0.004 * 0.004 * (i == k ? 1 : i / 3 == k / 3 ? 0.7 : 0.4);
      }
    }
    sigma = {points.size(), std::vector<double>(points.size() * points.size())};
    for (int i = 0; i < n; ++i) {
      for (int k = 0; k < n; ++k) sigma.values[static_cast<std::size_t>(i * n + k)] = matrix(i, k);
    }
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(matrix);
    data.formats = 3;
    data.basis = solver.eigenvectors();
    data.eigenvalues = solver.eigenvalues();
    data.highestFloor = 0.95;
  }

  /// Models and formats of the rows.
  std::vector<std::size_t> models() const {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < points.size(); ++i) all.push_back(i / 3);
    return all;
  }
  /// Correlation of deviations of which the formats of a model share a part.
  MatrixXd shared(double share, const std::array<double, 3>& scales) const {
    const auto n = static_cast<Eigen::Index>(points.size());
    MatrixXd d(n, n);
    for (Eigen::Index i = 0; i < n; ++i) {
      for (Eigen::Index k = 0; k < n; ++k) {
        const double scale = scales[static_cast<std::size_t>(i % 3)];
        d(i, k) = (i / 3 == k / 3 ? share : 0) + (i == k ? (1 - share) * scale * scale : 0);
      }
    }
    return d;
  }

  /// Density of the points as one normal of n dimensions, times the share of E within its range.
  double dense(double alpha, double gammaN, double tau) const {
    const auto n = static_cast<Eigen::Index>(points.size());
    return dense(alpha, gammaN, tau, MatrixXd::Identity(n, n));
  }
  double dense(double alpha, double gammaN, double tau, const MatrixXd& together) const {
    const auto n = static_cast<Eigen::Index>(points.size());
    MatrixXd design = MatrixXd::Zero(n, 4);
    VectorXd y(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      const auto row = static_cast<std::size_t>(i);
      y[i] = data.y[row];
      design(i, 0) = std::exp(-alpha * data.z[row]);
      if (data.format[row] > 0) {
        design(i, static_cast<Eigen::Index>(data.format[row])) = std::exp(-gammaN * data.z[row]);
      }
      design(i, 3) = 1;
    }
    const MatrixXd known =
        Eigen::Map<const MatrixXd>(sigma.values.data(), n, n) + tau * tau * together;
    const MatrixXd all = known + design * design.transpose();
    const MatrixXd inverse = all.inverse();
    const double density = -0.5 * y.dot(inverse * y) - 0.5 * std::log(all.determinant() * 1e40) -
                           0.5 * static_cast<double>(n) * std::log(2 * std::numbers::pi);
    // Regression of E on y in their joint normal distribution.
    const VectorXd with = inverse * design.col(3);
    const double mean = with.dot(y), deviation = std::sqrt(1 - with.dot(design.col(3)));
    const auto below = [&](double x) {
      return 0.5 * std::erfc(-(x - mean) / deviation / std::numbers::sqrt2);
    };
    return density + std::log(below(0.95) - below(0));
  }
};

TEST(CurveLikelihood, IsADenseNormalDensity) {
  const Small small;
  const CurveLikelihood likelihood(small.data);
  const double offset =
      likelihood.logDensity(0.3, 0.3, 0.002, nullptr) - small.dense(0.3, 0.3, 0.002);
  for (const double alpha : {0.2, 0.3, 0.9}) {
    for (const double tilt : {-0.3, 0.0, 0.2}) {
      for (const double tau : {0.0005, 0.004, 0.05}) {
        EXPECT_NEAR(likelihood.logDensity(alpha, alpha + tilt, tau, nullptr),
                    small.dense(alpha, alpha + tilt, tau) + offset, 1e-5)
            << alpha << " " << tilt << " " << tau;
      }
    }
  }
}

TEST(CurveLikelihood, DeviationsThatGoTogetherAreADenseNormalDensityToo) {
  const Small small;
  const auto n = static_cast<Eigen::Index>(small.points.size());
  const MatrixXd sigma = Eigen::Map<const MatrixXd>(small.sigma.values.data(), n, n);
  const double offset = CurveLikelihood(small.data).logDensity(0.3, 0.3, 0.002, nullptr) -
                        small.dense(0.3, 0.3, 0.002);
  for (const double share : {0.0, 0.3, 0.97}) {
    for (const std::array<double, 3>& scales :
         {std::array<double, 3>{1, 1, 1}, std::array<double, 3>{0.1, 0.8, 3}}) {
      VectorXd scale(n);
      for (Eigen::Index i = 0; i < n; ++i) scale[i] = scales[static_cast<std::size_t>(i % 3)];
      const SharedDeviation deviation(small.models(), scale, share);
      const MatrixXd half = deviation.whitened(sigma);
      const Eigen::SelfAdjointEigenSolver<MatrixXd> turned(deviation.whitened(half.transpose()));
      CurveLikelihood::Data data = small.data;
      data.basis = deviation.dualWhitened(turned.eigenvectors());
      data.eigenvalues = turned.eigenvalues();
      data.logVolume = -0.5 * deviation.logDeterminant();
      const CurveLikelihood likelihood(data);
      for (const double tau : {0.0005, 0.004, 0.05}) {
        EXPECT_NEAR(likelihood.logDensity(0.25, 0.4, tau, nullptr),
                    small.dense(0.25, 0.4, tau, small.shared(share, scales)) + offset, 1e-5)
            << share << " " << scales[0] << " " << tau;
      }
    }
  }
}

TEST(CurveLikelihood, WeightedDrawsAreThoseOfTheCutNormal) {
  // Formats that cost nothing: a good part of the normal lies outside.
  const Small small(1, 0.3, 0.25, {0, 0.0005, 0});
  const CurveLikelihood likelihood(small.data);
  CurveLikelihood::Linear linear;
  likelihood.logDensity(0.3, 0.3, 0.003, &linear);
  constexpr int kDraws = 40000;
  const Eigen::Index m = 4;
  VectorXd accepted = VectorXd::Zero(m), weighted = VectorXd::Zero(m), x(m);
  int floorWithin = 0, within = 0;
  double weights = 0;
  for (std::uint64_t s = 0; s < kDraws; ++s) {
    CounterRng rng(3, s), other(4, s);
    for (double& v : x) v = rng.normal();
    linear.upper.triangularView<Eigen::Upper>().solveInPlace(x);
    x += linear.mean;
    if (x[m - 1] >= 0 && x[m - 1] <= 0.95) {
      ++floorWithin;
      if (x.minCoeff() >= 0) {
        ++within;
        accepted += x;
      }
    }
    double weight = 0;
    const VectorXd drawn = likelihood.draw(linear, other, weight);
    EXPECT_GE(drawn.minCoeff(), 0);
    EXPECT_LE(drawn[m - 1], 0.95);
    weights += weight;
    weighted += weight * drawn;
  }
  ASSERT_GT(within, 1000);
  const double share = within / double(floorWithin);
  EXPECT_LT(share, 0.9);
  EXPECT_NEAR(weights / kDraws, share, 0.015);
  for (Eigen::Index k = 0; k < m; ++k) {
    EXPECT_NEAR(weighted[k] / weights / (accepted[k] / within), 1, 0.03) << k;
  }
}

TEST(LawPosterior, EvidenceAndTauAgreeWithQuadrature) {
  const Small small;
  LawPriors priors;
  priors.sharedRatio = 0;
  const auto normal = [](double x, double deviation) {
    return std::exp(-0.5 * x * x / (deviation * deviation)) /
           (deviation * std::sqrt(2 * std::numbers::pi));
  };
  double parallel = 0, tilted = 0, tauSum = 0;
  const double origin = small.dense(0.3, 0.3, 0.002);
  // Trapezoids over ln alpha, ln tau and the tilt, far finer and wider than the posterior.
  for (double logAlpha = -4.5; logAlpha < 1.5; logAlpha += 0.06) {
    const double alpha = std::exp(logAlpha);
    for (double logTau = -16; logTau < -2.5; logTau += 0.25) {
      const double tau = std::exp(logTau), t = tau / priors.tauAccuracy;
      const double prior = normal(logAlpha - std::log(0.3), 0.7) * t / (1 + t * t);
      const double w = prior * std::exp(small.dense(alpha, alpha, tau) - origin);
      parallel += w;
      tauSum += w * tau;
      for (double tilt = -0.9; tilt <= 0.9; tilt += 0.06) {
        tilted += prior * normal(tilt, 0.2) * 0.06 *
                  std::exp(small.dense(alpha, alpha + tilt, tau) - origin);
      }
    }
  }
  JointOptions options;
  options.covariance = small.sigma;
  const LawPosterior one(fitJoint(small.points, options), options.covariance, priors);
  options.form = "J2";
  const LawPosterior two(fitJoint(small.points, options), options.covariance, priors);
  EXPECT_NEAR(two.logEvidence() - one.logEvidence(), std::log(tilted / parallel), 0.02);
  EXPECT_NEAR(one.meanTau() / (tauSum / parallel), 1, 0.02);
  // The mixture has them as odds.
  options.form = "J1";
  std::string why;
  const LawMixture mixture = fitMixture(small.points, options, why, {}, priors);
  ASSERT_EQ(mixture.laws.size(), 2u) << why;
  EXPECT_NEAR(mixture.weights[1] / mixture.weights[0] / (tilted / parallel), 1, 0.02);
}

TEST(LawPosterior, LinearCaseHasTheNormalProbabilities) {
  // With alpha and tau known by the prior, what remains is generalized least squares.
  const Small small;
  LawPriors priors;
  priors.alphaLogDeviation = 1e-5;
  priors.tiltDeviation = 1e-5;
  priors.tauAccuracy = 1e-8;
  const auto n = static_cast<Eigen::Index>(small.points.size());
  MatrixXd design = MatrixXd::Zero(n, 4);
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto row = static_cast<std::size_t>(i);
    design(i, 0) = std::exp(-0.3 * small.data.z[row]);
    const auto f = static_cast<Eigen::Index>(small.data.format[row]);
    if (f > 0) design(i, f) = design(i, 0);
    design(i, 3) = 1;
  }
  const MatrixXd weight =
      MatrixXd(Eigen::Map<const MatrixXd>(small.sigma.values.data(), n, n)).inverse();
  const MatrixXd covariance =
      (design.transpose() * weight * design + MatrixXd::Identity(4, 4)).inverse();
  const VectorXd mean =
      covariance * design.transpose() * weight * Eigen::Map<const VectorXd>(small.data.y.data(), n);
  double evidence[2];
  for (const int law : {0, 1}) {
    JointOptions options;
    options.covariance = small.sigma;
    options.form = law == 0 ? "J1" : "J2";
    const LawPosterior posterior(fitJoint(small.points, options), options.covariance, priors);
    evidence[law] = posterior.logEvidence();
    // The probability that the first format costs less than x at the middle size.
    constexpr int kDraws = 20000;
    for (const double sigmas : {-1.0, 0.0, 0.7}) {
      const double x = mean[1] + sigmas * std::sqrt(covariance(1, 1));
      int below = 0;
      for (std::uint64_t s = 0; s < kDraws; ++s) {
        CounterRng rng(8, s);
        const auto p = posterior.draw(rng).parameters;
        const JointFit& fit = posterior.fit();
        below += fit.predict(fit.row(0, fit.context.size0), p.data()) -
                             fit.predict(fit.row(1, fit.context.size0), p.data()) <
                         x
                     ? 1
                     : 0;
      }
      const double expected = 0.5 * std::erfc(-sigmas / std::numbers::sqrt2);
      EXPECT_NEAR(below / double(kDraws), expected, 4 * std::sqrt(0.25 / kDraws)) << sigmas;
    }
  }
  // Without room for a tilt the laws are one.
  EXPECT_NEAR(evidence[0], evidence[1], 0.02);
}

TEST(LawPosterior, TiltThatTheDataShowDecidesForJ2) {
  std::string why;
  JointOptions options;
  Small parallel(0.1, 0.3), tilted(0.1, 0.6);
  options.covariance = parallel.sigma;
  for (double& v : options.covariance->values) v /= 100;
  const LawMixture one = fitMixture(parallel.points, options, why);
  ASSERT_FALSE(one.empty()) << why;
  EXPECT_EQ(one.laws[0].fit().form->info().name, "J1");
  EXPECT_GT(one.weights[0], 0.5);
  const LawMixture two = fitMixture(tilted.points, options, why);
  ASSERT_FALSE(two.empty()) << why;
  EXPECT_EQ(two.laws.back().fit().form->info().name, "J2");
  EXPECT_GT(two.weights.back(), 0.95);
}

TEST(LawPosterior, DrawsDependOnTheSeedAloneAndKeepTheFloorWithinItsRange) {
  const Small small(1, 0.3, 0);  // all errors vanish with size: E presses against 0
  JointOptions options;
  options.covariance = small.sigma;
  const LawPosterior posterior(fitJoint(small.points, options), options.covariance);
  double lowest = 1, highest = 0;
  for (std::uint64_t s = 0; s < 2000; ++s) {
    CounterRng rng(5, s), again(5, s), other(6, s);
    const auto draw = posterior.draw(rng);
    EXPECT_EQ(draw.parameters, posterior.draw(again).parameters);
    EXPECT_NE(draw.parameters, posterior.draw(other).parameters);
    for (const double p : draw.parameters) ASSERT_TRUE(std::isfinite(p));
    EXPECT_EQ(posterior.deviations(draw, rng), posterior.deviations(draw, again));
    lowest = std::min(lowest, draw.parameters[0]);
    highest = std::max(highest, draw.parameters[0]);
  }
  EXPECT_GE(lowest, 0);
  EXPECT_LT(lowest, 0.02);
  EXPECT_LT(highest, 0.25);
}

TEST(LawPosterior, RefusesOtherLaws) {
  const Small small(1, 0);
  const auto problem = [&](const JointOptions& options) -> std::string {
    try {
      const LawPosterior posterior(fitJoint(small.points, options), std::nullopt);
    } catch (const Error& e) {
      return e.what();
    }
    return "none";
  };
  JointOptions options;
  options.form = "V";
  EXPECT_THAT(problem(options), HasSubstr("decisions rest on J1 and J2"));
  options.form = "J1";
  options.fixed["alpha"] = 0.3;
  EXPECT_THAT(problem(options), HasSubstr("not on J1 with held ones"));
  options.fixed.clear();
  options.fewestSizes = 9;
  EXPECT_EQ(problem(options), "a refused law has no posterior");
}

}  // namespace
}  // namespace bitfrontier
