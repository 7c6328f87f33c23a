// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/numeric/least_squares.h"

#include <ceres/ceres.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <Eigen/Dense>
#include <limits>
#include <utility>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool allFinite(const double* values, std::size_t n) {
  return std::all_of(values, values + n, [](double v) { return std::isfinite(v); });
}

/// One Ceres block over the parameters in `free`; the others stay as they are in `at`. Values that
/// are not finite count as "not defined".
class WholeCost final : public ceres::CostFunction {
 public:
  WholeCost(const LeastSquaresProblem& problem, std::vector<std::size_t> free,
            std::vector<double> at)
      : problem_(problem), free_(std::move(free)), at_(std::move(at)) {
    set_num_residuals(static_cast<int>(problem.residuals));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(free_.size()));
  }

  bool Evaluate(double const* const* parameters, double* residuals,
                double** jacobians) const override {
    double* jacobian = jacobians == nullptr ? nullptr : jacobians[0];
    const std::size_t n = problem_.residuals, k = at_.size(), m = free_.size();
    std::vector<double> all = at_, whole(jacobian == nullptr ? 0 : n * k);
    for (std::size_t i = 0; i < m; ++i) all[free_[i]] = parameters[0][i];
    if (!problem_.evaluate(all.data(), residuals, jacobian == nullptr ? nullptr : whole.data()) ||
        !allFinite(residuals, n) || !allFinite(whole.data(), whole.size())) {
      return false;
    }
    for (std::size_t r = 0; jacobian != nullptr && r < n; ++r) {
      for (std::size_t i = 0; i < m; ++i) jacobian[r * m + i] = whole[r * k + free_[i]];
    }
    return true;
  }

 private:
  const LeastSquaresProblem& problem_;
  std::vector<std::size_t> free_;
  std::vector<double> at_;
};

class StopOnRequest final : public ceres::IterationCallback {
 public:
  explicit StopOnRequest(const JobContext& job) : job_(job) {}
  ceres::CallbackReturnType operator()(const ceres::IterationSummary&) override {
    return job_.cancelled() ? ceres::SOLVER_ABORT : ceres::SOLVER_CONTINUE;
  }

 private:
  const JobContext& job_;
};

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorKind::InvalidArgument, message);
}

double lowerOf(const LeastSquaresProblem& p, std::size_t k) {
  return p.lower.empty() ? -kInfinity : p.lower[k];
}
double upperOf(const LeastSquaresProblem& p, std::size_t k) {
  return p.upper.empty() ? kInfinity : p.upper[k];
}

void validate(const LeastSquaresProblem& problem, std::span<const double> start,
              const LeastSquaresOptions& options) {
  const std::size_t k = problem.names.size();
  constexpr std::size_t kMost = 10'000'000;
  if (k == 0 || problem.residuals == 0 || !problem.evaluate) {
    refuse("least squares without parameters, residuals or model");
  }
  if (problem.residuals > kMost || k > kMost / problem.residuals) {
    refuse(fmt::format("least squares of {} residuals in {} parameters is too large",
                       problem.residuals, k));
  }
  if (start.size() != k || (!problem.lower.empty() && problem.lower.size() != k) ||
      (!problem.upper.empty() && problem.upper.size() != k)) {
    refuse(
        fmt::format("least squares in {} parameters with {} starting values, {} lower and {} "
                    "upper bounds",
                    k, start.size(), problem.lower.size(), problem.upper.size()));
  }
  for (std::size_t i = 0; i < k; ++i) {
    if (!std::isfinite(start[i])) {
      refuse(fmt::format("the start {} of parameter {} is not finite", start[i], problem.names[i]));
    }
    if (!(lowerOf(problem, i) < upperOf(problem, i))) {
      refuse(fmt::format("the bounds {} and {} of parameter {} leave no room", lowerOf(problem, i),
                         upperOf(problem, i), problem.names[i]));
    }
  }
  const auto tolerance = [](double t) { return std::isfinite(t) && t >= 0; };
  if (options.maxIterations < 1 || !tolerance(options.functionTolerance) ||
      !tolerance(options.gradientTolerance) || !tolerance(options.parameterTolerance)) {
    refuse(fmt::format("least squares with {} iterations and tolerances {}, {}, {}",
                       options.maxIterations, options.functionTolerance, options.gradientTolerance,
                       options.parameterTolerance));
  }
}

