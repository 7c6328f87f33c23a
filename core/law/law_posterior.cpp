// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/law_posterior.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <Eigen/Dense>
#include <utility>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Index = Eigen::Index;

/// The posterior for one value of tau.
struct AtTau {
  double tau = 0;
  double cumulative = 0;  ///< of the probabilities up to this one
  VectorXd parameters;    ///< free ones
  MatrixXd root;          ///< root * root' is their covariance
};

MatrixXd symmetricRoot(const MatrixXd& matrix) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(matrix);
  return solver.eigenvectors() * solver.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal();
}

}  // namespace

struct LawPosterior::Impl {
  JointFit fit;
  std::vector<std::size_t> free;
  MatrixXd basis;  ///< eigenvectors of Sigma
  VectorXd eigenvalues;
  std::vector<AtTau> taus;
  double noise = 0;

  void makeSigma(const std::optional<SymmetricMatrix>& covariance);
  void makePosterior();
};

void LawPosterior::Impl::makeSigma(const std::optional<SymmetricMatrix>& covariance) {
  const auto n = static_cast<Index>(fit.points.size());
  MatrixXd sigma = MatrixXd::Zero(n, n);
  for (Index i = 0; i < n; ++i) {
    const FittedPoint& a = fit.points[static_cast<std::size_t>(i)];
    if (covariance) {
      for (Index k = 0; k < n; ++k) {
        sigma(i, k) = covariance->at(a.point, fit.points[static_cast<std::size_t>(k)].point);
      }
    } else if (fit.weighting != Weighting::Equal) {
      sigma(i, i) = a.se * a.se;
    }
  }
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(sigma);
  basis = solver.eigenvectors();
  eigenvalues = solver.eigenvalues().cwiseMax(0);
  // Duplicates make Sigma singular; a ten-thousandth of its mean variance keeps its inverse finite.
  const double ridge = 1e-4 * sigma.trace() / static_cast<double>(n);
  std::vector<double> own;
  for (Index i = 0; i < n; ++i) {
    double precision = 0;
    for (Index j = 0; j < n; ++j) {
      precision += basis(i, j) * basis(i, j) / std::max(eigenvalues[j] + ridge, 1e-300);
    }
    own.push_back(1 / precision);
  }
  std::nth_element(own.begin(), own.begin() + static_cast<std::ptrdiff_t>(own.size() / 2),
                   own.end());
  noise = own[own.size() / 2];
}

void LawPosterior::Impl::makePosterior() {
  const auto n = static_cast<Index>(fit.points.size());
  const std::size_t all = fit.parameters.size();
  for (std::size_t k = 0; k < all; ++k) {
    if (!fit.parameters[k].atBound && !fit.parameters[k].held) free.push_back(k);
  }
  const auto m = static_cast<Index>(free.size());
  const bool accuracy = fit.context.metric == LawMetric::Accuracy && fit.form->info().ofError;
  const std::vector<double> best = fit.values();
  MatrixXd jacobian(n, m);
  VectorXd residual(n);
  std::vector<double> gradient(all);
  for (Index i = 0; i < n; ++i) {
    const FittedPoint& p = fit.points[static_cast<std::size_t>(i)];
    fit.form->value(fit.context, best.data(), p.row, gradient.data());
    for (Index k = 0; k < m; ++k) {
      jacobian(i, k) = (accuracy ? -1 : 1) * gradient[free[static_cast<std::size_t>(k)]];
    }
    residual[i] = p.value - p.fitted;
  }
  const MatrixXd turned = basis.transpose() * jacobian;
  const VectorXd turnedResidual = basis.transpose() * residual;
  VectorXd center(m);
  for (Index k = 0; k < m; ++k) center[k] = best[free[static_cast<std::size_t>(k)]];

  // tau on a grid around the scale of the data; with Equal weighting it is the only deviation.
  const double typical = std::sqrt(std::max(eigenvalues.mean(), 0.0));
  const double spread = std::sqrt(residual.squaredNorm() / static_cast<double>(n));
  const double largest = 6 * std::max({typical, spread, fit.tau, 1e-9});
  constexpr int kSteps = 48;
  std::vector<double> logWeights;
  // Free parameters take n - m degrees of freedom, so any tau of 0 with singular Sigma is refused.
  for (int step = 0; step <= kSteps; ++step) {
    const double tau = largest * std::pow(static_cast<double>(step) / kSteps, 2);
    VectorXd variance = eigenvalues.array() + tau * tau;
    if (!(variance.minCoeff() > 1e-9 * variance.maxCoeff())) continue;
    const VectorXd precision = variance.cwiseInverse();
    const MatrixXd information = turned.transpose() * precision.asDiagonal() * turned;
    const Eigen::LDLT<MatrixXd> solver(information);
    if (m > 0 && (solver.info() != Eigen::Success || !solver.isPositive())) continue;
    AtTau at;
    at.tau = tau;
    const VectorXd score = turned.transpose() * precision.asDiagonal() * turnedResidual;
    const VectorXd move = m > 0 ? VectorXd(solver.solve(score)) : VectorXd(0);
    at.parameters = center + move;
    at.root =
        symmetricRoot(m > 0 ? MatrixXd(solver.solve(MatrixXd::Identity(m, m))) : MatrixXd(0, 0));
    const VectorXd left = turnedResidual - turned * move;
    // The likelihood with the parameters integrated out; the grid is uneven: weigh by its spacing.
    double logWeight = -0.5 * (left.array().square() * precision.array()).sum() -
                       0.5 * variance.array().log().sum() + std::log((2.0 * step + 0.5) / kSteps);
    if (m > 0) logWeight -= 0.5 * solver.vectorD().array().max(1e-300).log().sum();
    logWeights.push_back(logWeight);
    taus.push_back(std::move(at));
  }
  if (taus.empty()) {
    throw Error(ErrorKind::Numeric, "the covariance of the points and the law are degenerate");
  }
  const double top = *std::max_element(logWeights.begin(), logWeights.end());
  double sum = 0;
  for (std::size_t i = 0; i < taus.size(); ++i)
    taus[i].cumulative = sum += std::exp(logWeights[i] - top);
  for (AtTau& at : taus) at.cumulative /= sum;
}

