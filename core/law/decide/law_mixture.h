// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/law/decide/law_posterior.h"
#include "core/law/fit/left_out_formats.h"

namespace bitfrontier {

/// Laws that could be right, with their posterior probabilities; draws take each in proportion.
struct LawMixture {
  std::vector<LawPosterior> laws;
  std::vector<double> weights;         ///< sum 1
  std::vector<LeftOutFormat> leftOut;  ///< in the order in which they were left out

  bool empty() const { return laws.empty(); }
  /// The law of draw s of `count`.
  std::size_t lawOf(std::size_t s, std::size_t count) const;
  /// Laws by name and weight: "J1 (0.83), J2 (0.17)".
  std::string describe() const;
  /// One sentence about the formats left out, or empty.
  std::string describeLeftOut(LawMetric metric) const;
};

/// Fits J1 and J2, weighs them by the evidence for each under LawPriors, and leaves out what is
/// refused or weighs less than 0.01.
/// Formats that neither describes are left out, as fitDescribed does.
/// Empty when no law holds even so; `why` then says what is wrong with all formats together.
LawMixture fitMixture(std::span<const LawPoint> points, const JointOptions& options,
                      std::string& why, const JobContext& job = {}, const LawPriors& priors = {});

}  // namespace bitfrontier
