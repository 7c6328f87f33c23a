// SPDX-License-Identifier: GPL-3.0-or-later
// The saturating power law of one series, fitted by weighted least squares.
//
//   accuracy:       y = c - a (b/b0)^-alpha     c in [smallest y, 1]
//   cross-entropy:  y = c + a (b/b0)^-alpha     c in [0, largest y]
//
// b0 is the geometric mean of the data's total bits: centred this way the condition number of J'J
// is smaller by a factor of 1000 than in raw logarithms. The solver sees (c, ln a, ln alpha), so
// that a > 0 holds by itself and steps in alpha are relative; c keeps a true bound, because "the
// ceiling is 100 %" or "no floor" is a finding that has to be reported.

#include <fmt/format.h>
#include <boost/math/special_functions/gamma.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/law/data/point_errors.h"
#include "core/law/data/scaling_law.h"
#include "core/law/numeric/auto_diff.h"
#include "core/law/numeric/least_squares.h"

namespace bitfrontier {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kParameters = 3;
constexpr std::size_t kFewestSizes = 4;
constexpr double kSmallestAlpha = 0.005;
constexpr double kLargestAlpha = 3;
constexpr double kIllConditioned = 1e4;
constexpr double kSmallestR2 = 0.5;  // below, less than half of the spread is explained

using Parameters = std::array<double, kParameters>;

/// What the fit works on: finite points only.
struct Data {
  double sign = -1;          ///< of a: -1 for accuracy, +1 for cross-entropy
  std::vector<double> logX;  ///< ln(b/b0)
  std::vector<double> y;
  std::vector<double> sigma;  ///< standard errors, or one common scale when not weighted
  bool weighted = false;
  double yMin = 0, yMax = 0;

  std::size_t n() const { return y.size(); }
};

struct Model {
  const Data* data;

