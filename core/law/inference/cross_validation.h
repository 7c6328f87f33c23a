// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "core/base/job.h"
#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// How a law predicts what it was not fitted to.
struct CrossValidation {
  double rmse = LawPoint::kAbsent;        ///< in units of the metric
  double coverage = LawPoint::kAbsent;    ///< share of left-out points inside their 95 % interval
  double meanSquare = LawPoint::kAbsent;  ///< of error / predicted standard deviation; 1 is right
  int points = 0;
  int folds = 0;
  int failedFolds = 0;  ///< folds whose fit was refused
};

/// Leaves out one size with all its formats at a time.
CrossValidation leaveOneSizeOut(std::span<const LawPoint> points, const JointOptions& options,
                                const JobContext& job = {});
/// Leaves out the largest size: what extrapolation is worth.
CrossValidation leaveLargestOut(std::span<const LawPoint> points, const JointOptions& options,
                                const JobContext& job = {});
/// Points of several families: each family's low-bit points from its reference format alone and
/// the other families' mean of what the law says about formats (shifts of J1, penalties of J2 and
/// V, offsets of LL, ...), whose spread is part of the interval. No folds with fewer than two
/// families, for laws of one format, and for S1.
CrossValidation leaveOneFamilyOut(std::span<const LawPoint> points, const JointOptions& options,
                                  const JobContext& job = {});

}  // namespace bitfrontier
