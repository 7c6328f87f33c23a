// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/law/data/law_point.h"
#include "core/law/data/series.h"

namespace bitfrontier {

/// Indices of the Pareto-optimal points (fewer bits, better metric), ordered by bits. A point is on
/// the frontier unless another is at least as good in both and better in one; exact ties in both
/// are all kept. Points whose metric is absent or whose bits are not positive and finite are left
/// out. O(n log n).
std::vector<std::size_t> paretoFrontier(std::span<const LawPoint> points, LawMetric metric);

/// The best measured point within a budget; empty when none fits.
std::optional<std::size_t> bestWithin(std::span<const LawPoint> points, double totalBits,
                                      LawMetric metric);

}  // namespace bitfrontier
