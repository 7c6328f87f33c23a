// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/law/data/item_outcomes.h"
#include "core/law/data/law_point.h"
#include "core/store/run_store.h"

namespace bitfrontier {

/// Right or wrong for every item, one row for each point in their order, or why there is none.
struct PointOutcomes {
  std::optional<ItemOutcomes> items;
  std::string problem;  ///< one sentence when `items` is empty
};

/// Reads the per-item outcomes behind points. They are paired only when all points were scored on
/// the same items of the same tasks (by the hash of the items), and their outcomes agree as those
/// of the same items do; else `problem` names points that differ. Text tasks take no part.
PointOutcomes readOutcomes(const RunStore& store, std::span<const LawPoint> points);

}  // namespace bitfrontier
