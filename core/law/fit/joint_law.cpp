// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/fit/joint_law.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <Eigen/Dense>

#include "core/base/error.h"
#include "core/law/numeric/counter_rng.h"

namespace bitfrontier {
namespace {

constexpr double kAbsent = LawPoint::kAbsent;
constexpr double kFarthest = 4;

/// `to` at the place where `from` has the value `at`: interpolated in logarithms between the points
/// of a format, in proportion outside them; NaN without points.
double alongLogarithms(const std::vector<FittedPoint>& points, std::size_t format,
                       double FittedPoint::*from, double FittedPoint::*to, double at) {
  std::vector<std::pair<double, double>> known;
  for (const FittedPoint& p : points) {
    if (p.row.format == format && p.totalBits > 0) {
      known.emplace_back(std::log(p.*from), std::log(p.*to));
    }
  }
  if (known.empty() || !(at > 0)) return kAbsent;
  std::sort(known.begin(), known.end());
  const double x = std::log(at);
  if (x <= known.front().first) return std::exp(known.front().second + x - known.front().first);
  if (x >= known.back().first) return std::exp(known.back().second + x - known.back().first);
  const auto right = std::upper_bound(known.begin(), known.end(), std::pair{x, HUGE_VAL});
  const auto left = right - 1;
  if (right == known.end() || right->first == left->first) return std::exp(left->second);
  const double t = (x - left->first) / (right->first - left->first);
  return std::exp(left->second + t * (right->second - left->second));
}

/// Where a place is whose size lies a factor outside the data.
std::string outside(double factor) {
  return factor < 1.005 ? "just outside the measured range"
                        : fmt::format("{:.3g} times outside the measured range", factor);
}

}  // namespace

std::string_view weightingName(Weighting weighting) {
  switch (weighting) {
    case Weighting::Auto:
      return "auto";
    case Weighting::Equal:
      return "equal";
    case Weighting::Errors:
      return "errors";
    case Weighting::Paired:
      return "paired";
  }
  return "auto";
}

Weighting parseWeighting(std::string_view name) {
  if (name == "wls") return Weighting::Errors;
  if (name == "gls") return Weighting::Paired;
  for (const Weighting w :
       {Weighting::Auto, Weighting::Equal, Weighting::Errors, Weighting::Paired}) {
    if (weightingName(w) == name) return w;
  }
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("unknown weighting '{}', one of auto, equal, errors (wls), paired (gls) "
                          "is meant",
                          name));
}

std::vector<double> JointFit::values() const {
  std::vector<double> all;
  all.reserve(parameters.size());
  for (const FittedParameter& p : parameters) all.push_back(p.value);
  return all;
}

std::optional<std::size_t> JointFit::find(std::string_view parameter) const {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].name == parameter) return i;
  }
  return std::nullopt;
}

std::optional<std::size_t> JointFit::findFormat(std::string_view label) const {
  for (std::size_t i = 0; i < context.formats.size(); ++i) {
    if (context.formats[i].label == label) return i;
  }
  return std::nullopt;
}

LawRow JointFit::row(std::size_t format, double size, double tokens) const {
  LawRow r;
  r.logSize = std::log(size / context.size0);
  r.logTokens = std::isnan(tokens) ? 0 : std::log(tokens / context.tokens0);
  r.format = format;
  return r;
}

double JointFit::predict(const LawRow& row, const double* values) const {
  const double law = form->value(context, values, row, nullptr);
  return form->info().ofError && context.metric == LawMetric::Accuracy ? 1 - law : law;
}

double JointFit::predict(const LawRow& row) const {
  if (parameters.empty() || row.format >= context.formats.size()) return kAbsent;
  return predict(row, values().data());
}

std::vector<double> JointFit::gradientAt(const LawRow& row) const {
  std::vector<double> gradient(parameters.size());
  form->value(context, values().data(), row, gradient.data());
  return gradient;
}

double JointFit::residualUnit(const LawRow& row) const {
  const ResidualScale scale = form->info().scale;
  if (scale == ResidualScale::Linear) return 1;
  const double law = form->value(context, values().data(), row, nullptr);
  return scale == ResidualScale::Log ? law : 1 + law;
}

