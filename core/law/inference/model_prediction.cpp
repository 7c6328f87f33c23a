// SPDX-License-Identifier: GPL-3.0-or-later
//
// Around the fit residuals are r = J d + Z v + w + e. With V their covariance and P the restricted
// projector, d = (J'V^-1 J)^-1 J'V^-1 r and v = shared Z'P r; the error of g'd + v_m has the
// variance shared - shared^2 z'V^-1 z + c'(J'V^-1 J)^-1 c with c = g - shared J'V^-1 z.
#include "core/law/inference/model_prediction.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <Eigen/Dense>
#include <map>
#include <vector>

#include "core/law/inference/own_scales.h"

namespace bitfrontier {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct ModelPredictor::Impl {
  explicit Impl(const JointFit& of) : fit(&of) {}

  const JointFit* fit;
  std::vector<std::string> models;
  std::vector<double> sizes;  ///< of the models
  std::vector<std::size_t> free;
  bool usable = false;
  DeviatingRows rows;
  DeviationVariances variances;
  MatrixXd inverse;  ///< V^-1
  MatrixXd spread;   ///< (J'V^-1 J)^-1
  VectorXd step, shared;
  double freedom = 1;

  VectorXd gradient(const LawRow& row) const;
  void solve();
};

/// How the metric at `row` changes with the free parameters, in units of the residuals.
VectorXd ModelPredictor::Impl::gradient(const LawRow& row) const {
  VectorXd g(static_cast<Index>(free.size()));
  for (std::size_t k = 0; k < free.size(); ++k) {
    std::vector<double> values = fit->values();
    const double h = 1e-5 * (std::abs(values[free[k]]) + 1e-2);
    values[free[k]] += h;
    const double up = fit->predict(row, values.data());
    values[free[k]] -= 2 * h;
    g[static_cast<Index>(k)] = (up - fit->predict(row, values.data())) / (2 * h);
  }
  return g / fit->residualUnit(row);
}

void ModelPredictor::Impl::solve() {
  const auto n = static_cast<Index>(fit->points.size());
  rows.y.resize(n);
  rows.design.resize(n, static_cast<Index>(free.size()));
  rows.sigma = MatrixXd::Zero(n, n);
  rows.formats = fit->context.formats.size();
  for (Index i = 0; i < n; ++i) {
    const FittedPoint& p = fit->points[static_cast<std::size_t>(i)];
    const double unit = fit->residualUnit(p.row);
    rows.y[i] = (p.value - p.fitted) / unit;
    rows.design.row(i) = gradient(p.row);
    if (fit->weighting != Weighting::Equal) rows.sigma(i, i) = p.se * p.se / (unit * unit);
    rows.model.push_back(static_cast<std::size_t>(std::find(models.begin(), models.end(), p.model) -
                                                  models.begin()));
    rows.format.push_back(p.row.format);
  }
  const double scatter = std::sqrt(rows.y.squaredNorm() / static_cast<double>(n));
  if (!(scatter > 0) || !rows.y.allFinite() || !rows.design.allFinite()) return;
  variances = deviationVariances(rows, std::max(std::isfinite(fit->tau) ? fit->tau : 0, scatter));
  inverse = covarianceOf(rows, variances).llt().solve(MatrixXd::Identity(n, n));
  spread = (rows.design.transpose() * inverse * rows.design).inverse();
  if (!inverse.allFinite() || !spread.allFinite()) return;
  step = spread * rows.design.transpose() * inverse * rows.y;
  const VectorXd pulled = inverse * (rows.y - rows.design * step);
  shared = VectorXd::Zero(static_cast<Index>(models.size()));
  for (Index i = 0; i < n; ++i) {
    shared[static_cast<Index>(rows.model[static_cast<std::size_t>(i)])] +=
        variances.shared * pulled[i];
  }
  usable = true;
}

ModelPredictor::ModelPredictor(const JointFit& fit) : impl_(std::make_unique<Impl>(fit)) {
  constexpr std::size_t kMost = 600;
  Impl& d = *impl_;
  std::map<std::string, int> count;
  for (const FittedPoint& p : fit.points) {
    if (++count[p.model] > 1) continue;
    d.models.push_back(p.model);
    d.sizes.push_back(p.size);
  }
  for (std::size_t k = 0; k < fit.parameters.size(); ++k) {
    const FittedParameter& p = fit.parameters[k];
    if (!p.held && !p.atBound && std::isfinite(p.se)) d.free.push_back(k);
  }
  const auto several =
      std::count_if(count.begin(), count.end(), [](const auto& model) { return model.second > 1; });
  const std::size_t n = fit.points.size();
  if (several < 2 || d.free.empty() || n > kMost || n <= d.free.size()) return;
  d.freedom = std::max(1.0, static_cast<double>(n) - static_cast<double>(d.free.size()) -
                                static_cast<double>(d.models.size()));
  d.solve();
}
ModelPredictor::~ModelPredictor() = default;

std::optional<std::string> ModelPredictor::modelOfSize(double parameters) const {
  constexpr double kNear = 0.06;
  std::optional<std::string> model;
  double nearest = kNear;
  for (std::size_t m = 0; m < impl_->models.size(); ++m) {
    const double apart = std::abs(std::log(parameters / impl_->sizes[m]));
    if (!(apart < nearest)) continue;
    nearest = apart;
    model = impl_->models[m];
  }
  return model;
}

std::optional<ModelPrediction> ModelPredictor::predict(const std::string& model, std::size_t format,
                                                       double level) const {
  const Impl& d = *impl_;
  const auto known = std::find(d.models.begin(), d.models.end(), model);
  if (!d.usable || known == d.models.end() || format >= d.rows.formats) return std::nullopt;
  const auto m = static_cast<std::size_t>(known - d.models.begin());
  VectorXd member = VectorXd::Zero(d.rows.y.size());
  double noise = 0, points = 0;
  for (Index i = 0; i < member.size(); ++i) {
    const auto row = static_cast<std::size_t>(i);
    if (d.rows.model[row] == m) member[i] = 1;
    if (d.rows.format[row] != format) continue;
    if (d.rows.model[row] == m) return std::nullopt;
    noise += d.rows.sigma(i, i);
    points += 1;
  }
  const LawRow row = d.fit->row(format, d.sizes[m]);
  const VectorXd g = d.gradient(row);
  const double v = d.variances.shared;
  const VectorXd toward = d.inverse * member;
  const VectorXd apart = g - v * (d.rows.design.transpose() * toward);
  const double variance = v - v * v * member.dot(toward) + apart.dot(d.spread * apart) +
                          kOwnFreedom / (kOwnFreedom - 2) * d.variances.format[format] +
                          (points > 0 ? noise / points : 0);
  const double unit = d.fit->residualUnit(row);
  ModelPrediction prediction{model};
  prediction.value = d.fit->predict(row) + unit * (g.dot(d.step) + d.shared[static_cast<Index>(m)]);
  const double half = unit * std::sqrt(std::max(variance, 0.0)) *
                      boost::math::quantile(boost::math::students_t(d.freedom), 0.5 + level / 2);
  prediction.lower = prediction.value - half;
  prediction.upper = prediction.value + half;
  return prediction;
}

}  // namespace bitfrontier
