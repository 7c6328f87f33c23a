// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/fit/law_objective.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

/// g(value) and its derivative for the residual scale.
double transformed(ResidualScale scale, double value, double& slope) {
  switch (scale) {
    case ResidualScale::Linear:
      break;
    case ResidualScale::Log:
      slope = 1 / value;
      return std::log(value);
    case ResidualScale::Log1p:
      slope = 1 / (1 + value);
      return std::log1p(value);
  }
  slope = 1;
  return value;
}

}  // namespace

LawObjective::LawObjective(const LawForm& form, const JointData& data, const JointOptions& options)
    : form_(&form),
      data_(&data),
      scale_(form.info().scale),
      parameters_(form.parameters(data.context)),
      held_(parameters_.size(), LawPoint::kAbsent) {
  for (const auto& [name, value] : options.fixed) {
    const auto it = std::find_if(parameters_.begin(), parameters_.end(),
                                 [&](const LawParameter& p) { return p.name == name; });
    if (it == parameters_.end()) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("the law {} has no parameter {}", form.info().name, name));
    }
    if (!(value >= it->lower && value <= it->upper)) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{} is held at {}, but {} to {} are possible", name, value, it->lower,
                              it->upper));
    }
    held_[static_cast<std::size_t>(it - parameters_.begin())] = value;
  }
  if (options.publishedPriors) {
    for (const PublishedConstant& constant : form.published()) {
      for (std::size_t k = 0; k < parameters_.size(); ++k) {
        const std::string& name = parameters_[k].name;
        if (name != constant.parameter || !std::isnan(held_[k])) continue;
        priors_.push_back(
            {k, constant.value, options.priorWidth * std::max(std::abs(constant.value), 1e-3)});
      }
    }
  }
  const std::size_t n = rows();
  deviance_.resize(n);
  scaled_.resize(n);
  for (std::size_t i = 0; i < n; ++i) {
    double slope = 1;
    scaled_[i] = transformed(scale_, data.targets[i].value, slope);
    deviance_[i] = data.weighting == Weighting::Equal ? 1 : data.points[i].se * std::abs(slope);
  }
  if (data.weighting == Weighting::Paired) {
    const auto size = static_cast<Eigen::Index>(n);
    Eigen::MatrixXd matrix =
        Eigen::Map<const Eigen::MatrixXd>(data.covariance.values.data(), size, size);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t k = 0; k < n; ++k) {
        double slopeI = 1, slopeK = 1;
        transformed(scale_, data.targets[i].value, slopeI);
        transformed(scale_, data.targets[k].value, slopeK);
        matrix(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(k)) *= slopeI * slopeK;
      }
    }
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
    auto parts = std::make_shared<Decomposition>();
    parts->vectors = solver.eigenvectors();
    parts->values = solver.eigenvalues();
    // Configurations that answer every item alike make the matrix singular; their difference is
    // then known no better than to about half an item.
    const double floor = 1e-4 * matrix.diagonal().mean();
    for (double& value : parts->values) value = std::max(value, floor);
    eigen_ = std::move(parts);
  }
  raw_.resize(static_cast<Eigen::Index>(n));
  all_.resize(parameters_.size());
  gradient_.resize(parameters_.size());
  if (options.loss != RobustLoss::None) {
    setLoss(options.loss, options.lossScale > 0 ? options.lossScale : usualScale(options.loss));
  }
  rebuildFree();
  setTau(data.weighting == Weighting::Equal ? 0 : options.tau);
}

void LawObjective::rebuildFree() {
  free_.clear();
  lower_.clear();
  upper_.clear();
  for (std::size_t k = 0; k < parameters_.size(); ++k) {
    if (!std::isnan(held_[k])) continue;
    free_.push_back(k);
    lower_.push_back(parameters_[k].lower);
    upper_.push_back(parameters_[k].upper);
  }
}

void LawObjective::hold(std::size_t parameter, double value) {
  held_[parameter] = value;
  rebuildFree();
}

void LawObjective::setValues(std::span<const double> values) {
  double slope = 1;
  for (std::size_t i = 0; i < scaled_.size(); ++i) {
    scaled_[i] = transformed(scale_, values[i], slope);
  }
}

