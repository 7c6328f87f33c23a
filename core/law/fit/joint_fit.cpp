// SPDX-License-Identifier: GPL-3.0-or-later
// Fitting a law: starts, lack of fit, the reported optimum.
//
// Many starts are solved by the light solver; the best optimum is polished by Ceres, whose Jacobian
// gives covariance and condition. The lack of fit tau maximises the likelihood profiled over the
// parameters, -2 ln L = n ln 2 pi + ln det(Sigma + tau^2 I) + chi2.

#include "core/law/fit/joint_fit.h"

#include <fmt/format.h>

#include <boost/math/tools/minima.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/law/fit/joint_amount.h"
#include "core/law/fit/joint_data.h"
#include "core/law/fit/joint_remarks.h"
#include "core/law/fit/law_objective.h"
#include "core/law/form/penalty_parts.h"
#include "core/law/numeric/least_squares.h"
#include "core/law/numeric/small_lm.h"

namespace bitfrontier {
namespace {

constexpr double kAbsent = LawPoint::kAbsent;

struct Optimum {
  std::vector<double> free;
  double cost = HUGE_VAL;
  bool converged = false;
};

class Fitter {
 public:
  Fitter(const LawForm& form, const JointData& data, const JointOptions& options,
         const JobContext& job)
      : form_(form), data_(data), options_(options), job_(job), objective_(form, data, options) {}

  void run(JointFit& fit) {
    makeStarts();
    const bool estimate = options_.estimateTau && data_.weighting != Weighting::Equal;
    if (estimate) objective_.setTau(firstTau());
    std::vector<Optimum> optima = fromAllStarts();
    Optimum best = bestOf(optima);
    if (!std::isfinite(best.cost)) {
      fit.remarks.push_back({RemarkCode::NotConverged, true,
                             fmt::format("none of {} starts gave a finite fit", starts_.size())});
      return;
    }
    if (estimate) {
      for (int round = 0; round < 3; ++round) {
        maximiseOverTau(best);
        optima = fromAllStarts();
        const Optimum again = bestOf(optima);
        const bool better = again.cost < best.cost - 1e-6;
        if (again.cost < best.cost) best = again;
        if (!better) break;
      }
    }
    finish(best, optima, estimate, fit);
  }

 private:
  void makeStarts() {
    constexpr double kLevels[] = {0.5, 0.9, 0.1}, kAlphas[] = {0.3, 0.1, 0.8};
    Rng rng(options_.seed);
    std::vector<std::pair<double, double>> settings;
    for (const double alpha : kAlphas) {
      for (const double level : kLevels) settings.emplace_back(level, alpha);
    }
    while (settings.size() < static_cast<std::size_t>(options_.starts)) {
      const double level = rng.uniform();
      settings.emplace_back(level, 0.03 * std::pow(50.0, rng.uniform()));
    }
    settings.resize(static_cast<std::size_t>(options_.starts));
    for (const auto& [level, alpha] : settings) {
      const std::vector<double> all = form_.start(data_.context, data_.targets, level, alpha);
      starts_.push_back(objective_.reduce(all));
    }
  }

  Optimum solveFrom(std::vector<double> free) {
    Optimum optimum;
    if (free.empty()) {
      std::vector<double> r(objective_.residuals());
      if (objective_(free.data(), r.data(), nullptr)) {
        optimum.cost = std::inner_product(r.begin(), r.end(), r.begin(), 0.0) / 2;
        optimum.converged = true;
      }
      return optimum;
    }
    SmallLm::Options solver;
    solver.maxIterations = 200;
    const SmallLm::Result result =
        lm_.solve(objective_, objective_.residuals(), objective_.freeCount(),
                  objective_.lower().data(), objective_.upper().data(), free.data(), solver);
    optimum.free = std::move(free);
    optimum.cost = std::isfinite(result.cost) && result.iterations + (result.converged ? 1 : 0) > 0
                       ? result.cost
                       : HUGE_VAL;
    optimum.converged = result.converged;
    return optimum;
  }

