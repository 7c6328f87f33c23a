// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/store/run_store.h"

namespace bitfrontier {

/// A finished run of the other store whose key is taken here by one with other results.
struct MergeConflict {
  std::string key;
  std::string model, config, task;
  std::string field;        ///< the first result that differs, e.g. "accuracy" or "items"
  std::string here, there;  ///< its two values
  bool kept = false;        ///< the other run was added beside ours, see mergeStore()
};

/// What mergeStore() did.
struct MergeCounts {
  std::int64_t added = 0;         ///< new here, or in place of a failed or cancelled run
  std::int64_t alreadyThere = 0;  ///< the same run with the same results and items
  std::int64_t unfinished = 0;  ///< failed or cancelled there, and here something is there already
  std::vector<MergeConflict> conflicts;
};

/// Adds the runs of `other`, with their per-item outcomes, that `store` does not have (by key), in
/// one transaction. A run with a known key but other results is never lost and never pooled with
/// ours: it is kept with the source "<other file>: differs from the run here". Merging again adds
/// nothing.
MergeCounts mergeStore(RunStore& store, const RunStore& other, const JobContext& job = {});

}  // namespace bitfrontier
