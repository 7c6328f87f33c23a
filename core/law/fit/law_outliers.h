// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>

#include "core/base/job.h"
#include "core/law/fit/joint_law.h"

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

}  // namespace bitfrontier
