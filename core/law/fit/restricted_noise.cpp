// SPDX-License-Identifier: GPL-3.0-or-later
//
// With d_i the known variances (eigenvalues of the covariance), v = tau^2, W = diag(1 / (d + v)),
// residuals r and Jacobian J in the basis of the eigenvectors and A = J'WJ, the restricted
// likelihood is -2 ln L = sum ln(d + v) + ln det A + r'Wr - (J'Wr)' A^-1 (J'Wr). Its information on
// v is tr(PP)/2 with P = W - WJ A^-1 J'W. Published priors enter as rows of constant weight.

#include "core/law/fit/restricted_noise.h"

#include <boost/math/tools/minima.hpp>

#include <algorithm>
#include <cmath>
#include <Eigen/Dense>

#include "core/law/fit/law_objective.h"

namespace bitfrontier {
namespace {

class Restricted {
 public:
  Restricted(const LawObjective& objective, const std::vector<double>& free,
             const std::vector<bool>& atBound)
      : known_(Eigen::VectorXd::Zero(static_cast<Eigen::Index>(objective.rows()))) {
    const std::size_t m = objective.freeCount(), rows = objective.residuals();
    std::vector<double> r(rows), j(rows * m);
    if (!objective(free.data(), r.data(), j.data())) return;
    for (std::size_t k = 0; k < m; ++k) {
      if (!atBound[k]) kept_.push_back(k);
    }
    const auto n = known_.size(), k = static_cast<Eigen::Index>(kept_.size());
    residual_.resize(n);
    jacobian_.resize(n, k);
    Eigen::MatrixXd prior(static_cast<Eigen::Index>(rows) - n, k);
    const double v = objective.tau() * objective.tau();
    for (Eigen::Index i = 0; i < static_cast<Eigen::Index>(rows); ++i) {
      const auto row = static_cast<std::size_t>(i);
      const double total = i < n ? objective.variance(row) : 1;
      if (i < n) {
        known_[i] = std::max(total - v, 0.0);
        residual_[i] = r[row] * std::sqrt(total);
      }
      for (Eigen::Index c = 0; c < k; ++c) {
        const double slope = j[row * m + kept_[static_cast<std::size_t>(c)]] * std::sqrt(total);
        (i < n ? jacobian_(i, c) : prior(i - n, c)) = slope;
      }
    }
    prior_ = prior.transpose() * prior;
    usable_ = n > k;
  }

  bool usable() const { return usable_; }
  const std::vector<std::size_t>& kept() const { return kept_; }
  /// J'W^power J, with the priors when power is 1.
  Eigen::MatrixXd moment(const Eigen::VectorXd& weights, int power) const {
    const Eigen::VectorXd w = weights.array().pow(power);
    Eigen::MatrixXd a = jacobian_.transpose() * w.asDiagonal() * jacobian_;
    if (power == 1) a += prior_;
    return a;
  }
  Eigen::VectorXd weights(double v) const { return (known_.array() + v).inverse(); }

  /// -2 ln of the restricted likelihood, constants left out.
  double criterion(double v) const {
    const Eigen::VectorXd w = weights(v);
    if (!w.allFinite()) return HUGE_VAL;
    const Eigen::LDLT<Eigen::MatrixXd> a(moment(w, 1));
    if (!(a.vectorD().array() > 0).all()) return HUGE_VAL;
    const Eigen::VectorXd right = jacobian_.transpose() * w.cwiseProduct(residual_);
    return -w.array().log().sum() + a.vectorD().array().log().sum() +
           residual_.dot(w.cwiseProduct(residual_)) - right.dot(a.solve(right));
  }

  /// The best v: a scan over decades around the scatter, then Brent, against v = 0.
  double best() const {
    const double unit = std::max(residual_.squaredNorm() / double(residual_.size()), 1e-300);
    double place = 0, lowest = HUGE_VAL;
    for (double logV = std::log(unit) + 3; logV > std::log(unit) - 12; logV -= 0.5) {
      const double value = criterion(std::exp(logV));
      if (value < lowest) {
        lowest = value;
        place = logV;
      }
    }
    if (!std::isfinite(lowest)) return LawPoint::kAbsent;
    const auto [logV, value] = boost::math::tools::brent_find_minima(
        [this](double t) { return criterion(std::exp(t)); }, place - 0.5, place + 0.5, 40);
    return criterion(0) <= value ? 0 : std::exp(logV);
  }

 private:
  Eigen::VectorXd known_, residual_;
  Eigen::MatrixXd jacobian_, prior_;
  std::vector<std::size_t> kept_;
  bool usable_ = false;
};

double quadratic(const std::vector<double>& matrix, const std::vector<double>& g) {
  const auto k = static_cast<Eigen::Index>(g.size());
  const Eigen::Map<const Eigen::VectorXd> x(g.data(), k);
  return x.dot(Eigen::Map<const Eigen::MatrixXd>(matrix.data(), k, k) * x);
}

}  // namespace

double RestrictedNoise::variance(const std::vector<double>& gradient) const {
  return std::max(quadratic(covariance, gradient), 0.0);
}

double RestrictedNoise::freedom(const std::vector<double>& gradient, bool newModel,
                                double own) const {
  const double v = variance(gradient) + (newModel ? tau * tau + own : 0);
  const double moves = quadratic(slope, gradient) + (newModel ? 1 : 0);
  const double spread = moves * moves * varianceOfSquare;
  return spread > 0 ? std::max(2 * v * v / spread, 1.0) : HUGE_VAL;
}

RestrictedNoise restrictedNoise(const LawObjective& objective, const std::vector<double>& free,
                                const std::vector<bool>& atBound) {
  RestrictedNoise noise;
  const Restricted restricted(objective, free, atBound);
  if (!restricted.usable()) return noise;
  const double v = restricted.best();
  if (!std::isfinite(v)) return noise;
  const Eigen::VectorXd w = restricted.weights(v);
  const Eigen::MatrixXd c = restricted.moment(w, 1).inverse();
  const Eigen::MatrixXd second = c * restricted.moment(w, 2);
  const double information =
      (w.squaredNorm() - 2 * (c * restricted.moment(w, 3)).trace() + (second * second).trace()) / 2;
  if (!(information > 0) || !c.allFinite()) return noise;
  noise.tau = std::sqrt(v);
  noise.varianceOfSquare = 1 / information;
  const Eigen::MatrixXd slope = second * c;
  const std::size_t all = objective.parameters().size();
  noise.covariance.assign(all * all, 0);
  noise.slope.assign(all * all, 0);
  const auto& kept = restricted.kept();
  for (std::size_t i = 0; i < kept.size(); ++i) {
    for (std::size_t k = 0; k < kept.size(); ++k) {
      const std::size_t place = objective.free()[kept[i]] * all + objective.free()[kept[k]];
      const auto row = static_cast<Eigen::Index>(i), column = static_cast<Eigen::Index>(k);
      noise.covariance[place] = c(row, column);
      noise.slope[place] = slope(row, column);
    }
  }
  return noise;
}

}  // namespace bitfrontier
