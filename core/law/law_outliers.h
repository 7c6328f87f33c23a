// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>

#include "core/base/job.h"
#include "core/law/joint_law.h"

namespace bitfrontier {

/// The two fits to print beside one whose residuals name an outlier.
struct OutlierRefits {
  JointFit robust;   ///< Huber loss on standardised residuals, all points, independent errors
  JointFit without;  ///< the original settings without the named points
};

/// Nothing when `fit` has no outliers.
std::optional<OutlierRefits> refitForOutliers(std::span<const LawPoint> points,
                                              const JointOptions& options, const JointFit& fit,
                                              const JobContext& job = {});

/// Options for some of the points, in that order: the covariance follows.
JointOptions optionsForSubset(const JointOptions& options, std::span<const std::size_t> kept);

}  // namespace bitfrontier
