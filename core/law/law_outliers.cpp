// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/law_outliers.h"

#include <cmath>
#include <set>
#include <vector>

namespace bitfrontier {

JointOptions optionsForSubset(const JointOptions& options, std::span<const std::size_t> kept) {
  JointOptions part = options;
  if (!options.covariance) return part;
  const std::size_t n = kept.size();
  SymmetricMatrix matrix{n, std::vector<double>(n * n)};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      matrix.values[i * n + k] = options.covariance->at(kept[i], kept[k]);
    }
  }
  part.covariance = std::move(matrix);
  return part;
}

std::optional<OutlierRefits> refitForOutliers(std::span<const LawPoint> points,
                                              const JointOptions& options, const JointFit& fit,
                                              const JobContext& job) {
  if (fit.outliers.empty()) return std::nullopt;
  OutlierRefits refits;
  std::set<std::size_t> named;
  for (const std::size_t i : fit.outliers) named.insert(fit.points[i].point);

  // The lack of fit of the good points is part of what a residual is measured by.
  std::vector<LawPoint> kept;
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (named.contains(i)) continue;
    kept.push_back(points[i]);
    indices.push_back(i);
  }
  refits.without = fitJoint(kept, optionsForSubset(options, indices), job);

  JointOptions robust = options;
  robust.covariance.reset();
  robust.loss = RobustLoss::Huber;
  robust.lossScale = 0;
  robust.weighting = fit.weighting == Weighting::Equal ? Weighting::Equal : Weighting::Errors;
  robust.estimateTau = false;
  robust.tau = std::isfinite(refits.without.tau) ? refits.without.tau : 0;
  if (robust.weighting == Weighting::Equal) {
    robust.lossScale = usualScale(RobustLoss::Huber) * std::max(robust.tau, 1e-12);
    robust.tau = 0;
  }
  refits.robust = fitJoint(points, robust, job);
  return refits;
}

}  // namespace bitfrontier
