// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/inference/law_profile.h"

#include <fmt/format.h>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/tools/minima.hpp>
#include <boost/math/tools/toms748_solve.hpp>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/law/fit/joint_data.h"
#include "core/law/fit/law_objective.h"
#include "core/law/numeric/small_lm.h"

namespace bitfrontier {
namespace {

class Profiler {
 public:
  Profiler(const JointFit& fit, const JointData& data, const JointOptions& options, double level,
           const JobContext& job)
      : fit_(fit), data_(data), options_(options), job_(job) {
    const auto n = static_cast<double>(fit.n), k = static_cast<double>(fit.freeParameters);
    scaled_ = fit.tauEstimated;
    if (scaled_ && n > k) {
      const boost::math::fisher_f f(1, n - k);
      threshold_ = n * std::log1p(quantile(f, level) / (n - k));
    } else {
      threshold_ = quantile(boost::math::chi_squared(1), level);
    }
  }

  ProfileInterval of(std::size_t parameter) {
    LawObjective objective(*fit_.form, data_, options_);
    if (data_.weighting != Weighting::Equal) objective.setTau(fit_.tau);
    const FittedParameter& p = fit_.parameters[parameter];
    ProfileInterval interval;
    interval.name = p.name;
    interval.estimate = p.value;
    setBase(objective, parameter);
    interval.lower = side(objective, parameter, -1, interval.closedBelow);
    interval.upper = side(objective, parameter, +1, interval.closedAbove);
    interval.threshold = threshold_;
    return interval;
  }

  /// The profile from a little below the interval to a little above it, or where a side is open to
  /// some standard errors or the bound: `places` on each side of the estimate.
  void trace(std::size_t parameter, std::size_t places, ProfileInterval& interval) {
    LawObjective objective(*fit_.form, data_, options_);
    if (data_.weighting != Weighting::Equal) objective.setTau(fit_.tau);
    const FittedParameter& p = fit_.parameters[parameter];
    setBase(objective, parameter);
    const double unit = unitOf(p);
    for (const int direction : {-1, +1}) {
      const bool closed = direction < 0 ? interval.closedBelow : interval.closedAbove;
      const double end = direction < 0 ? interval.lower : interval.upper;
      const double bound = direction < 0 ? p.lower : p.upper;
      double reach = closed ? 1.25 * std::abs(end - p.value) : 4 * unit;
      if (std::isfinite(bound)) reach = std::min(reach, std::abs(bound - p.value));
      if (!(reach > 0)) continue;
      objective.hold(parameter, p.value);
      std::vector<double> warm = objective.reduce(fit_.values());
      for (std::size_t i = 1; i <= places; ++i) {
        const double value =
            p.value + direction * reach * static_cast<double>(i) / static_cast<double>(places);
        objective.hold(parameter, value);
        const double excess = deviance(objective, warm) - base_;
        warm = last_;
        if (std::isfinite(excess)) interval.curve.emplace_back(value, std::max(0.0, excess));
      }
    }
    interval.curve.emplace_back(p.value, 0);
    std::sort(interval.curve.begin(), interval.curve.end());
  }

  bool contains(std::size_t parameter, double value) {
    LawObjective objective(*fit_.form, data_, options_);
    if (data_.weighting != Weighting::Equal) objective.setTau(fit_.tau);
    setBase(objective, parameter);
    objective.hold(parameter, value);
    return deviance(objective, objective.reduce(fit_.values())) - base_ <= threshold_;
  }

 private:
  static double unitOf(const FittedParameter& p) {
    return std::isfinite(p.se) && p.se > 0 ? p.se : 0.05 * std::max(std::abs(p.value), 0.05);
  }

  void setBase(LawObjective& objective, std::size_t parameter) {
    objective.hold(parameter, fit_.parameters[parameter].value);
    base_ = deviance(objective, objective.reduce(fit_.values()));
  }

