// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/job.h"
#include "core/eval/prepared_task.h"
#include "core/eval/task_result.h"

namespace bitfrontier {

/// Log likelihood of one request.
struct RequestScore {
  double logLikelihood = 0;  ///< natural log, summed over the continuation's tokens
  bool greedy = false;       ///< every token is the most likely one; see EvalOptions::greedy
};

/// An item's value of each metric of its task, by the harness's names: 0 or 1 for accuracies, the
/// log likelihood for "perplexity". Nothing for Rolling. Throws Numeric naming task and item when a
/// likelihood is not finite.
std::vector<std::pair<std::string_view, double>> itemMetrics(
    const PreparedTask& task, const std::vector<RequestScore>& scores, std::size_t index);

/// Metrics from scores: `scores` as scoreRequests() returns them. `seconds` stays 0. The standard
/// error of a perplexity takes `bootstrap` resamples (see bootstrap.h); 0 leaves it absent.
TaskResult summarize(const PreparedTask& task, const std::vector<RequestScore>& scores,
                     std::int64_t bootstrap = 0, const JobContext& job = {});

/// Of the first `items` of the task's order alone, which are listed in that order; no text task.
TaskResult summarizeFirst(const PreparedTask& task, const std::vector<RequestScore>& scores,
                          std::size_t items);

}  // namespace bitfrontier
