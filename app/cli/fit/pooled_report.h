// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/analysis/analysis.h"

namespace bitfrontier::cli {

void printFamilies(const FamilyFit& fit);
/// `refused`: the numbers of refused stages too.
void printStages(const std::string& title, const TwoStageFit& fit, bool refused);
/// `delta` is that of the fit asked for.
void printTraining(const TrainingResult& result, double delta);

}  // namespace bitfrontier::cli
