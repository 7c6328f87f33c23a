// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/law/data/law_point.h"
#include "core/law/data/series.h"

namespace bitfrontier {

/// The same for all points whose metric may be compared: source, evaluator version, item limit, BOS
/// profile, maximum length and tasks. A mean over five tasks is no better or worse than one over
/// four of them, nor one over 4 items than one over 200.
std::string comparableKey(const LawPoint& point, LawMetric metric);

/// Indices of the Pareto-optimal points (fewer bits, better metric), ordered by bits. A point is on
/// the frontier unless another is at least as good in both and better in one; exact ties in both
/// are all kept. Points whose metric is absent or whose bits are not positive and finite are left
/// out. O(n log n).
std::vector<std::size_t> paretoFrontier(std::span<const LawPoint> points, LawMetric metric);

/// The best measured point within a budget; empty when none fits.
std::optional<std::size_t> bestWithin(std::span<const LawPoint> points, double totalBits,
                                      LawMetric metric);

}  // namespace bitfrontier
