// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/law/data/draws.h"

namespace bitfrontier {

/// Indices of the Pareto-optimal entries (lower cost, higher value), ordered by cost. An entry is
/// on the frontier unless another is at least as good in both and better in one; exact ties in
/// both are all kept. Costs that are not positive and finite and values that are not finite are
/// left out. One pass over the entries and a sort of those that no cheaper bin of costs beats: O(n)
/// for scattered entries, O(n log n) at worst.
std::vector<std::size_t> paretoFrontier(std::span<const double> costs,
                                        std::span<const double> values);

/// Entries that could be on the frontier: all but those that some cheaper entry beats by more than
/// `sigmas` of both standard errors. Ordered by index.
std::vector<std::size_t> frontierCandidates(std::span<const double> costs,
                                            std::span<const double> values,
                                            std::span<const double> standardErrors,
                                            double sigmas = 6);

/// Share of the draws in which each entry is on the frontier. Entries that tie exactly in cost and
/// value share the draw, so of two identical ones neither wins. `draws` columns are the entries.
std::vector<double> frontierProbability(std::span<const double> costs, const Draws& draws);

/// Share of the draws in which each entry has the highest value among those with a cost within the
/// budget; ties share. Zeros when nothing fits.
std::vector<double> bestProbability(std::span<const double> costs, const Draws& draws,
                                    double budget);

}  // namespace bitfrontier
