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

/// A task that is scored block by block (PreparedTask::Block). After the last block the scores are
/// those of scoreRequests(), to the last bit.
class TaskScoring {
 public:
  explicit TaskScoring(const PreparedTask& task);

  const PreparedTask& task() const { return *task_; }
  bool done() const { return block_ == task_->blocks.size(); }
  /// Items of the task's order that are scored, and after the next block; 0 after the last one.
  std::size_t items() const { return block_ == 0 ? 0 : task_->blocks[block_ - 1].items; }
  std::size_t nextItems() const { return done() ? 0 : task_->blocks[block_].items; }
  double seconds() const { return seconds_; }  ///< time worked
  /// Scores the next block. Throws as scoreRequests(); the block can then be tried again.
  void advance(const CausalLm& model, const EvalOptions& options, const JobContext& job);
  /// From the beginning, the time worked aside.
  void restart();
  /// Of all items when done(), else of those that are scored. Throws Numeric.
  TaskResult result(const EvalOptions& options = {}, const JobContext& job = {}) const;

 private:
  const PreparedTask* task_;
  std::vector<RequestScore> scores_;
  std::size_t block_ = 0;
  double seconds_ = 0;
};

/// scoreRequests() and summarize(), timed: TaskResult::seconds is time worked, without the time for
/// which betweenBatches held everything up.
TaskResult evaluate(const CausalLm& model, const PreparedTask& task,
                    const EvalOptions& options = {}, const JobContext& job = {});

}  // namespace bitfrontier
