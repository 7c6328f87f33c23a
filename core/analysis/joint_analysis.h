// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysis.h"

namespace bitfrontier {

/// @name Answers: laws of series, one named law, several laws compared
/// @{
void analyseSeries(const SeriesRequest& request, const AnalysisInput& input, Analysis& analysis,
                   const JobContext& job);
void analyseJoint(const JointRequest& request, const AnalysisInput& input, Analysis& analysis,
                  const JobContext& job);
void analyseComparison(const ComparisonRequest& request, const AnalysisInput& input,
                       Analysis& analysis, const JobContext& job);
/// @}

}  // namespace bitfrontier