LawPosterior::LawPosterior(JointFit fit, const std::optional<SymmetricMatrix>& covariance)
    : impl_(std::make_unique<Impl>()) {
  if (!fit.usable || fit.points.empty()) {
    throw Error(ErrorKind::InvalidArgument, "a refused law has no posterior");
  }
  impl_->fit = std::move(fit);
  impl_->makeSigma(covariance);
  impl_->makePosterior();
}
LawPosterior::~LawPosterior() = default;
LawPosterior::LawPosterior(LawPosterior&&) noexcept = default;
LawPosterior& LawPosterior::operator=(LawPosterior&&) noexcept = default;

const JointFit& LawPosterior::fit() const { return impl_->fit; }
double LawPosterior::pairedNoise() const { return impl_->noise; }

double LawPosterior::meanTau() const {
  double mean = 0, before = 0;
  for (const AtTau& at : impl_->taus) {
    mean += at.tau * (at.cumulative - before);
    before = at.cumulative;
  }
  return mean;
}

LawPosterior::Draw LawPosterior::draw(CounterRng& rng) const {
  const Impl& d = *impl_;
  const double share = rng.uniform();
  const auto found = std::find_if(d.taus.begin(), d.taus.end(),
                                  [&](const AtTau& at) { return share < at.cumulative; });
  const AtTau& at = found == d.taus.end() ? d.taus.back() : *found;
  Draw draw;
  draw.tau = at.tau;
  draw.tauIndex = static_cast<std::size_t>(&at - d.taus.data());
  draw.parameters = d.fit.values();
  VectorXd normal(static_cast<Index>(d.free.size()));
  for (double& x : normal) x = rng.normal();
  const VectorXd step = at.parameters + at.root * normal;
  for (std::size_t k = 0; k < d.free.size(); ++k) {
    const FittedParameter& p = d.fit.parameters[d.free[k]];
    draw.parameters[d.free[k]] = std::clamp(step[static_cast<Index>(k)], std::min(p.lower, p.value),
                                            std::max(p.upper, p.value));
  }
  return draw;
}

std::vector<double> LawPosterior::deviations(const Draw& draw, CounterRng& rng) const {
  const Impl& d = *impl_;
  const auto n = static_cast<Index>(d.fit.points.size());
  VectorXd residual(n);
  for (Index i = 0; i < n; ++i) {
    const FittedPoint& p = d.fit.points[static_cast<std::size_t>(i)];
    residual[i] = p.value - d.fit.predict(p.row, draw.parameters.data());
  }
  VectorXd turned = d.basis.transpose() * residual;
  const double t2 = draw.tau * draw.tau;
  for (Index i = 0; i < n; ++i) {
    const double lambda = d.eigenvalues[i];
    turned[i] = t2 > 0 ? turned[i] * t2 / (t2 + lambda) +
                             std::sqrt(t2 * lambda / (t2 + lambda)) * rng.normal()
                       : 0;
  }
  const VectorXd u = d.basis * turned;
  return {u.data(), u.data() + n};
}

}  // namespace bitfrontier