  template <typename T>
  T operator()(const T* p, std::size_t i) const {
    using std::exp;
    const T term = exp(p[1] - exp(p[2]) * data->logX[i]);
    return (p[0] + data->sign * term - data->y[i]) / data->sigma[i];
  }
};

void addNote(LawFit& fit, const std::string& text) {
  fit.note += (fit.note.empty() ? "" : "; ") + text;
}

/// Fills data and the descriptive fields of the fit; false (with a note) when no law can be fitted.
bool prepare(const LawSeries& series, const FitOptions& options, Data& data, LawFit& fit) {
  data.sign = options.metric == LawMetric::Accuracy ? -1 : 1;
  const PointErrors known = pointErrors(series.points, options.metric);
  std::vector<double> bits, errors;
  std::set<std::string> sizes;
  double sumLog = 0;
  for (std::size_t i = 0; i < series.points.size(); ++i) {
    const LawPoint& p = series.points[i];
    const double value = metricOf(p, options.metric);
    if (!std::isfinite(value) || !std::isfinite(p.totalBits) || p.totalBits <= 0) continue;
    if (value < 0 || (options.metric == LawMetric::Accuracy && value > 1)) {
      fit.note = fmt::format("{} of {} is {}, outside its range", lawMetricName(options.metric),
                             p.model, value);
      return false;
    }
    bits.push_back(p.totalBits);
    data.y.push_back(value);
    errors.push_back(known.values[i]);
    sizes.insert(p.parameters > 0 ? fmt::format("{}", p.parameters) : p.model);
    sumLog += std::log(p.totalBits);
  }
  fit.n = static_cast<int>(data.n());
  if (sizes.size() < kFewestSizes) {
    fit.note =
        fmt::format("{} model size{} with {} {} too few for a law, {} are needed", sizes.size(),
                    sizes.size() == 1 ? "" : "s", lawMetricName(options.metric),
                    sizes.size() == 1 ? "is" : "are", kFewestSizes);
    return false;
  }
  const auto [minBits, maxBits] = std::minmax_element(bits.begin(), bits.end());
  const auto [yMin, yMax] = std::minmax_element(data.y.begin(), data.y.end());
  data.yMin = *yMin;
  data.yMax = *yMax;
  fit.minBits = *minBits;
  fit.maxBits = *maxBits;
  fit.b0 = std::exp(sumLog / static_cast<double>(data.n()));
  if (fit.maxBits < fit.minBits * 1.01) {
    fit.note = "all points have the same total bits";
    return false;
  }
  if (!(data.yMax - data.yMin > 1e-12 * std::max(1.0, data.yMax))) {
    fit.note = fmt::format("{} is the same at all sizes", lawMetricName(options.metric));
    return false;
  }
  for (const double b : bits) data.logX.push_back(std::log(b / fit.b0));
  data.weighted = options.weighted &&
                  std::all_of(errors.begin(), errors.end(), [](double se) { return se > 0; });
  if (data.weighted) {
    data.sigma = std::move(errors);
    if (known.assumed > 0) addNote(fit, known.note());
  } else {
    // A common scale keeps the cost near 1, so that tolerances mean the same for every metric.
    data.sigma.assign(data.n(), data.yMax - data.yMin);
    if (options.weighted) addNote(fit, "not weighted: no point has a standard error");
  }
  if (sizes.size() < 6) {
    addNote(fit, fmt::format("with only {} model sizes the exponent is weakly determined",
                             sizes.size()));
  }
  return true;
}

/// The best a for given c and alpha (the model is linear in a).
double bestAmplitude(const Data& data, double c, double alpha) {
  double top = 0, bottom = 0;
  for (std::size_t i = 0; i < data.n(); ++i) {
    const double w = 1 / (data.sigma[i] * data.sigma[i]);
    const double u = std::exp(-alpha * data.logX[i]);
    top += w * u * data.sign * (data.y[i] - c);
    bottom += w * u * u;
  }
  return top / bottom;
}

/// Least squares in (c, a) for each alpha of a grid: a start next to the best optimum.
Parameters gridStart(const Data& data, double lowC, double highC, double smallestA) {
  Parameters best{};
  double bestCost = std::numeric_limits<double>::infinity();
  constexpr int kGrid = 60;
  for (int g = 0; g <= kGrid; ++g) {
    const double alpha =
        kSmallestAlpha * std::pow(kLargestAlpha / kSmallestAlpha, g / double{kGrid});
    double w0 = 0, wu = 0, wuu = 0, wy = 0, wuy = 0;
    for (std::size_t i = 0; i < data.n(); ++i) {
      const double w = 1 / (data.sigma[i] * data.sigma[i]);
      const double u = data.sign * std::exp(-alpha * data.logX[i]);
      w0 += w;
      wu += w * u;
      wuu += w * u * u;
      wy += w * data.y[i];
      wuy += w * u * data.y[i];
    }
    const double determinant = w0 * wuu - wu * wu;
    double c = determinant > 0 ? (wuu * wy - wu * wuy) / determinant : wy / w0;
    c = std::clamp(c, lowC, highC);
    const double a = std::max(bestAmplitude(data, c, alpha), smallestA);
    double cost = 0;
    for (std::size_t i = 0; i < data.n(); ++i) {
      const double r = Model{&data}(Parameters{c, std::log(a), std::log(alpha)}.data(), i);
      cost += r * r;
    }
    if (cost < bestCost) {
      bestCost = cost;
      best = {c, std::log(a), std::log(alpha)};
    }
  }
  return best;
}

/// A random start in the box that the data suggest.
Parameters randomStart(const Data& data, double lowC, double highC, double smallestA, Rng& rng) {
  const double range = data.yMax - data.yMin;
  const double alpha = 0.05 * std::pow(30.0, rng.uniform());
  const double beyond = 2 * range * rng.uniform();
  const double c = std::clamp(data.sign < 0 ? data.yMax + beyond : data.yMin - beyond, lowC, highC);
  const double a = std::max(bestAmplitude(data, c, alpha), smallestA);
  return {c, std::log(a) + 2 * rng.uniform() - 1, std::log(alpha)};
}

void describeFit(const Data& data, const LeastSquaresResult& best, LawFit& fit) {
  const double c = best.values[0], a = std::exp(best.values[1]), alpha = std::exp(best.values[2]);
  fit.parameterNames = {"c", "a", "alpha"};
  fit.values = {c, a, alpha};
  fit.standardErrors.assign(kParameters, kNaN);

  double squares = 0, weights = 0, mean = 0, total = 0, weighted = 0;
  for (std::size_t i = 0; i < data.n(); ++i) {
    const double w = 1 / (data.sigma[i] * data.sigma[i]);
    weights += w;
    mean += w * data.y[i];
  }
  mean /= weights;
  for (std::size_t i = 0; i < data.n(); ++i) {
    const double w = 1 / (data.sigma[i] * data.sigma[i]);
    const double residual = best.residuals[i] * data.sigma[i];
    squares += residual * residual;
    weighted += w * residual * residual;
    total += w * (data.y[i] - mean) * (data.y[i] - mean);
  }
  fit.r2 = 1 - weighted / total;
  fit.rmse = std::sqrt(squares / static_cast<double>(data.n()));
  fit.chi2 = data.weighted ? weighted : squares;

  const double freedom = static_cast<double>(data.n()) - double{kParameters};
  if (best.covariance.size() == kParameters * kParameters && (data.weighted || freedom > 0)) {
    // Known standard errors stand as they are; otherwise the scatter of the residuals scales.
    const double scale = data.weighted ? 1 : 2 * best.cost / freedom;
    const double toNatural[kParameters] = {1, a, alpha};
    fit.covariance.resize(kParameters * kParameters);
    for (std::size_t i = 0; i < kParameters; ++i) {
      for (std::size_t j = 0; j < kParameters; ++j) {
        fit.covariance[kParameters * i + j] =
            scale * toNatural[i] * toNatural[j] * best.covariance[kParameters * i + j];
      }
      if (!best.atBound[i]) fit.standardErrors[i] = std::sqrt(fit.covariance[kParameters * i + i]);
    }
  }
  for (std::size_t i = 0; i < kParameters; ++i) {
    if (best.atBound[i]) {
      addNote(fit, fmt::format("{} is at its bound {:.4g}, standard errors hold for it fixed there",
                               fit.parameterNames[i], fit.values[i]));
    }
  }
  if (best.covariance.empty() || best.condition > kIllConditioned) {
    addNote(fit, "the data do not determine c, a and alpha separately");
  }
  if (data.weighted && freedom > 0 && boost::math::gamma_q(freedom / 2, fit.chi2 / 2) < 1e-3) {
    addNote(fit,
            fmt::format("points scatter more than their standard errors (chi2 {:.3g} for {:.0f} "
                        "degrees of freedom), so those of the law are too small",
                        fit.chi2, freedom));
  }
}

}  // namespace

