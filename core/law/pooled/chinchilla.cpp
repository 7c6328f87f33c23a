// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/pooled/chinchilla.h"

#include <ceres/gradient_problem.h>
#include <ceres/gradient_problem_solver.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <Eigen/Dense>
#include <set>

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/law/inference/law_bootstrap.h"
#include "core/law/numeric/counter_rng.h"
#include "core/law/numeric/quantile.h"

namespace bitfrontier {
namespace {

using Vector = std::array<double, 5>;  // a0, b0, e, alpha, beta

struct RunData {
  Eigen::ArrayXd n, d, logLoss;  ///< centred logarithms of size and tokens
  double meanLogN = 0, meanLogD = 0;
};

RunData prepare(std::span<const TrainingRun> runs) {
  if (runs.size() < 6) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} training runs are too few for five parameters", runs.size()));
  }
  const auto size = static_cast<Eigen::Index>(runs.size());
  RunData data{Eigen::ArrayXd(size), Eigen::ArrayXd(size), Eigen::ArrayXd(size)};
  std::set<double> sizes, tokens;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const TrainingRun& run = runs[i];
    for (const double v : {run.parameters, run.tokens, run.loss}) {
      if (!std::isfinite(v) || v <= 0) {
        throw Error(ErrorKind::InvalidArgument,
                    fmt::format("training run {} has {} parameters, {} tokens and loss {}", i,
                                run.parameters, run.tokens, run.loss));
      }
    }
    const auto k = static_cast<Eigen::Index>(i);
    data.n[k] = std::log(run.parameters);
    data.d[k] = std::log(run.tokens);
    data.logLoss[k] = std::log(run.loss);
    sizes.insert(run.parameters);
    tokens.insert(run.tokens);
  }
  if (sizes.size() < 2 || tokens.size() < 2) {
    throw Error(
        ErrorKind::InvalidArgument,
        "training runs of one size or one number of tokens do not determine both exponents");
  }
  data.meanLogN = data.n.mean();
  data.meanLogD = data.d.mean();
  data.n -= data.meanLogN;
  data.d -= data.meanLogD;
  return data;
}

/// Sum of Huber losses of ln L - LSE(a0 - alpha n, b0 - beta d, e), times a scale that keeps Ceres'
/// absolute tolerances out of the way. The log-sum-exp is shifted by its largest term: line
/// searches do visit negative exponents, where the plain form overflows.
class HuberCost final : public ceres::FirstOrderFunction {
 public:
  HuberCost(const RunData& data, double delta) : data_(data), delta_(delta) {}

  void setWeights(const Eigen::ArrayXd* weights) { weights_ = weights; }

  bool Evaluate(const double* p, double* cost, double* gradient) const override {
    ++evaluations_;
    x_ = p[0] - p[3] * data_.n;
    y_ = p[1] - p[4] * data_.d;
    top_ = x_.max(y_).max(p[2]);
    x_ = (x_ - top_).exp();
    y_ = (y_ - top_).exp();
    z_ = (p[2] - top_).exp();
    sum_ = x_ + y_ + z_;
    r_ = data_.logLoss - top_ - sum_.log();
    const Eigen::ArrayXd& size = absolute_ = r_.abs();
    if (std::isfinite(delta_)) {
      loss_ = (size <= delta_).select(0.5 * r_.square(), delta_ * (size - delta_ / 2));
      slope_ = r_.max(-delta_).min(delta_);
    } else {
      loss_ = 0.5 * r_.square();
      slope_ = r_;
    }
    if (weights_ != nullptr) {
      loss_ *= *weights_;
      slope_ *= *weights_;
    }
    *cost = kScale * loss_.sum();
    if (!std::isfinite(*cost)) return false;
    if (gradient != nullptr) {
      slope_ /= sum_;
      x_ *= slope_;
      y_ *= slope_;
      gradient[0] = -kScale * x_.sum();
      gradient[1] = -kScale * y_.sum();
      gradient[2] = -kScale * (z_ * slope_).sum();
      gradient[3] = kScale * (x_ * data_.n).sum();
      gradient[4] = kScale * (y_ * data_.d).sum();
    }
    return true;
  }
  int NumParameters() const override { return 5; }
  int evaluations() const { return evaluations_; }

  static constexpr double kScale = 1e3;