  /// -2 ln L at the held value, minimised over the rest and, when estimated, over tau.
  double deviance(LawObjective& objective, std::vector<double> start) {
    job_.throwIfCancelled();
    const auto n = static_cast<double>(objective.rows());
    const auto at = [&](double tau) {
      if (data_.weighting != Weighting::Equal) objective.setTau(tau);
      SmallLm::Options solver;
      solver.maxIterations = 200;
      const SmallLm::Result result =
          lm_.solve(objective, objective.residuals(), objective.freeCount(),
                    objective.lower().data(), objective.upper().data(), start.data(), solver);
      return data_.weighting == Weighting::Equal ? n * std::log(2 * result.cost)
                                                 : 2 * result.cost + objective.logDeterminant();
    };
    double value = 0;
    if (data_.weighting == Weighting::Equal || !fit_.tauEstimated) {
      value = at(fit_.tau);
    } else {
      // A held parameter can only raise the lack of fit.
      double smallest = fit_.tau;
      for (const FittedPoint& p : fit_.points) smallest = std::max(smallest, 1e-3 * p.se);
      const auto [logTau, found] = boost::math::tools::brent_find_minima(
          [&](double t) { return at(std::exp(t)); }, std::log(smallest) - 0.7,
          std::log(smallest) + 1.5, 16);
      value = std::min(found, at(fit_.tau));
      at(std::exp(logTau));
    }
    last_ = std::move(start);
    return value;
  }

  double side(LawObjective& objective, std::size_t parameter, int direction, bool& closed) {
    const FittedParameter& p = fit_.parameters[parameter];
    const double bound = direction < 0 ? p.lower : p.upper;
    const double unit = unitOf(p);
    objective.hold(parameter, p.value);
    std::vector<double> warm = objective.reduce(fit_.values());
    const auto excess = [&](double value) {
      objective.hold(parameter, value);
      const double d = deviance(objective, warm) - base_ - threshold_;
      warm = last_;
      return d;
    };
    closed = false;
    double inner = p.value, innerExcess = -threshold_;
    for (double step = 1.5 * unit;; step *= 1.5) {
      double outer = inner + direction * step;
      const bool last = direction < 0 ? outer <= bound : outer >= bound;
      if (last) outer = bound;
      if (!std::isfinite(outer) || outer == inner) return bound;
      const double outerExcess = excess(outer);
      if (!std::isfinite(outerExcess)) return bound;
      if (outerExcess > 0) {
        closed = true;
        std::uintmax_t evaluations = 60;
        const double a = std::min(inner, outer), b = std::max(inner, outer);
        const double fa = direction < 0 ? outerExcess : innerExcess;
        const double fb = direction < 0 ? innerExcess : outerExcess;
        const auto near = [&](double x, double y) { return std::abs(x - y) < 1e-7 * unit; };
        const auto [low, high] =
            boost::math::tools::toms748_solve(excess, a, b, fa, fb, near, evaluations);
        return (low + high) / 2;
      }
      if (last) return bound;
      inner = outer;
      innerExcess = outerExcess;
    }
  }

