// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "app/cli/fit/fit.h"
#include "core/law/inference/law_prediction.h"

namespace bitfrontier::cli {

/// @name --at: a law's predictions
/// @{

/// Throws InvalidArgument when there are sizes to predict at and not one law to predict by.
void checkPredictions(const FitCommand& command);
/// The sizes in parameters. Throws InvalidArgument for one that is no number, and for a law that is
/// not over sizes.
std::vector<double> predictedSizes(const FitCommand& command);
/// A table for people; nothing without predictions.
void printPredictions(const JointFit& fit, std::span<const LawPrediction> predictions);
/// @}

}  // namespace bitfrontier::cli