LawFit fitLaw(const LawSeries& series, const FitOptions& options, const JobContext& job) {
  if (options.starts < 1 || options.starts > 100'000) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("a fit with {} starts, 1 to 100000 are allowed", options.starts));
  }
  LawFit fit;
  fit.family = series.family;
  fit.label = series.label;
  fit.source = series.source;
  fit.metric = options.metric;
  Data data;
  if (!prepare(series, options, data, fit)) return fit;

  const double range = data.yMax - data.yMin;
  const double smallestA = 1e-6 * range;
  const double lowC = data.sign < 0 ? data.yMin : 0;
  const double highC = data.sign < 0 ? 1 : data.yMax;
  if (!(lowC < highC)) {
    fit.note = "accuracy is 1 at all sizes";
    return fit;
  }
  LeastSquaresProblem problem;
  problem.names = {"c", "ln a", "ln alpha"};
  problem.residuals = data.n();
  problem.evaluate = autoDiff<static_cast<int>(kParameters)>(Model{&data}, data.n());
  problem.lower = {lowC, std::log(smallestA), std::log(kSmallestAlpha)};
  problem.upper = {highC, std::log(1e3 * std::max(1.0, data.yMax)), std::log(kLargestAlpha)};
  LeastSquaresOptions solver;
  solver.maxIterations = options.maxIterations;
  solver.functionTolerance = options.functionTolerance;
  solver.gradientTolerance = std::min(options.functionTolerance, 1e-10);
  solver.parameterTolerance = options.functionTolerance;

  Rng rng(options.seed);
  std::vector<LeastSquaresResult> results;
  for (int start = 0; start < options.starts; ++start) {
    const Parameters at = start == 0 ? gridStart(data, lowC, highC, smallestA)
                                     : randomStart(data, lowC, highC, smallestA, rng);
    LeastSquaresResult result = solveLeastSquares(problem, at, solver, job);
    if (result.converged) results.push_back(std::move(result));
  }
  fit.starts = options.starts;
  if (results.empty()) {
    addNote(fit, fmt::format("none of {} starts converged within {} iterations", options.starts,
                             options.maxIterations));
    return fit;
  }
  const auto best = std::min_element(
      results.begin(), results.end(),
      [](const LeastSquaresResult& a, const LeastSquaresResult& b) { return a.cost < b.cost; });
  // Relative to the best cost, and to one part in 1e12 of the data's spread for exact data.
  const double same = best->cost * (1 + 1e-6) + 1e-12;
  fit.convergedStarts = static_cast<int>(std::count_if(
      results.begin(), results.end(), [&](const LeastSquaresResult& r) { return r.cost <= same; }));
  describeFit(data, *best, fit);
  if (best->atBound[1]) {
    addNote(fit, fmt::format("{} does not {} with total bits", lawMetricName(options.metric),
                             data.sign < 0 ? "rise" : "fall"));
  } else if (best->atBound[2] || fit.r2 < kSmallestR2) {
    addNote(fit, fmt::format("the law does not describe the data (R2 {:.2f}), the piecewise-linear "
                             "curve does",
                             fit.r2));
  } else {
    fit.usable = true;
  }
  return fit;
}

}  // namespace bitfrontier