double JointFit::predictSe(const LawRow& row) const {
  const std::size_t k = parameters.size();
  if (k == 0 || covariance.size() != k * k || row.format >= context.formats.size()) return kAbsent;
  const std::vector<double> gradient = gradientAt(row);
  double variance = 0;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      variance += gradient[i] * covariance[i * k + j] * gradient[j];
    }
  }
  return std::sqrt(std::max(variance, 0.0));
}

double JointFit::predictNewSe(const LawRow& row, double ownVariance) const {
  const double se = predictSe(row);
  if (restricted.empty() || !std::isfinite(se)) {
    const double scatter = std::isfinite(tau) ? tau * residualUnit(row) : 0;
    return std::sqrt(se * se + scatter * scatter + ownVariance);
  }
  const double scatter = restricted.tau * residualUnit(row);
  return std::sqrt(restricted.variance(gradientAt(row)) + scatter * scatter + ownVariance);
}

double JointFit::sizeForBits(std::size_t format, double totalBits) const {
  if (axis == LawAxis::TotalBits) return totalBits;
  return alongLogarithms(points, format, &FittedPoint::totalBits, &FittedPoint::size, totalBits);
}

double JointFit::bitsForSize(std::size_t format, double size) const {
  if (axis == LawAxis::TotalBits) return size;
  return alongLogarithms(points, format, &FittedPoint::size, &FittedPoint::totalBits, size);
}

double JointFit::extrapolation(double size) const {
  if (size > maxSize) return size / maxSize;
  if (size < minSize) return minSize / size;
  return 1;
}

std::optional<LawRemark> JointFit::judgePrediction(double size) const {
  const double factor = extrapolation(size);
  // The ends of the range itself, up to rounding.
  if (factor <= 1 + 1e-9) return std::nullopt;
  const bool identified = std::all_of(parameters.begin(), parameters.end(),
                                      [](const FittedParameter& p) { return p.identified; });
  const bool wide = sizes >= 6 && maxSize >= 100 * minSize;
  const double farthest = wide ? kFarthest : 2;
  if (!usable) {
    return LawRemark{RemarkCode::ExtrapolationRefused, true,
                     "the law was refused: nothing is predicted outside the measured range"};
  }
  if (!identified) {
    return LawRemark{RemarkCode::ExtrapolationRefused, true,
                     outside(factor) + ", where the law's parameters are not identified"};
  }
  if (factor > kFarthest * (1 + 1e-9)) {
    return LawRemark{RemarkCode::ExtrapolationRefused, true,
                     fmt::format("{}, {:g} times is the most", outside(factor), kFarthest)};
  }
  if (factor > farthest * (1 + 1e-9)) {
    return LawRemark{RemarkCode::ExtrapolationRefused, true,
                     fmt::format("{}, {:g} times is the most with {} sizes over {:.1f} decades",
                                 outside(factor), farthest, sizes, std::log10(maxSize / minSize))};
  }
  return LawRemark{RemarkCode::Extrapolation, false, outside(factor)};
}

std::vector<double> JointFit::draws(std::size_t count, std::uint64_t seed) const {
  const std::size_t k = parameters.size();
  std::vector<double> all(count * k);
  if (k == 0) return all;
  const auto size = static_cast<Eigen::Index>(k);
  Eigen::MatrixXd root = Eigen::MatrixXd::Zero(size, size);
  const bool known =
      covariance.size() == k * k &&
      std::all_of(covariance.begin(), covariance.end(), [](double c) { return std::isfinite(c); });
  if (known) {
    const Eigen::Map<const Eigen::MatrixXd> matrix(covariance.data(), size, size);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix);
    root = solver.eigenvectors() * solver.eigenvalues().cwiseMax(0).cwiseSqrt().asDiagonal();
  }
  Eigen::VectorXd normal(size);
  for (std::size_t d = 0; d < count; ++d) {
    CounterRng rng(seed, d);
    for (double& x : normal) x = rng.normal();
    const Eigen::VectorXd step = root * normal;
    for (std::size_t i = 0; i < k; ++i) {
      const FittedParameter& p = parameters[i];
      all[d * k + i] = std::clamp(p.value + step[static_cast<Eigen::Index>(i)],
                                  std::min(p.lower, p.value), std::max(p.upper, p.value));
    }
  }
  return all;
}

}  // namespace bitfrontier
