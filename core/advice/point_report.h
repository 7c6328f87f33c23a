// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/law/data/law_metric.h"
#include "core/law/data/law_point.h"
#include "core/law/data/paired_tests.h"
#include "core/store/run_store.h"

namespace bitfrontier {

/// A point against another one on the same items.
struct ReferenceComparison {
  LawPoint reference;
  std::optional<PairedTest> test;  ///< `second` is the point
  std::string problem;             ///< why there is none
};

/// What a store says about one point.
struct PointReport {
  LawPoint point;
  std::vector<RunRecord> runs;                  ///< behind it, by task, without items
  ReferenceComparison against;                  ///< the 16-bit form of its model
  ReferenceComparison rival;                    ///< the best of its set that needs no more bits
  std::optional<ReferenceComparison> baseline;  ///< the point that the user set, where there is one
  std::string setTitle;                         ///< what it may be compared with
  std::size_t rank = 0, ranked = 0;             ///< by the metric among these, 1 is the best
  std::vector<std::string> lacks;               ///< tasks that its peers have and it has not
};

/// The report of the point whose first run has this id, among the points of the filter; beside the
/// point with the first run `baseline`, unless that is 0. Throws NotFound when there is none.
PointReport reportPoint(const RunStore& store, const RunFilter& filter, std::int64_t firstRun,
                        LawMetric metric, const JobContext& job = {}, std::int64_t baseline = 0);

}  // namespace bitfrontier