 private:
  const RunData& data_;
  double delta_;
  const Eigen::ArrayXd* weights_ = nullptr;
  mutable int evaluations_ = 0;
  mutable Eigen::ArrayXd x_, y_, z_, top_, sum_, r_, absolute_, loss_, slope_;
};

/// One problem, solved many times from different starts or with different weights.
class Solver {
 public:
  Solver(const RunData& data, double delta) : cost_(new HuberCost(data, delta)), problem_(cost_) {
    options_.line_search_direction_type = ceres::LBFGS;
    options_.max_num_iterations = 300;
    options_.function_tolerance = 1e-14;
    options_.gradient_tolerance = 1e-13;
    options_.parameter_tolerance = 1e-14;
    options_.max_lbfgs_rank = 10;
    options_.logging_type = ceres::SILENT;
  }

  /// Cost at the optimum reached from p (in place); infinite when the solver fails.
  double solve(Vector& p, const Eigen::ArrayXd* weights) {
    cost_->setWeights(weights);
    double before = HUGE_VAL;
    // A line search that ran out of precision is worth one fresh start from where it stopped.
    for (int round = 0; round < 4; ++round) {
      ceres::GradientProblemSolver::Summary summary;
      ceres::Solve(options_, problem_, p.data(), &summary);
      const double after = summary.final_cost;
      if (!std::isfinite(after)) return HUGE_VAL;
      if (before - after <= 1e-12 * after) return after / HuberCost::kScale;
      if (summary.termination_type == ceres::CONVERGENCE && round > 0) {
        return after / HuberCost::kScale;
      }
      before = after;
    }
    return before / HuberCost::kScale;
  }

  double largestGradient(const Vector& p) {
    cost_->setWeights(nullptr);
    double cost = 0;
    Vector gradient{};
    cost_->Evaluate(p.data(), &cost, gradient.data());
    double largest = 0;
    for (const double g : gradient) largest = std::max(largest, std::abs(g) / HuberCost::kScale);
    return largest;
  }
  int evaluations() const { return cost_->evaluations(); }

 private:
  HuberCost* cost_;  // owned by problem_
  ceres::GradientProblem problem_;
  ceres::GradientProblemSolver::Options options_;
};

std::vector<Vector> boxStarts(const RunData& data, int count, std::uint64_t seed) {
  Eigen::ArrayXd sorted = data.logLoss;
  std::sort(sorted.begin(), sorted.end());
  const double smallest = sorted[0], median = sorted[sorted.size() / 2];
  std::vector<Vector> starts;
  for (int s = 0; s < count; ++s) {
    CounterRng rng(seed, static_cast<std::uint64_t>(s));
    const auto between = [&](double low, double high) {
      return low + (high - low) * rng.uniform();
    };
    Vector p{};
    p[2] = smallest + between(std::log(0.3), std::log(0.99));
    p[0] = median + between(std::log(0.01), 0);
    p[1] = median + between(std::log(0.01), 0);
    p[3] = between(0.05, 1);
    p[4] = between(0.05, 1);
    starts.push_back(p);
  }
  return starts;
}

/// a, b in {0, 5, ..., 25}, e in {-1, ..., 1}, alpha, beta in {0, ..., 2} (raw logarithms).
std::vector<Vector> gridStarts(const RunData& data) {
  std::vector<Vector> starts;
  for (int a = 0; a <= 25; a += 5) {
    for (int b = 0; b <= 25; b += 5) {
      for (int e = -2; e <= 2; ++e) {  // in halves, like the exponents
        for (int alpha = 0; alpha <= 4; ++alpha) {
          for (int beta = 0; beta <= 4; ++beta) {
            starts.push_back({a - alpha / 2.0 * data.meanLogN, b - beta / 2.0 * data.meanLogD,
                              e / 2.0, alpha / 2.0, beta / 2.0});
          }
        }
      }
    }
  }
  return starts;
}

ChinchillaParameters named(const Vector& p, const RunData& data) {
  return {p[0], p[1], p[2], p[3], p[4], data.meanLogN, data.meanLogD};
}

ChinchillaSpread spreadOf(std::vector<double> values) {
  ChinchillaSpread spread;
  if (values.size() < 2) return spread;
  double mean = 0, squares = 0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  for (const double v : values) squares += (v - mean) * (v - mean);
  spread.se = std::sqrt(squares / static_cast<double>(values.size()));
  std::sort(values.begin(), values.end());
  spread.lower = sortedQuantile(values, 0.025);
  spread.median = sortedQuantile(values, 0.5);
  spread.upper = sortedQuantile(values, 0.975);
  return spread;
}

}  // namespace

