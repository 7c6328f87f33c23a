// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// Points turned into what a law is fitted to. Internal to core/law.
struct JointData {
  LawContext context;
  std::vector<LawTarget> targets;   ///< value as the law sees it (error or metric)
  std::vector<FittedPoint> points;  ///< the same rows with their names and the metric
  std::vector<int> sizeIndex;       ///< which distinct size a row has
  int sizes = 0;
  double smallest = 0, largest = 0;  ///< number of parameters, for spans in decades
  Weighting weighting = Weighting::Equal;
  SymmetricMatrix covariance;  ///< of Paired weighting, else empty
  std::vector<LawRemark> remarks;
  bool refused = false;
  std::string family, source;
};

/// Checks, filters and centres. Never throws for bad data: that becomes remarks.
JointData makeJointData(std::span<const LawPoint> points, const LawForm& form,
                        const JointOptions& options);

}  // namespace bitfrontier
