// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/job.h"
#include "core/eval/prepared_task.h"
#include "core/eval/summarize.h"
#include "core/eval/task_result.h"

namespace bitfrontier {

class CausalLm;

/// How scoring is done; none of it changes a score beyond rounding.
struct EvalOptions {
  std::int64_t maxBatchTokens = 4096;    ///< tokens of a batch, padding included; at least one row
  std::int64_t maxLogits = 1 << 23;      ///< logits held at once (4 bytes each)
  std::function<void()> betweenBatches;  ///< called before every batch; may block
  bool greedy = false;  ///< RequestScore::greedy of every request, not only where a metric needs it
  std::int64_t bootstrap =
      0;  ///< resamples for the standard error of a perplexity; see summarize()
};

/// Scores of all requests in item order: log softmax over the model's whole vocabulary in fp32.
/// Checks the stop token and reports before every batch. Throws Cancelled, OutOfMemory, and
/// Numeric when a likelihood is not a number.
std::vector<RequestScore> scoreRequests(const CausalLm& model, const PreparedTask& task,
                                        const EvalOptions& options = {},
                                        const JobContext& job = {});

/// scoreRequests() and summarize(), timed: TaskResult::seconds is time worked, without the time for
/// which betweenBatches held everything up.
TaskResult evaluate(const CausalLm& model, const PreparedTask& task,
                    const EvalOptions& options = {}, const JobContext& job = {});

}  // namespace bitfrontier
