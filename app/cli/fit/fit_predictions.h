// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "core/law/inference/law_prediction.h"

namespace bitfrontier::cli {

/// --at: what a law predicts, as a table for people; nothing without predictions.
void printPredictions(const JointFit& fit, std::span<const LawPrediction> predictions);

}  // namespace bitfrontier::cli