/// J'r of the whole problem; false where the model is not defined.
bool gradientAt(const LeastSquaresProblem& problem, const std::vector<double>& values,
                std::vector<double>& gradient) {
  const std::size_t n = problem.residuals, k = values.size();
  std::vector<double> residuals(n), jacobian(n * k);
  gradient.assign(k, 0);
  if (!problem.evaluate(values.data(), residuals.data(), jacobian.data()) ||
      !allFinite(residuals.data(), n) || !allFinite(jacobian.data(), n * k)) {
    return false;
  }
  for (std::size_t r = 0; r < n; ++r) {
    for (std::size_t i = 0; i < k; ++i) gradient[i] += jacobian[r * k + i] * residuals[r];
  }
  return true;
}

/// -1 at the lower bound, 1 at the upper one, 0 between: closer than could be told apart.
int boundSide(const LeastSquaresProblem& problem, const std::vector<double>& values,
              std::size_t i) {
  const double near = 1e-9 * std::max(1.0, std::abs(values[i]));
  if (values[i] - lowerOf(problem, i) <= near) return -1;
  return upperOf(problem, i) - values[i] <= near ? 1 : 0;
}

/// One run of Ceres over the parameters that are not `result.atBound`.
void solveFree(const LeastSquaresProblem& problem, const LeastSquaresOptions& options,
               const JobContext& job, LeastSquaresResult& result) {
  std::vector<std::size_t> free;
  std::vector<double> values;
  for (std::size_t i = 0; i < result.values.size(); ++i) {
    if (result.atBound[i]) continue;
    free.push_back(i);
    values.push_back(result.values[i]);
  }
  if (free.empty()) {
    result.converged = true;
    return;
  }
  WholeCost cost(problem, free, result.values);
  ceres::Problem::Options ownership;
  ownership.cost_function_ownership = ceres::DO_NOT_TAKE_OWNERSHIP;
  ceres::Problem ceresProblem(ownership);
  ceresProblem.AddResidualBlock(&cost, nullptr, values.data());
  for (std::size_t i = 0; i < free.size(); ++i) {
    const auto index = static_cast<int>(i);
    const double lower = lowerOf(problem, free[i]), upper = upperOf(problem, free[i]);
    if (std::isfinite(lower)) ceresProblem.SetParameterLowerBound(values.data(), index, lower);
    if (std::isfinite(upper)) ceresProblem.SetParameterUpperBound(values.data(), index, upper);
  }
  StopOnRequest stop(job);
  ceres::Solver::Options solver;
  solver.linear_solver_type = ceres::DENSE_QR;
  solver.max_num_iterations = options.maxIterations;
  solver.function_tolerance = options.functionTolerance;
  solver.gradient_tolerance = options.gradientTolerance;
  solver.parameter_tolerance = options.parameterTolerance;
  solver.logging_type = ceres::SILENT;
  solver.num_threads = 1;
  solver.callbacks.push_back(&stop);
  ceres::Solver::Summary summary;
  ceres::Solve(solver, &ceresProblem, &summary);
  job.throwIfCancelled();
  for (std::size_t i = 0; i < free.size(); ++i) result.values[free[i]] = values[i];
  result.cost = summary.final_cost;
  result.converged = summary.termination_type == ceres::CONVERGENCE;
  result.iterations += static_cast<int>(summary.iterations.size());
  result.message = summary.message;
}

