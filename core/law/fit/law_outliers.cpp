// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/fit/law_outliers.h"

#include <cmath>
#include <set>
#include <vector>

#include "core/law/fit/joint_fit.h"
#include "core/law/fit/subsets.h"

namespace bitfrontier {

std::optional<OutlierRefits> refitForOutliers(std::span<const LawPoint> points,
                                              const JointOptions& options, const JointFit& fit,
                                              const JobContext& job) {
  if (fit.outliers.empty()) return std::nullopt;
  OutlierRefits refits;
  std::set<std::size_t> named;
  for (const std::size_t i : fit.outliers) named.insert(fit.points[i].point);

  // The lack of fit of the good points is part of what a residual is measured by.
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!named.contains(i)) kept.push_back(i);
  }
  refits.without =
      fitJoint(pickPoints(points, kept), optionsForSubset(options, points.size(), kept), job);

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
