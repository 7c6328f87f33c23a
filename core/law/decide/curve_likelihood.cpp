// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/decide/curve_likelihood.h"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace bitfrontier {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Index = Eigen::Index;

double below(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

/// Share of a standard normal within [low, high], accurate in the tails.
double shareWithin(double low, double high) {
  return low > 0 ? below(-low) - below(-high) : below(high) - below(low);
}

/// A standard normal within [low, high].
double normalWithin(double low, double high, double uniform) {
  if (low > 0) return -normalWithin(-high, -low, uniform);
  constexpr double kFarthest = 38;  // beyond it no double is left
  const double p = below(low) + uniform * (below(high) - below(low));
  if (!(p > 0)) return std::max(low, std::min(high, -kFarthest));
  if (!(p < 1)) return low;
  return std::clamp(-std::numbers::sqrt2 * boost::math::erfc_inv(2 * p), low, high);
}

}  // namespace

CurveLikelihood::CurveLikelihood(Data data) : data_(std::move(data)) {
  const auto n = static_cast<Index>(data_.y.size());
  turnedY_ = data_.basis.transpose() * Eigen::Map<const VectorXd>(data_.y.data(), n);
  turnedOne_ = data_.basis.transpose() * VectorXd::Ones(n);
}

double CurveLikelihood::logDensity(double alpha, double gammaN, double tau, Linear* linear) const {
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  const auto n = static_cast<Index>(data_.y.size());
  const auto m = static_cast<Index>(parameters());
  MatrixXd design = MatrixXd::Zero(n, m);
  VectorXd base(n);
  for (Index i = 0; i < n; ++i) {
    const auto row = static_cast<std::size_t>(i);
    base[i] = std::exp(-alpha * data_.z[row]);
    const auto f = static_cast<Index>(data_.format[row]);
    if (f > 0) design.col(f) += std::exp(-gammaN * data_.z[row]) * data_.basis.row(i).transpose();
  }
  design.col(0).noalias() = data_.basis.transpose() * base;
  design.col(m - 1) = turnedOne_;
  const VectorXd variance = data_.eigenvalues.array() + tau * tau;
  if (!(variance.minCoeff() > 1e-12 * variance.maxCoeff())) return kNever;
  const VectorXd precision = variance.cwiseInverse();
  const MatrixXd weighted = precision.asDiagonal() * design;
  MatrixXd information = weighted.transpose() * design;
  const double prior = 1 / (data_.scale * data_.scale);
  information.diagonal().array() += prior;
  const Eigen::LLT<MatrixXd> solver(information);
  if (solver.info() != Eigen::Success) return kNever;
  const VectorXd score = weighted.transpose() * turnedY_;
  const VectorXd mean = solver.solve(score);
  const MatrixXd upper = solver.matrixU();
  // E is the last parameter: its marginal precision is the last pivot.
  const double pivot = upper(m - 1, m - 1), floor = mean[m - 1];
  const double share = shareWithin(-floor * pivot, (data_.highestFloor - floor) * pivot);
  if (!(share > 0)) return kNever;
  const double squares = (turnedY_.array().square() * precision.array()).sum() - score.dot(mean);
  const double density = -0.5 * squares + data_.logVolume - 0.5 * variance.array().log().sum() -
                         upper.diagonal().array().log().sum() +
                         0.5 * static_cast<double>(m) * std::log(prior) + std::log(share);
  if (linear != nullptr) *linear = {mean, upper};
  return std::isfinite(density) ? density : kNever;
}

VectorXd CurveLikelihood::draw(const Linear& linear, CounterRng& rng, double& weight) const {
  constexpr double kUnbounded = std::numeric_limits<double>::infinity();
  const auto m = static_cast<Index>(parameters());
  VectorXd offset(m);  // from the mean; the last parameter depends on no other
  weight = 1;
  for (Index k = m - 1; k >= 0; --k) {
    const double pivot = linear.upper(k, k);
    const double shift = -linear.upper.row(k).tail(m - 1 - k).dot(offset.tail(m - 1 - k)) / pivot;
    const double low = -(linear.mean[k] + shift) * pivot;
    const bool floor = k == m - 1;
    const double high = floor ? low + data_.highestFloor * pivot : kUnbounded;
    if (!floor) weight *= shareWithin(low, high);
    offset[k] = shift + normalWithin(low, high, rng.uniform()) / pivot;
  }
  return (linear.mean + offset).cwiseMax(0);
}

}  // namespace bitfrontier
