// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/inference/own_scales.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace bitfrontier {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double kFreedom = 4;

/// The value that the formats' variances are pulled towards.
double typical(const DeviationVariances& variances) {
  double inverses = 0;
  for (const double variance : variances.format) inverses += 1 / variance;
  return static_cast<double>(variances.format.size()) / inverses;
}

/// P = V^-1 - V^-1 X (X'V^-1 X)^-1 X'V^-1 of the restricted likelihood, V the covariance of y.
MatrixXd projector(const DeviatingRows& rows, const DeviationVariances& variances) {
  const Index n = rows.y.size();
  const MatrixXd inverse = covarianceOf(rows, variances).llt().solve(MatrixXd::Identity(n, n));
  const MatrixXd weighted = inverse * rows.design;
  MatrixXd information = rows.design.transpose() * weighted;
  information.diagonal() *= 1 + 1e-9;  // formats may hardly differ from the reference
  return inverse - weighted * information.ldlt().solve(weighted.transpose());
}

/// The same variances after one step of expectation maximisation.
DeviationVariances improved(const DeviatingRows& rows, const DeviationVariances& before) {
  const MatrixXd p = projector(rows, before);
  const VectorXd pulled = p * rows.y;
  const auto n = static_cast<std::size_t>(rows.y.size());
  std::size_t models = 0;
  for (const std::size_t m : rows.model) models = std::max(models, m + 1);
  std::vector<double> sums(rows.formats, 0), counts(rows.formats, 0), squares(n);
  VectorXd score = VectorXd::Zero(static_cast<Index>(models)), loss = score;
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = static_cast<Index>(i);
    const std::size_t f = rows.format[i];
    const double own = before.own(rows, i), mean = own * pulled[row];
    const double square = mean * mean + own - own * own * p(row, row);
    sums[f] += before.weight[i] * square;
    counts[f] += 1;
    squares[i] = square;
    const auto m = static_cast<Index>(rows.model[i]);
    score[m] += pulled[row];
    for (std::size_t k = 0; k < n; ++k) {
      if (rows.model[k] == rows.model[i]) loss[m] += p(row, static_cast<Index>(k));
    }
  }
  DeviationVariances after{0, std::vector<double>(rows.formats), before.weight};
  const double v = before.shared;
  for (Index m = 0; m < score.size(); ++m) {
    const double mean = v * score[m];
    after.shared += (mean * mean + v - v * v * loss[m]) / static_cast<double>(models);
  }
  const double middle = typical(before);
  for (std::size_t f = 0; f < rows.formats; ++f) {
    after.format[f] = (kFreedom * middle + sums[f]) / (kFreedom + counts[f]);
  }
  for (std::size_t i = 0; i < n; ++i) {
    after.weight[i] = (kOwnFreedom + 1) / (kOwnFreedom + squares[i] / after.format[rows.format[i]]);
  }
  return after;
}

}  // namespace

MatrixXd covarianceOf(const DeviatingRows& rows, const DeviationVariances& variances) {
  MatrixXd total = rows.sigma;
  for (Index i = 0; i < total.rows(); ++i) {
    const auto a = static_cast<std::size_t>(i);
    total(i, i) += variances.own(rows, a);
    for (Index k = 0; k < total.rows(); ++k) {
      if (rows.model[a] == rows.model[static_cast<std::size_t>(k)]) {
        total(i, k) += variances.shared;
      }
    }
  }
  return total;
}

DeviationVariances deviationVariances(const DeviatingRows& rows, double tau) {
  constexpr int kSteps = 40;
  DeviationVariances variances{tau * tau / 2, std::vector<double>(rows.formats, tau * tau / 2),
                               std::vector<double>(rows.format.size(), 1)};
  for (int step = 0; step < kSteps; ++step) variances = improved(rows, variances);
  return variances;
}

OwnScales ownScales(const DeviatingRows& rows, double tau) {
  const DeviationVariances variances = deviationVariances(rows, tau);
  std::vector<double> counts(rows.formats, 0);
  double mean = 0;
  for (const std::size_t f : rows.format) {
    counts[f] += 1;
    mean += variances.format[f] / static_cast<double>(rows.format.size());
  }
  const double middle = typical(variances);
  OwnScales scales;
  for (std::size_t f = 0; f < rows.formats; ++f) {
    scales.format.push_back(std::sqrt(variances.format[f] / mean));
    // Laplace's approximation over ln of each variance: prior density times width.
    const double x = std::log(variances.format[f] / middle), half = kFreedom / 2;
    scales.logWeight += half * std::log(half) - std::lgamma(half) - half * (x + std::exp(-x)) +
                        0.5 * std::log(2 * std::numbers::pi * 2 / (kFreedom + counts[f]));
  }
  for (std::size_t i = 0; i < rows.format.size(); ++i) {
    scales.row.push_back(scales.format[rows.format[i]] / std::sqrt(variances.weight[i]));
    const double x = std::log(variances.weight[i]), half = kOwnFreedom / 2;
    scales.logWeight += half * std::log(half) - std::lgamma(half) + half * (x - std::exp(x)) +
                        0.5 * std::log(2 * std::numbers::pi * 2 / (kOwnFreedom + 1));
  }
  return scales;
}

}  // namespace bitfrontier