  std::vector<Optimum> fromAllStarts() {
    std::vector<Optimum> optima;
    for (const auto& start : starts_) {
      job_.throwIfCancelled();
      optima.push_back(solveFrom(start));
    }
    return optima;
  }

  static Optimum bestOf(const std::vector<Optimum>& optima) {
    return *std::min_element(optima.begin(), optima.end(),
                             [](const Optimum& a, const Optimum& b) { return a.cost < b.cost; });
  }

  /// A lack of fit as large as the known errors keeps single precise points from ruling the search.
  double firstTau() const {
    std::vector<double> sigmas;
    for (std::size_t i = 0; i < objective_.rows(); ++i) sigmas.push_back(objective_.sigma(i));
    std::nth_element(sigmas.begin(), sigmas.begin() + std::ptrdiff_t(sigmas.size() / 2),
                     sigmas.end());
    return sigmas[sigmas.size() / 2];
  }

  double minus2LogLikelihood(double cost) const {
    return static_cast<double>(objective_.rows()) * std::log(2 * std::numbers::pi) +
           objective_.logDeterminant() + 2 * cost;
  }

  /// Maximum likelihood over tau and the parameters; `best` is the start and the result.
  void maximiseOverTau(Optimum& best) {
    const double unit = firstTauUnit();
    const auto profile = [&](double tau) {
      objective_.setTau(tau);
      const Optimum optimum = solveFrom(best.free);
      if (!std::isfinite(optimum.cost)) return HUGE_VAL;
      best = optimum;
      return minus2LogLikelihood(best.cost);
    };
    // A coarse scan first: the profile may have its smallest value at 0.
    double bestLog = 0, bestValue = HUGE_VAL;
    const double top = std::max(std::log(unit) + 5, std::log(std::max(spreadOfValues(), 1e-300)));
    const int steps = static_cast<int>(std::ceil(2 * (top - std::log(unit) + 5)));
    for (int step = 0; step < steps; ++step) {
      const double logTau = top - 0.5 * step;
      job_.throwIfCancelled();
      const double value = profile(std::exp(logTau));
      if (value < bestValue) {
        bestValue = value;
        bestLog = logTau;
      }
    }
    const auto [logTau, value] = boost::math::tools::brent_find_minima(
        [&](double t) { return profile(std::exp(t)); }, bestLog - 0.5, bestLog + 0.5, 48);
    const double zero = profile(0);
    if (zero > value) profile(std::exp(logTau));
  }

  /// Standard deviation of the observed values: no lack of fit is larger.
  double spreadOfValues() const {
    const std::size_t n = objective_.rows();
    double mean = 0, squares = 0;
    for (std::size_t i = 0; i < n; ++i) mean += objective_.observed(i) / static_cast<double>(n);
    for (std::size_t i = 0; i < n; ++i) squares += std::pow(objective_.observed(i) - mean, 2);
    return std::sqrt(squares / static_cast<double>(n));
  }

  double firstTauUnit() {
    objective_.setTau(0);
    return firstTau();
  }

  /// What the last solve at the optimum says.
  struct Polished {
    std::vector<bool> atBound;
    std::vector<double> covariance;  ///< of the free parameters; empty when not available
    double condition = kAbsent;
  };

