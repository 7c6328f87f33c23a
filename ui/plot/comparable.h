// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <span>
#include <vector>

#include "core/law/data/law_point.h"
#include "core/law/data/series.h"
#include "ui/plot/store_facts.h"

namespace bitfrontier {

inline namespace figure {  // core/law/data has a type of this name

/// Points whose metric may be compared: one source, evaluator, item limit, BOS profile and maximum
/// length, and the same tasks behind the metric.
struct ComparableSet {
  std::string source;
  QString label;            ///< what only this set of its source has: "4 items each"; else empty
  std::vector<int> points;  ///< indices
};

/// Divides the points `members` (indices); sets of one source follow each other, the largest first.
std::vector<ComparableSet> comparableSets(std::span<const LawPoint> points,
                                          std::span<const int> members, LawMetric metric,
                                          const StoreFacts& facts = {});

}  // namespace figure

}  // namespace bitfrontier
