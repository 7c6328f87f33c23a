// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// A format that a law does not describe together with the others, e.g. one that collapses at large
/// sizes.
struct LeftOutFormat {
  std::string format;
  double scatter = 0;  ///< lack of fit with it, units of the metric
};

/// Laws fitted to the points that they describe.
struct DescribedFits {
  std::vector<JointFit> fits;          ///< one for each law asked for, usable or not
  std::vector<LeftOutFormat> leftOut;  ///< in the order in which they were left out
};

/// Fits laws to the same points. While none is usable since the first does not describe the data,
/// formats are left out: each time that without which the rest scatters least around the first,
/// never the reference, at most half. When that is no help the fits are to all points and nothing
/// is left out.
DescribedFits fitDescribed(std::span<const LawPoint> points, const JointOptions& options,
                           std::span<const std::string> forms, const JobContext& job = {});

/// "rtn3 (with it points scatter by 4.80 points), ...".
std::string listLeftOut(std::span<const LeftOutFormat> leftOut, LawMetric metric);

}  // namespace bitfrontier
