// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "core/base/job.h"
#include "core/law/data/law_metric.h"
#include "core/law/data/law_point.h"
#include "core/store/run_store.h"

namespace bitfrontier {

/// What quantizing a model costs: a point's metric minus that of the same model at 16 bit, scored
/// alike. Accuracies as shares, cross-entropies in nats.
struct BaselineDifference {
  double difference = LawPoint::kAbsent;
  /// The 95 % interval of the paired bootstrap over items, as of storeComparisons(); absent where
  /// the outcomes of items are not stored, and for cross-entropy.
  double lower = LawPoint::kAbsent, upper = LawPoint::kAbsent;
};

/// What was found before: by the runs of the baseline, a 0, and the runs of the point.
using BaselineCache = std::map<std::vector<std::int64_t>, BaselineDifference>;

/// One for each of the points; absent for 16 bit itself and where no such point is among them. The
/// store is asked for the outcomes of items of models that are not wholly in the cache. Cancelled
/// through `job`; the cache then has what was found so far.
std::vector<BaselineDifference> baselineDifferences(const RunStore& store,
                                                    std::span<const LawPoint> points,
                                                    LawMetric metric,
                                                    BaselineCache* cache = nullptr,
                                                    const JobContext& job = {});

}  // namespace bitfrontier