  /// Solves once more by Ceres, whose Jacobian gives covariance and condition; `best` may improve.
  Polished polish(Optimum& best) {
    const std::size_t n = objective_.rows(), m = objective_.freeCount();
    Polished polished;
    polished.atBound.assign(m, false);
    if (m == 0) return polished;
    LeastSquaresProblem problem;
    for (const std::size_t k : objective_.free()) {
      problem.names.push_back(objective_.parameters()[k].name);
    }
    problem.residuals = objective_.residuals();
    problem.lower = objective_.lower();
    problem.upper = objective_.upper();
    // Residuals of laws without errors are small numbers; one scale keeps tolerances meaningful.
    const double scale = data_.weighting == Weighting::Equal
                             ? std::sqrt(static_cast<double>(n) / std::max(2 * best.cost, 1e-300))
                             : 1;
    const double bounded = std::clamp(scale, 1.0, 1e12);
    problem.evaluate = [&, bounded](const double* p, double* r, double* j) {
      if (!objective_(p, r, j)) return false;
      for (std::size_t i = 0; i < problem.residuals; ++i) r[i] *= bounded;
      for (std::size_t i = 0; j != nullptr && i < problem.residuals * m; ++i) j[i] *= bounded;
      return true;
    };
    const LeastSquaresResult result = solveLeastSquares(problem, best.free, {}, job_);
    const double cost = result.cost / (bounded * bounded);
    if (cost <= best.cost * (1 + 1e-9) + 1e-300) {
      best.free = result.values;
      best.cost = cost;
    }
    polished.condition = result.condition;
    polished.atBound = result.atBound;
    polished.covariance = result.covariance;
    for (double& c : polished.covariance) c *= bounded * bounded;
    return polished;
  }

  /// Values, errors and covariance of all parameters; `factor` scales the covariance.
  void describeParameters(const std::vector<double>& values, const Polished& polished,
                          double factor, JointFit& fit) const {
    const std::size_t all = values.size(), m = objective_.freeCount();
    const std::vector<double>& covariance = polished.covariance;
    fit.parameters.clear();
    fit.covariance.assign(all * all, covariance.empty() && m > 0 ? kAbsent : 0.0);
    for (std::size_t k = 0; k < all; ++k) {
      FittedParameter p;
      static_cast<LawParameter&>(p) = objective_.parameters()[k];
      p.value = values[k];
      p.held = true;
      fit.parameters.push_back(std::move(p));
    }
    for (std::size_t i = 0; i < m; ++i) {
      FittedParameter& p = fit.parameters[objective_.free()[i]];
      p.held = false;
      p.atBound = polished.atBound[i];
      if (covariance.empty()) continue;
      for (std::size_t j = 0; j < m; ++j) {
        fit.covariance[objective_.free()[i] * all + objective_.free()[j]] =
            factor * covariance[i * m + j];
      }
      if (!p.atBound) p.se = std::sqrt(factor * covariance[i * m + i]);
    }
  }

  void finish(Optimum& best, const std::vector<Optimum>& optima, bool estimated, JointFit& fit) {
    const std::size_t n = objective_.rows(), m = objective_.freeCount();
    const Polished polished = polish(best);
    if (m > 0) fit.condition = polished.condition;
    fit.n = static_cast<int>(n);
    fit.freeParameters = static_cast<int>(m);
    fit.sizes = data_.sizes;
    fit.starts = static_cast<int>(starts_.size());
    const double same = best.cost * (1 + 1e-6) + 1e-9;
    for (const Optimum& o : optima) fit.agreed += o.cost <= same ? 1 : 0;
    if (estimated) fit.agreed = std::max(fit.agreed, 1);

    // Without known errors the residuals' scatter gives the scale.
    const double freedom = static_cast<double>(n) - static_cast<double>(m);
    double factor = 1;
    fit.chi2 = 2 * best.cost;
    if (data_.weighting == Weighting::Equal) {
      fit.tau = freedom > 0 ? std::sqrt(2 * best.cost / freedom) : kAbsent;
      factor = freedom > 0 ? fit.tau * fit.tau : kAbsent;
    } else {
      fit.tau = objective_.tau();
    }
    fit.tauEstimated = estimated || data_.weighting == Weighting::Equal;
    informationCriteria(best.cost, fit);
    const std::vector<double> values = objective_.expand(best.free.data());
    describeParameters(values, polished, factor, fit);
    if (estimated && m > 0 && !polished.covariance.empty()) {
      fit.restricted = restrictedNoise(objective_, best.free, polished.atBound);
    }
    describeNoise(fit);
    describePoints(values, fit);
    judgeFit(data_, options_, objective_, best.free, otherMinima(best, optima), fit);
  }