  const JointFit& fit_;
  const JointData& data_;
  const JointOptions& options_;
  const JobContext& job_;
  SmallLm lm_;
  bool scaled_ = false;
  double threshold_ = 0, base_ = 0;
  std::vector<double> last_;
};

}  // namespace

std::vector<LawRemark> judgeProfiles(std::span<const ProfileInterval> intervals) {
  std::vector<LawRemark> remarks;
  for (const ProfileInterval& i : intervals) {
    if (i.closedBelow && i.closedAbove) continue;
    remarks.push_back(
        {RemarkCode::NotIdentified, false,
         fmt::format("the interval of {} does not close {}: not identified, predictions hold "
                     "inside the measured range only",
                     i.name,
                     i.closedBelow   ? "above"
                     : i.closedAbove ? "below"
                                     : "on either side")});
  }
  return remarks;
}

double waldFactor(const JointFit& fit, double level) {
  const int freedom = fit.n - fit.freeParameters;
  return studentQuantile(fit.tauEstimated && freedom > 0 ? freedom : HUGE_VAL, level);
}

double studentQuantile(double freedom, double level) {
  const double q = (1 + level) / 2;
  return std::isfinite(freedom) ? quantile(boost::math::students_t(freedom), q)
                                : quantile(boost::math::normal(), q);
}

double waldHalfWidth(const JointFit& fit, std::size_t k, double level) {
  const FittedParameter& p = fit.parameters[k];
  if (fit.restricted.empty() || !std::isfinite(p.se)) return waldFactor(fit, level) * p.se;
  std::vector<double> gradient(fit.parameters.size(), 0);
  gradient[k] = 1;
  return studentQuantile(fit.restricted.freedom(gradient), level) *
         std::sqrt(fit.restricted.variance(gradient));
}

double curveHalfWidth(const JointFit& fit, const LawRow& row, double level) {
  const double se = fit.predictSe(row);
  if (fit.restricted.empty() || !std::isfinite(se)) return waldFactor(fit, level) * se;
  const std::vector<double> gradient = fit.gradientAt(row);
  return studentQuantile(fit.restricted.freedom(gradient), level) *
         std::sqrt(fit.restricted.variance(gradient));
}

double newFreedom(const JointFit& fit, const LawRow& row, double ownVariance) {
  if (!fit.restricted.empty()) {
    // In the unit of the residuals, which is that of tau.
    const double unit = fit.residualUnit(row);
    std::vector<double> gradient = fit.gradientAt(row);
    for (double& g : gradient) g /= unit;
    return fit.restricted.freedom(gradient, true, ownVariance / (unit * unit));
  }
  const int freedom = fit.n - fit.freeParameters;
  return fit.tauEstimated && freedom > 0 ? freedom : HUGE_VAL;
}

double newHalfWidth(const JointFit& fit, const LawRow& row, double ownVariance, double level) {
  return studentQuantile(newFreedom(fit, row, ownVariance), level) *
         fit.predictNewSe(row, ownVariance);
}

bool insideProfile(std::span<const LawPoint> points, const JointOptions& options,
                   const JointFit& fit, const std::string& parameter, double value, double level) {
  const auto k = fit.find(parameter);
  if (!k) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("the law {} has no parameter {}",
                            fit.form != nullptr ? fit.form->info().name : "", parameter));
  }
  const JointData data = makeJointData(points, *fit.form, options);
  const JobContext job;
  return Profiler(fit, data, options, level, job).contains(*k, value);
}

std::vector<ProfileInterval> profileIntervals(std::span<const LawPoint> points,
                                              const JointOptions& options, const JointFit& fit,
                                              const ProfileOptions& profile,
                                              const JobContext& job) {
  if (!(profile.level > 0 && profile.level < 1)) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("an interval of level {}, between 0 and 1 is possible", profile.level));
  }
  for (const std::string& name : profile.parameters) {
    if (!fit.parameters.empty() && !fit.find(name)) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("the law {} has no parameter {}", fit.form->info().name, name));
    }
  }
  std::vector<ProfileInterval> intervals;
  if (fit.parameters.empty()) return intervals;
  const JointData data = makeJointData(points, *fit.form, options);
  Profiler profiler(fit, data, options, profile.level, job);
  for (std::size_t k = 0; k < fit.parameters.size(); ++k) {
    const FittedParameter& p = fit.parameters[k];
    const bool asked = profile.parameters.empty() ||
                       std::find(profile.parameters.begin(), profile.parameters.end(), p.name) !=
                           profile.parameters.end();
    if (p.held || !asked) continue;
    ProfileInterval interval = profiler.of(k);
    const double half = waldHalfWidth(fit, k, profile.level);
    interval.waldLower = p.value - half;
    interval.waldUpper = p.value + half;
    if (profile.curve > 0) profiler.trace(k, profile.curve, interval);
    intervals.push_back(std::move(interval));
  }
  return intervals;
}

}  // namespace bitfrontier
