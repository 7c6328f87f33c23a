// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <Eigen/Dense>
#include <memory>
#include <span>
#include <vector>

#include "core/law/fit/joint_data.h"
#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// Whitened residuals of a law on data: what every fit, profile and bootstrap minimises. Copies
/// share the data; each thread needs its own. Internal to core/law.
class LawObjective {
 public:
  /// `data` must outlive this object.
  LawObjective(const LawForm& form, const JointData& data, const JointOptions& options);

  std::size_t residuals() const { return data_->targets.size() + priors_.size(); }
  std::size_t rows() const { return data_->targets.size(); }
  /// All parameters of the law, and the free ones among them.
  const std::vector<LawParameter>& parameters() const { return parameters_; }
  const std::vector<std::size_t>& free() const { return free_; }
  std::size_t freeCount() const { return free_.size(); }
  const std::vector<double>& lower() const { return lower_; }  ///< of the free ones
  const std::vector<double>& upper() const { return upper_; }

  /// Residuals and, unless null, their Jacobian (row-major, free parameters).
  bool operator()(const double* free, double* residuals, double* jacobian) const;

  std::vector<double> expand(const double* free) const;
  std::vector<double> reduce(std::span<const double> all) const;

  /// Holds one more parameter (for profiles); index into parameters().
  void hold(std::size_t parameter, double value);
  /// Observed values in the law's own terms (error or metric), in place of the data's.
  void setValues(std::span<const double> values);
  void setTau(double tau);
  /// Factors of the rows' weights (bootstrap over models); empty: 1.
  void setRowWeights(std::vector<double> weights) { rowWeights_ = std::move(weights); }
  double tau() const { return tau_; }
  /// ln det of the covariance of the residuals in the law's scale.
  double logDeterminant() const;
  /// What a change of 1 in the observed value of row i changes in the residuals (sign apart); n
  /// entries.
  std::vector<double> whitened(std::size_t row) const;
  /// Prediction in the law's terms at row i.
  double fitted(const double* all, std::size_t row) const;
  /// sqrt(sigma^2 + tau^2) of row i in the law's scale.
  double sigma(std::size_t row) const;
  /// Known variance + tau^2 of whitened residual i.
  double variance(std::size_t i) const { return 1 / (inverse_[i] * inverse_[i]); }
  /// Observed value in the law's scale (ln y for Log laws).
  double observed(std::size_t row) const { return scaled_[row]; }
  void setLoss(RobustLoss loss, double scale) {
    loss_ = loss;
    lossScale_ = scale;
  }

 private:
  struct Prior {
    std::size_t parameter;
    double mean, deviation;
  };
  struct Decomposition {
    Eigen::MatrixXd vectors;  ///< of the covariance
    Eigen::VectorXd values;
  };

  void rebuildFree();

  const LawForm* form_;
  const JointData* data_;
  ResidualScale scale_;
  std::vector<LawParameter> parameters_;
  std::vector<double> held_;  ///< NaN = free
  std::vector<std::size_t> free_;
  std::vector<double> lower_, upper_;
  std::vector<Prior> priors_;
  std::vector<double> scaled_;    ///< observed, in the residual scale
  std::vector<double> deviance_;  ///< known standard deviation in the residual scale
  std::vector<double> inverse_;   ///< 1 / sqrt(deviance^2 + tau^2), or of eigenvalues
  std::vector<double> rowWeights_;
  std::shared_ptr<const Decomposition> eigen_;
  Eigen::MatrixXd whitener_;  ///< rows scaled eigenvectors
  double tau_ = 0;
  RobustLoss loss_ = RobustLoss::None;
  double lossScale_ = 0;
  mutable std::vector<double> all_, gradient_;
  mutable Eigen::VectorXd raw_;
  mutable Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rawJacobian_;
};

}  // namespace bitfrontier