  void informationCriteria(double cost, JointFit& fit) const {
    if (options_.loss != RobustLoss::None || form_.info().scale != ResidualScale::Linear) return;
    const auto n = static_cast<double>(objective_.rows());
    const double chi2 = 2 * cost;
    const auto corrected = [n](double k) {
      return n - k - 1 > 0 ? 2 * k + 2 * k * (k + 1) / (n - k - 1) : HUGE_VAL;
    };
    const auto k = static_cast<double>(objective_.freeCount());
    if (data_.weighting == Weighting::Equal) {
      fit.minus2LogLikelihood = n * std::log(chi2 / n);
      fit.aicc = fit.minus2LogLikelihood + corrected(k + 1);
      return;
    }
    fit.minus2LogLikelihood = minus2LogLikelihood(cost);
    fit.aicc = fit.minus2LogLikelihood + corrected(fit.tauEstimated ? k + 1 : k);
    if (!fit.tauEstimated && objective_.tau() == 0) fit.aiccKnownErrors = chi2 + corrected(k);
  }

  /// Modelled weight errors become those of the formats, so that who predicts without this program
  /// has them.
  static void describeNoise(JointFit& fit) {
    if (!fit.context.modelledNoise || !fit.form->info().needsNoise) return;
    const auto value = [&fit](const std::string& name) {
      const auto k = fit.find(name);
      return k ? fit.parameters[*k].value : 0;
    };
    for (std::size_t f = 1; f < fit.context.formats.size(); ++f) {
      LawFormat& format = fit.context.formats[f];
      format.noise =
          std::exp(value("c_" + format.dataType) - 2 * std::numbers::ln2 * (format.bits - 4) +
                   value("gG") * blockTerm(format));
    }
  }

  void describePoints(const std::vector<double>& values, JointFit& fit) const {
    fit.points = data_.points;
    double squares = 0, mean = 0, total = 0;
    const bool flipped = form_.info().ofError && data_.context.metric == LawMetric::Accuracy;
    for (std::size_t i = 0; i < fit.points.size(); ++i) {
      FittedPoint& p = fit.points[i];
      const double law = objective_.fitted(values.data(), i);
      p.fitted = flipped ? 1 - law : law;
      const double r = p.value - p.fitted;
      const double tau = std::isfinite(fit.tau) ? fit.tau : 0;
      const double se = data_.weighting == Weighting::Equal ? 0 : p.se;
      const double deviation = std::sqrt(se * se + tau * tau);
      p.standardised = deviation > 0 ? r / deviation : 0;
      squares += r * r;
      mean += p.value;
    }
    const auto n = static_cast<double>(fit.points.size());
    mean /= n;
    for (const FittedPoint& p : fit.points) total += (p.value - mean) * (p.value - mean);
    fit.rmse = std::sqrt(squares / n);
    fit.r2 = 1 - squares / total;
  }

  /// Optima within Delta chi2 < 1 of the best whose parameters differ by more than half a standard
  /// error, each once.
  std::vector<std::vector<double>> otherMinima(const Optimum& best,
                                               const std::vector<Optimum>& optima) const {
    std::vector<std::vector<double>> distinct;
    const double unit = data_.weighting == Weighting::Equal
                            ? 2 * best.cost / std::max<double>(1, double(objective_.rows()))
                            : 1;
    const auto differs = [](const std::vector<double>& a, const std::vector<double>& b) {
      for (std::size_t i = 0; i < a.size(); ++i) {
        if (std::abs(a[i] - b[i]) > 1e-2 * std::max({std::abs(a[i]), std::abs(b[i]), 1e-2})) {
          return true;
        }
      }
      return false;
    };
    for (const Optimum& o : optima) {
      if (!o.converged || 2 * (o.cost - best.cost) >= unit || !differs(o.free, best.free)) continue;
      if (std::all_of(distinct.begin(), distinct.end(),
                      [&](const auto& other) { return differs(o.free, other); })) {
        distinct.push_back(o.free);
      }
    }
    return distinct;
  }