/// Residuals, covariance and condition at result.values.
void describeOptimum(const LeastSquaresProblem& problem, LeastSquaresResult& result) {
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto n = static_cast<Eigen::Index>(problem.residuals);
  const auto k = static_cast<Eigen::Index>(problem.names.size());
  RowMajor jacobian(n, k);
  result.residuals.resize(problem.residuals);
  result.condition = kInfinity;
  if (!problem.evaluate(result.values.data(), result.residuals.data(), jacobian.data()) ||
      !jacobian.allFinite()) {
    return;
  }
  result.cost = 0;
  for (const double r : result.residuals) result.cost += r * r / 2;
  std::vector<Eigen::Index> free;
  for (Eigen::Index i = 0; i < k; ++i) {
    if (!result.atBound[static_cast<std::size_t>(i)]) free.push_back(i);
  }
  const auto m = static_cast<Eigen::Index>(free.size());
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(k, k);
  if (m == 0) {
    result.condition = 1;
  } else {
    if (n < m) return;
    Eigen::MatrixXd scaled(n, m);
    Eigen::VectorXd scale(m);
    for (Eigen::Index i = 0; i < m; ++i) {
      scale[i] = jacobian.col(free[static_cast<std::size_t>(i)]).norm();
      if (!(scale[i] > 0)) return;
      scaled.col(i) = jacobian.col(free[static_cast<std::size_t>(i)]) / scale[i];
    }
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(scaled, Eigen::ComputeThinV);
    const Eigen::VectorXd& s = svd.singularValues();
    if (!(s[m - 1] > 10 * std::numeric_limits<double>::epsilon() * s[0])) return;
    result.condition = s[0] / s[m - 1];
    const Eigen::MatrixXd half = svd.matrixV() * s.cwiseInverse().asDiagonal();
    const Eigen::MatrixXd inner = half * half.transpose();
    for (Eigen::Index i = 0; i < m; ++i) {
      for (Eigen::Index j = 0; j < m; ++j) {
        covariance(free[static_cast<std::size_t>(i)], free[static_cast<std::size_t>(j)]) =
            inner(i, j) / (scale[i] * scale[j]);
      }
    }
  }
  result.covariance.assign(covariance.data(), covariance.data() + k * k);
}

}  // namespace

LeastSquaresResult solveLeastSquares(const LeastSquaresProblem& problem,
                                     std::span<const double> start,
                                     const LeastSquaresOptions& options, const JobContext& job) {
  validate(problem, start, options);
  job.throwIfCancelled();
  const std::size_t k = problem.names.size();
  LeastSquaresResult result;
  result.values.assign(start.begin(), start.end());
  for (std::size_t i = 0; i < k; ++i) {
    result.values[i] = std::clamp(result.values[i], lowerOf(problem, i), upperOf(problem, i));
  }
  std::vector<double> gradient;
  if (!gradientAt(problem, result.values, gradient)) {
    throw Error(ErrorKind::Numeric,
                fmt::format("the model is not defined at the start ({} = {}, ...)",
                            problem.names[0], result.values[0]));
  }
  // Ceres projects steps on the bounds; once a bound is active its steps along the other parameters
  // are those of the free problem, get rejected, and it stops short of the optimum. So active
  // parameters are held and the rest is solved again, until no held one wants to come back.
  result.atBound.assign(k, false);
  constexpr int kRounds = 8;
  for (int round = 0; round < kRounds; ++round) {
    solveFree(problem, options, job, result);
    if (!gradientAt(problem, result.values, gradient)) break;
    bool changed = false;
    for (std::size_t i = 0; i < k; ++i) {
      const int side = boundSide(problem, result.values, i);
      const bool outward = side != 0 && side * gradient[i] <= 0;
      if (outward != result.atBound[i]) changed = true;
      result.atBound[i] = outward;
    }
    if (!changed) break;
  }
  for (std::size_t i = 0; i < k; ++i) {
    result.atBound[i] = result.atBound[i] || boundSide(problem, result.values, i) != 0;
  }
  describeOptimum(problem, result);
  return result;
}

LeastSquaresProblem::Evaluate numericDiff(std::function<bool(const double*, double*)> model,
                                          std::size_t parameters, std::size_t residuals) {
  return [model = std::move(model), parameters, residuals](const double* p, double* r,
                                                           double* jacobian) {
    if (!model(p, r)) return false;
    if (jacobian == nullptr) return true;
    std::vector<double> at(p, p + parameters), plus(residuals), minus(residuals);
    for (std::size_t k = 0; k < parameters; ++k) {
      // Two central differences; their h^2 errors cancel in (4 d(h/2) - d(h)) / 3.
      const double h = 2e-3 * std::max(std::abs(p[k]), 1e-6);
      for (const double step : {h, h / 2}) {
        at[k] = p[k] + step;
        const double up = at[k];
        if (!model(at.data(), plus.data())) return false;
        at[k] = p[k] - step;
        if (!model(at.data(), minus.data())) return false;
        const double weight = (step == h ? -1.0 : 4.0) / 3;
        for (std::size_t i = 0; i < residuals; ++i) {
          const double slope = (plus[i] - minus[i]) / (up - at[k]);
          double& entry = jacobian[i * parameters + k];
          entry = (step == h ? 0 : entry) + weight * slope;
        }
      }
      at[k] = p[k];
    }
    return true;
  };
}

}  // namespace bitfrontier
