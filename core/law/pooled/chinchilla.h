// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core/base/job.h"

namespace bitfrontier {

/// One training run.
struct TrainingRun {
  double parameters = 0;
  double tokens = 0;
  double loss = 0;  ///< nats per token
};

/// L = E + A N^-alpha + B D^-beta, and the same in well-conditioned form: a0, b0, e are the
/// logarithms of the three terms at the geometric mean of N and D.
struct ChinchillaParameters {
  double a0 = 0, b0 = 0, e = 0, alpha = 0, beta = 0;
  double meanLogN = 0, meanLogD = 0;

  double logA() const { return a0 + alpha * meanLogN; }
  double logB() const { return b0 + beta * meanLogD; }
  double predict(double parameters, double tokens) const;
  /// Exponent of compute in the optimal size, beta / (alpha + beta).
  double sizeExponent() const { return beta / (alpha + beta); }
};

struct ChinchillaOptions {
  /// Huber's delta on residuals of ln L; infinite: least squares.
  double delta = 1e-3;
  /// Starts: a box around the data with this many random points, or the 4,500 of Hoffmann et al.
  int starts = 8;
  bool publishedGrid = false;
  std::uint64_t seed = 1;
  int threads = 1;
};

struct ChinchillaFit {
  ChinchillaParameters parameters;
  double cost = std::numeric_limits<double>::infinity();  ///< sum of Huber losses
  double largestGradient = 0;
  int n = 0;
  int starts = 0;
  int agreed = 0;  ///< starts within 1e-6 (relative) of the best cost
  int evaluations = 0;
};

/// Fits by L-BFGS (Ceres' GradientProblemSolver) in the centred parameters: where delta is far
/// below the residuals the cost is nearly the sum of absolute values, and least-squares solvers
/// only creep (IRLS). Hoffmann et al. 2022, approach 3; Besiroglu et al. 2024. Throws
/// InvalidArgument for runs that are not positive and finite, fewer than 6 of them, or one size or
/// token count only.
ChinchillaFit fitChinchilla(std::span<const TrainingRun> runs,
                            const ChinchillaOptions& options = {}, const JobContext& job = {});

struct ChinchillaSpread {
  double se = 0, lower = 0, median = 0, upper = 0;  ///< 95 % percentiles
};

struct ChinchillaBootstrap {
  std::size_t replicates = 0;
  std::size_t failed = 0;
  ChinchillaSpread A, B, E, alpha, beta, sizeExponent;
  std::vector<ChinchillaParameters> draws;
};

/// Draws runs with replacement and fits again from the full optimum. The same for the same seed
/// whatever the number of threads.
ChinchillaBootstrap bootstrapChinchilla(std::span<const TrainingRun> runs, const ChinchillaFit& fit,
                                        std::size_t replicates,
                                        const ChinchillaOptions& options = {},
                                        const JobContext& job = {});

}  // namespace bitfrontier