void LawObjective::setTau(double tau) {
  tau_ = tau;
  inverse_.resize(rows());
  if (eigen_ != nullptr) {
    for (std::size_t i = 0; i < inverse_.size(); ++i) {
      inverse_[i] = 1 / std::sqrt(eigen_->values[static_cast<Eigen::Index>(i)] + tau * tau);
    }
    whitener_ = Eigen::Map<const Eigen::VectorXd>(inverse_.data(),
                                                  static_cast<Eigen::Index>(inverse_.size()))
                    .asDiagonal() *
                eigen_->vectors.transpose();
    return;
  }
  for (std::size_t i = 0; i < inverse_.size(); ++i) {
    inverse_[i] = 1 / std::sqrt(deviance_[i] * deviance_[i] + tau * tau);
  }
}

std::vector<double> LawObjective::whitened(std::size_t row) const {
  std::vector<double> column(rows(), 0);
  if (eigen_ == nullptr) {
    column[row] = inverse_[row];
    return column;
  }
  for (std::size_t i = 0; i < column.size(); ++i) {
    column[i] = whitener_(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(row));
  }
  return column;
}

double LawObjective::logDeterminant() const {
  double sum = 0;
  for (const double inverse : inverse_) sum -= 2 * std::log(inverse);
  return sum;
}

double LawObjective::sigma(std::size_t row) const {
  return std::sqrt(deviance_[row] * deviance_[row] + tau_ * tau_);
}

double LawObjective::fitted(const double* all, std::size_t row) const {
  return form_->value(data_->context, all, data_->targets[row].row, nullptr);
}

std::vector<double> LawObjective::expand(const double* free) const {
  std::vector<double> all = held_;
  for (std::size_t i = 0; i < free_.size(); ++i) all[free_[i]] = free[i];
  return all;
}

std::vector<double> LawObjective::reduce(std::span<const double> all) const {
  std::vector<double> free;
  for (const std::size_t k : free_) free.push_back(all[k]);
  return free;
}

bool LawObjective::operator()(const double* free, double* residuals, double* jacobian) const {
  const std::size_t n = rows(), m = free_.size();
  for (std::size_t k = 0; k < all_.size(); ++k) all_[k] = held_[k];
  for (std::size_t i = 0; i < m; ++i) all_[free_[i]] = free[i];
  const bool whitened = eigen_ != nullptr;
  double* rawJacobian = jacobian;
  if (whitened && jacobian != nullptr) {
    rawJacobian_.resize(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(m));
    rawJacobian = rawJacobian_.data();
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double value = form_->value(data_->context, all_.data(), data_->targets[i].row,
                                      jacobian != nullptr ? gradient_.data() : nullptr);
    double slope = 1;
    const double scaled = transformed(scale_, value, slope);
    if (!std::isfinite(scaled)) return false;
    double weight = whitened ? 1 : inverse_[i];
    if (!rowWeights_.empty()) weight *= std::sqrt(rowWeights_[i]);
    double r = weight * (scaled - scaled_[i]);
    if (loss_ != RobustLoss::None && !whitened) {
      double derivative = 1;
      r = robustResidual(loss_, lossScale_, r, &derivative);
      weight *= derivative;
    }
    if (whitened) {
      raw_[static_cast<Eigen::Index>(i)] = r;
    } else {
      residuals[i] = r;
    }
    if (jacobian != nullptr) {
      const double factor = weight * slope;
      for (std::size_t k = 0; k < m; ++k) rawJacobian[i * m + k] = factor * gradient_[free_[k]];
    }
  }
  if (whitened) {
    Eigen::Map<Eigen::VectorXd>(residuals, static_cast<Eigen::Index>(n)).noalias() =
        whitener_ * raw_;
    if (jacobian != nullptr) {
      using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
      Eigen::Map<RowMajor>(jacobian, static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(m))
          .noalias() = whitener_ * rawJacobian_;
    }
  }
  for (std::size_t q = 0; q < priors_.size(); ++q) {
    const Prior& prior = priors_[q];
    residuals[n + q] = (all_[prior.parameter] - prior.mean) / prior.deviation;
    if (jacobian == nullptr) continue;
    for (std::size_t k = 0; k < m; ++k) {
      jacobian[(n + q) * m + k] = free_[k] == prior.parameter ? 1 / prior.deviation : 0;
    }
  }
  return true;
}

}  // namespace bitfrontier