  const LawForm& form_;
  const JointData& data_;
  const JointOptions& options_;
  const JobContext& job_;
  LawObjective objective_;
  SmallLm lm_;
  std::vector<std::vector<double>> starts_;
};

void checkOptions(const JointOptions& options) {
  const auto refuse = [](const std::string& text) {
    throw Error(ErrorKind::InvalidArgument, text);
  };
  if (options.starts < 1 || options.starts > 100'000) {
    refuse(fmt::format("a fit with {} starts, 1 to 100000 are allowed", options.starts));
  }
  if (!(options.tau >= 0) || !std::isfinite(options.tau)) {
    refuse(fmt::format("a lack of fit of {}", options.tau));
  }
  if (options.loss != RobustLoss::None && options.weighting == Weighting::Paired) {
    refuse("a robust loss acts on single points and not on paired (GLS) residuals");
  }
  if (options.loss != RobustLoss::None && (!(options.lossScale >= 0))) {
    refuse(fmt::format("a robust loss of scale {}", options.lossScale));
  }
  if (options.publishedPriors && !(options.priorWidth > 0)) {
    refuse(fmt::format("a prior of relative width {}", options.priorWidth));
  }
  if (options.breaks < 1 || options.breaks > 5) {
    refuse(fmt::format("a broken power law with {} breaks, 1 to 5 are allowed", options.breaks));
  }
  if (options.covariance) {
    const SymmetricMatrix& m = *options.covariance;
    if (m.values.size() != m.n * m.n) refuse("the covariance is not a square matrix");
    for (std::size_t i = 0; i < m.n; ++i) {
      if (!(m.at(i, i) >= 0) || !std::isfinite(m.at(i, i))) {
        refuse(fmt::format("the variance of point {} is {}", i, m.at(i, i)));
      }
      for (std::size_t k = 0; k < i; ++k) {
        if (!(std::abs(m.at(i, k) - m.at(k, i)) <= 1e-9 * std::sqrt(m.at(i, i) * m.at(k, k)))) {
          refuse(fmt::format("the covariance of points {} and {} is not symmetric", i, k));
        }
        if (std::abs(m.at(i, k)) > (1 + 1e-6) * std::sqrt(m.at(i, i) * m.at(k, k))) {
          refuse(
              fmt::format("the covariance of points {} and {} is {}, more than their variances "
                          "{} and {} allow",
                          i, k, m.at(i, k), m.at(i, i), m.at(k, k)));
        }
      }
    }
  }
}

}  // namespace

JointFit fitJoint(std::span<const LawPoint> points, const JointOptions& options,
                  const JobContext& job) {
  checkOptions(options);
  const LawForm& form = lawForm(options.form);
  JointOptions used = options;
  if (used.loss != RobustLoss::None) used.estimateTau = false;
  if (used.loss != RobustLoss::None && used.weighting == Weighting::Auto) {
    used.covariance.reset();
  }
  JointFit fit;
  fit.form = &form;
  fit.axis = form.info().overTotalBits ? LawAxis::TotalBits : options.axis;
  const JointData data = makeJointData(points, form, used);
  fit.context = data.context;
  fit.weighting = data.weighting;
  fit.family = data.family;
  fit.source = data.source;
  fit.remarks = data.remarks;
  fit.sizes = data.sizes;
  fit.n = static_cast<int>(data.points.size());
  fit.points = data.points;
  if (data.refused) return fit;
  describeRange(data, fit);
  if (!judgeAmount(data, used, form, fit)) return fit;
  Fitter(form, data, used, job).run(fit);
  return fit;
}

}  // namespace bitfrontier
