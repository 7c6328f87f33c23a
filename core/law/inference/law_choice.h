// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/law/fit/joint_law.h"
#include "core/law/fit/left_out_formats.h"

namespace bitfrontier {

/// The law that the data choose among several.
struct LawChoice {
  struct Candidate {
    JointFit fit;                     ///< to all its points
    double aicc = LawPoint::kAbsent;  ///< on the points that all usable candidates take
  };
  std::vector<Candidate> candidates;   ///< usable ones first, by AICc
  std::vector<LeftOutFormat> leftOut;  ///< formats that no law describes together with the rest
  std::string reason;                  ///< one line: why this law, or why none

  /// Null when none describes the data.
  const JointFit* law() const;
};

/// Fits each form and takes the usable one with the lowest AICc whose curves do not turn back. When
/// none describes the data,
/// formats are left out as by fitDescribed(). All options but the form are shared.
LawChoice chooseLaw(std::span<const LawPoint> points, std::span<const std::string> forms,
                    const JointOptions& options, const JobContext& job = {});

}  // namespace bitfrontier
