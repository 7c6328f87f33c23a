// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/store/import/import_options.h"

namespace bitfrontier {

/// What one task's entry in "results" says, with what the note for the reader needs.
struct HarnessTask {
  TaskResult result;   ///< without its name
  std::string metric;  ///< what `result.accuracy` was called: "acc", "exact_match", "acc_norm", ...
  std::string filter;  ///< the filter the metrics are of; "none" for most tasks
  bool chosen = false;  ///< there were other filters
};

/// A member of an object inside an object, or null.
const nlohmann::json* harnessMember(const nlohmann::json& root, const char* outer,
                                    const std::string& key);

/// Examples in the prompt of a task: "n-shot" of 0.4, "num_fewshot" of 0.3.
int harnessShots(const nlohmann::json& root, const std::string& task);

/// Reads a task's metrics, number of items, limit and chance. Accuracy is acc, else exact_match,
/// pass@1 or, where nothing else is there, acc_norm. Of several filters `options.filter`
/// counts, else "none", else the first of the task's own list, and a note names the others. A limit
/// that the task does not reach is none. Notes name metrics that are NaN or infinite. The result
/// has neither accuracy nor bits per byte when there is nothing that a store keeps.
HarnessTask readHarnessTask(const nlohmann::json& root, const std::string& name,
                            const ImportOptions& options, ImportedRuns& out);

}  // namespace bitfrontier
