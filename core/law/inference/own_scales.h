// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <Eigen/Dense>
#include <vector>

namespace bitfrontier {

/// How much the formats' own deviations differ in size: two of eight bits deviate from their model
/// by next to nothing, some of three bits collapse on one model and not on the next.
struct OwnScales {
  std::vector<double> format;  ///< standard deviation over the typical one
  std::vector<double> row;     ///< of every row: its format's, larger where it is an outlier
  double logWeight = 0;        ///< ln of what letting them differ costs (Occam factor)
};

/// Rows of y = design b + v_model + w + e with known covariance of e.
struct DeviatingRows {
  Eigen::VectorXd y;
  Eigen::MatrixXd design;
  Eigen::MatrixXd sigma;
  std::vector<std::size_t> model, format;  ///< of each row, from 0
  std::size_t formats = 1;
};

/// Variances of v and of every format's w; w is t-distributed with kOwnFreedom degrees of freedom,
/// that is normal with a variance that is the format's over a weight of the row.
struct DeviationVariances {
  double shared = 0;
  std::vector<double> format;
  std::vector<double> weight;

  double own(const DeviatingRows& rows, std::size_t row) const {
    return format[rows.format[row]] / weight[row];
  }
};
inline constexpr double kOwnFreedom = 4;

/// The covariance of y.
Eigen::MatrixXd covarianceOf(const DeviatingRows& rows, const DeviationVariances& variances);

/// The variances by restricted maximum likelihood under a scaled inverse chi-squared distribution
/// of the formats' variances with 4 degrees of freedom, by expectation maximisation (A. Dempster,
/// N. Laird, D. Rubin 1977; the shrinkage is that of G. Smyth 2004, "Linear models and empirical
/// Bayes methods"). Starts from `tau`^2 / 2 each.
DeviationVariances deviationVariances(const DeviatingRows& rows, double tau);

/// The formats' scales by these variances.
OwnScales ownScales(const DeviatingRows& rows, double tau);

}  // namespace bitfrontier
