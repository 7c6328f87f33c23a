// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/analysis/analysis.h"

namespace bitfrontier {

/// Answers: the law that the data of each family choose, with a curve for each series.
void analyseChosen(const ChosenRequest& request, const AnalysisInput& input, Analysis& analysis,
                   const JobContext& job);

}  // namespace bitfrontier