double ChinchillaParameters::predict(double parameters, double tokens) const {
  return std::exp(e) + std::exp(a0 - alpha * (std::log(parameters) - meanLogN)) +
         std::exp(b0 - beta * (std::log(tokens) - meanLogD));
}

ChinchillaFit fitChinchilla(std::span<const TrainingRun> runs, const ChinchillaOptions& options,
                            const JobContext& job) {
  if (!(options.delta > 0) || options.starts < 1) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("a Huber delta of {} and {} starts", options.delta, options.starts));
  }
  const RunData data = prepare(runs);
  const std::vector<Vector> starts =
      options.publishedGrid ? gridStarts(data) : boxStarts(data, options.starts, options.seed);
  std::vector<Vector> ends = starts;
  std::vector<double> costs(starts.size(), HUGE_VAL);
  std::atomic<int> evaluations{0};
  parallelFor(starts.size(), 16, options.threads, job,
              [&](std::size_t, std::size_t begin, std::size_t end) {
                Solver solver(data, options.delta);
                for (std::size_t i = begin; i < end; ++i) costs[i] = solver.solve(ends[i], nullptr);
                evaluations += solver.evaluations();
              });
  const auto best =
      static_cast<std::size_t>(std::min_element(costs.begin(), costs.end()) - costs.begin());
  if (!std::isfinite(costs[best])) {
    throw Error(ErrorKind::Numeric, "no start of the fit of L(N, D) ended at a finite loss");
  }
  Solver solver(data, options.delta);
  ChinchillaFit fit;
  fit.cost = solver.solve(ends[best], nullptr);
  fit.parameters = named(ends[best], data);
  fit.largestGradient = solver.largestGradient(ends[best]);
  fit.n = static_cast<int>(runs.size());
  fit.starts = static_cast<int>(starts.size());
  fit.evaluations = evaluations;
  for (const double cost : costs) fit.agreed += cost <= fit.cost * (1 + 1e-6) ? 1 : 0;
  return fit;
}

ChinchillaBootstrap bootstrapChinchilla(std::span<const TrainingRun> runs, const ChinchillaFit& fit,
                                        std::size_t replicates, const ChinchillaOptions& options,
                                        const JobContext& job) {
  const RunData data = prepare(runs);
  const ChinchillaParameters& q = fit.parameters;
  const Vector optimum{q.a0, q.b0, q.e, q.alpha, q.beta};
  std::vector<Vector> ends(replicates, optimum);
  std::vector<double> costs(replicates, HUGE_VAL);
  const auto n = static_cast<std::uint32_t>(runs.size());
  parallelFor(replicates, 32, options.threads, job,
              [&](std::size_t, std::size_t begin, std::size_t end) {
                Solver solver(data, options.delta);
                for (std::size_t r = begin; r < end; ++r) {
                  CounterRng rng(options.seed, r);
                  Eigen::ArrayXd weights = Eigen::ArrayXd::Zero(data.n.size());
                  for (std::uint32_t i = 0; i < n; ++i) weights[rng.below(n)] += 1;
                  costs[r] = solver.solve(ends[r], &weights);
                }
              });
  ChinchillaBootstrap result;
  std::vector<double> columns[6];
  for (std::size_t r = 0; r < replicates; ++r) {
    if (!std::isfinite(costs[r])) {
      ++result.failed;
      continue;
    }
    const ChinchillaParameters p = named(ends[r], data);
    result.draws.push_back(p);
    const double values[] = {std::exp(p.logA()), std::exp(p.logB()), std::exp(p.e), p.alpha, p.beta,
                             p.sizeExponent()};
    for (std::size_t k = 0; k < 6; ++k) columns[k].push_back(values[k]);
  }
  result.replicates = result.draws.size();
  ChinchillaSpread* spreads[] = {&result.A,     &result.B,    &result.E,
                                 &result.alpha, &result.beta, &result.sizeExponent};
  for (std::size_t k = 0; k < 6; ++k) *spreads[k] = spreadOf(std::move(columns[k]));
  return result;
}

}  // namespace bitfrontier
