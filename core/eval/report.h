// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/eval/evaluate.h"
#include "core/eval/prepared_task.h"
#include "core/eval/task.h"
#include "core/eval/task_result.h"

namespace bitfrontier {

/// A task that was evaluated, with what is needed to report it.
struct EvaluatedTask {
  Task task;
  PreparedTask prepared;
  std::vector<RequestScore> scores;  ///< as scoreRequests() returns them
  TaskResult result;
};

/// A metric's value and standard error by the harness's name ("acc", "acc_norm", "acc_bytes",
/// "perplexity", "word_perplexity", "byte_perplexity", "bits_per_byte") or our own
/// ("cross_entropy"); NaN where there is none.
std::pair<double, double> metricOf(const TaskResult& result, const std::string& metric);

/// Unweighted mean over the tasks that have an accuracy.
struct MeanAccuracy {
  double accuracy = TaskResult::kAbsent, accuracySe = TaskResult::kAbsent;
  /// The same with acc_norm in place of acc where a task has it.
  double accuracyNorm = TaskResult::kAbsent, accuracyNormSe = TaskResult::kAbsent;
  int tasks = 0;
};
MeanAccuracy meanAccuracy(std::span<const TaskResult> results);

/// The members "results", "versions", "n-shot", "higher_is_better", "n-samples" and "configs" of
/// what lm-evaluation-harness writes; absent numbers are "N/A" as there.
nlohmann::ordered_json harnessResults(std::span<const EvaluatedTask> tasks);

/// The harness's samples of a task: doc_id, target, arguments, resps, filtered_resps, prompt_hash,
/// target_hash and the metrics of each item. `scores` must have been made with EvalOptions::greedy.
nlohmann::ordered_json harnessSamples(const EvaluatedTask& task);

}  // namespace bitfrontier
