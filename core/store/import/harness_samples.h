// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/eval/task_result.h"
#include "core/store/import/import_options.h"

namespace bitfrontier {

/// The samples_<task>_<date>.jsonl that belongs to results_<date>.json, samples_<task>.jsonl, or
/// what versions 0.4.0 to 0.4.2 make of the model's arguments.
std::optional<std::filesystem::path> samplesBeside(const std::filesystem::path& results,
                                                   const std::string& task,
                                                   std::string_view modelArguments);

/// Which outcome of an item counts: its metric ("acc", "exact_match", ...) under a filter.
struct SampleMetric {
  std::string metric, filter = "none";
};

/// Reads the outcome of every item, ordered by its number in the task, into `result`: correct, log
/// likelihoods, number of items, the hash of the items unless it is known, and chance from the
/// numbers of choices. When they contradict the accuracy of the results file
/// they are not used, and a note says so.
/// Throws Format naming file and line.
void readSamples(const std::filesystem::path& file, const SampleMetric& metric, TaskResult& result,
                 ImportedRuns& notes);

}  // namespace bitfrontier
