// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysis.h"

namespace bitfrontier {

/// @name Answers: one law over families, accuracy by way of cross-entropy, training runs
/// @{
void analyseFamilies(const FamiliesRequest& request, const AnalysisInput& input, Analysis& analysis,
                     const JobContext& job);
void analyseTwoStage(const TwoStageRequest& request, const AnalysisInput& input, Analysis& analysis,
                     const JobContext& job);
void analyseTraining(const TrainingRequest& request, Analysis& analysis, const JobContext& job);
/// @}

}  // namespace bitfrontier
