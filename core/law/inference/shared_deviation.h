// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <Eigen/Dense>
#include <vector>

namespace bitfrontier {

/// How deviations from a law go together: all formats of a model share a part of theirs, since the
/// model was trained longer or worse than its neighbours; the rest is each configuration's own, of
/// some formats more than of others.
///
///   u = v_model + w,   v ~ N(0, share tau^2),   w ~ N(0, (1 - share) scale_format^2 tau^2)
///
/// so that u ~ N(0, tau^2 D) with D = (1 - share) diag(scale^2) + share [same model]. Internal to
/// core/law.
class SharedDeviation {
 public:
  /// `model` tells the model of each row, from 0 without gaps; `scale` that of each row's format,
  /// positive; 0 <= `share` < 1.
  SharedDeviation(std::vector<std::size_t> model, const Eigen::VectorXd& scale, double share);

  double share() const { return share_; }
  std::size_t models() const { return pull_.size(); }
  double logDeterminant() const;
  /// D times a matrix with one row for each row.
  Eigen::MatrixXd times(const Eigen::MatrixXd& matrix) const;
  /// With a root R of D = RR': R^-1 M and R'^-1 M.
  Eigen::MatrixXd whitened(const Eigen::MatrixXd& matrix) const;
  Eigen::MatrixXd dualWhitened(const Eigen::MatrixXd& matrix) const;

  /// What is known of a model's v from the deviations u of its rows, whose unit is tau: normal with
  /// this mean and variance.
  struct Known {
    double mean = 0, variance = 0;
  };
  std::vector<Known> known(const Eigen::VectorXd& deviations, double tau) const;

 private:
  /// (I + sum over models of factor a a' / a'a) M with a = 1 / own_.
  Eigen::MatrixXd withinModels(Eigen::MatrixXd matrix, double power) const;

  std::vector<std::size_t> model_;
  Eigen::VectorXd own_;       ///< standard deviations of w, in units of tau
  std::vector<double> pull_;  ///< of each model: sum of 1 / own^2
  double share_;
};

}  // namespace bitfrontier
