// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/advice/sweep_diff.h"

namespace bitfrontier {

/// Fits the law that the points of A choose to both sides, family by family where each side has one
/// comparable set, and adds the differences of its parameters, or a note where it is refused.
/// Errors of the two sides count as independent, which for the same items is cautious.
void addLawDifferences(const std::vector<LawPoint>& a, const std::vector<LawPoint>& b,
                       const DiffOptions& options, SweepDiff& diff, const JobContext& job);

/// Two-sided p value of a standard normal.
double twoSidedP(double z);
/// Half-width of a two-sided normal interval in standard errors.
double normalHalfWidth(double level);

}  // namespace bitfrontier
