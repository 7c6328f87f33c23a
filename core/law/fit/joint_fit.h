// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "core/base/job.h"
#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// Fits a law to the points of one family and source. Refusals are in the result; throws
/// InvalidArgument for options that make no sense, and Cancelled.
JointFit fitJoint(std::span<const LawPoint> points, const JointOptions& options,
                  const JobContext& job = {});

}  // namespace bitfrontier
