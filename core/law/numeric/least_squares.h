// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/base/job.h"

namespace bitfrontier {

/// Minimize 1/2 sum_i r_i(p)^2 over K parameters p, each within its bounds.
struct LeastSquaresProblem {
  /// Fills `residuals` (n) and, unless null, `jacobian` (n x K, row-major, dr_i/dp_k). Returns
  /// false where the model is not defined; the solver then takes a shorter step. autoDiff() and
  /// numericDiff() make one from a model.
  using Evaluate =
      std::function<bool(const double* parameters, double* residuals, double* jacobian)>;

  std::vector<std::string> names;  ///< K parameter names, for error texts
  std::size_t residuals = 0;       ///< n
  Evaluate evaluate;
  std::vector<double> lower;  ///< K lower bounds (-inf allowed), or empty: none
  std::vector<double> upper;  ///< K upper bounds (inf allowed), or empty: none
};

/// When to stop; the meaning is that of Ceres.
struct LeastSquaresOptions {
  int maxIterations = 300;
  double functionTolerance = 1e-14;   ///< relative change of the cost
  double gradientTolerance = 1e-12;   ///< largest component of the gradient
  double parameterTolerance = 1e-12;  ///< relative change of the parameters
};

struct LeastSquaresResult {
  std::vector<double> values;     ///< K
  std::vector<double> residuals;  ///< n, at `values`
  double cost = 0;                ///< 1/2 sum of squares
  bool converged = false;         ///< a tolerance was met, as against the iteration limit
  int iterations = 0;
  std::string message;        ///< why the solver stopped
  std::vector<bool> atBound;  ///< K
  /// (J'J)^-1, K x K row-major: the covariance when residuals have unit variance. Parameters at a
  /// bound are held fixed: their rows and columns are zero. Empty when J'J of the rest is singular.
  std::vector<double> covariance;
  /// Of J with columns scaled to length 1, free parameters only; infinite when singular.
  double condition = 0;
};

/// Levenberg-Marquardt with dense QR (Ceres). A start outside the bounds is moved to them.
/// Throws InvalidArgument for inconsistent sizes, bounds or values (Ceres itself would abort),
/// Numeric when the model is not defined at the start, Cancelled.
LeastSquaresResult solveLeastSquares(const LeastSquaresProblem& problem,
                                     std::span<const double> start,
                                     const LeastSquaresOptions& options = {},
                                     const JobContext& job = {});

/// Central differences with Richardson extrapolation for a model without derivatives: 2K or 4K
/// extra evaluations a step, about 9 digits for smooth models. `model(parameters, residuals)`
/// returns false where undefined.
LeastSquaresProblem::Evaluate numericDiff(std::function<bool(const double*, double*)> model,
                                          std::size_t parameters, std::size_t residuals);

}  // namespace bitfrontier
