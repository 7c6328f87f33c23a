// SPDX-License-Identifier: GPL-3.0-or-later
//
// With H = diag(own) and a = H^-1 1 within a model, D = H (I + share a a') H. The root of the
// bracket is I + (sqrt(1 + share a'a) - 1) a a' / a'a, so R = H (I + share a a')^(1/2).
#include "core/law/inference/shared_deviation.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace bitfrontier {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

SharedDeviation::SharedDeviation(std::vector<std::size_t> model, const VectorXd& scale,
                                 double share)
    : model_(std::move(model)), own_(std::sqrt(1 - share) * scale), share_(share) {
  const auto last = std::max_element(model_.begin(), model_.end());
  pull_.assign(last == model_.end() ? 0 : *last + 1, 0);
  for (std::size_t i = 0; i < model_.size(); ++i) {
    const double own = own_[static_cast<Index>(i)];
    pull_[model_[i]] += 1 / (own * own);
  }
}

double SharedDeviation::logDeterminant() const {
  double sum = 2 * own_.array().log().sum();
  for (const double pull : pull_) sum += std::log1p(share_ * pull);
  return sum;
}

MatrixXd SharedDeviation::withinModels(MatrixXd matrix, double power) const {
  MatrixXd along = MatrixXd::Zero(static_cast<Index>(models()), matrix.cols());
  for (Index i = 0; i < matrix.rows(); ++i) {
    along.row(static_cast<Index>(model_[static_cast<std::size_t>(i)])) += matrix.row(i) / own_[i];
  }
  for (std::size_t m = 0; m < models(); ++m) {
    along.row(static_cast<Index>(m)) *= (std::pow(1 + share_ * pull_[m], power) - 1) / pull_[m];
  }
  for (Index i = 0; i < matrix.rows(); ++i) {
    matrix.row(i) += along.row(static_cast<Index>(model_[static_cast<std::size_t>(i)])) / own_[i];
  }
  return matrix;
}

MatrixXd SharedDeviation::times(const MatrixXd& matrix) const {
  return own_.asDiagonal() * withinModels(own_.asDiagonal() * matrix, 1);
}

MatrixXd SharedDeviation::whitened(const MatrixXd& matrix) const {
  return withinModels(own_.cwiseInverse().asDiagonal() * matrix, -0.5);
}

MatrixXd SharedDeviation::dualWhitened(const MatrixXd& matrix) const {
  return own_.cwiseInverse().asDiagonal() * withinModels(matrix, -0.5);
}

std::vector<SharedDeviation::Known> SharedDeviation::known(const VectorXd& deviations,
                                                           double tau) const {
  std::vector<Known> all(models());
  for (std::size_t i = 0; i < model_.size(); ++i) {
    const auto row = static_cast<Index>(i);
    all[model_[i]].mean += deviations[row] / (own_[row] * own_[row]);
  }
  for (std::size_t m = 0; m < models(); ++m) {
    const double gain = share_ / (1 + share_ * pull_[m]);
    all[m] = {gain * all[m].mean, gain * tau * tau};
  }
  return all;
}

}  // namespace bitfrontier
