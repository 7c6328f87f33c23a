// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/evaluate.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <mutex>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/base/parallel.h"
#include "core/base/work_timer.h"
#include "core/model/causal_lm.h"

namespace bitfrontier {
namespace {

/// Rows [first, last) of a task as one right-padded batch, with what is scored in it.
struct Batch {
  at::Tensor tokens;     ///< int64 [rows, time], padded with 0
  at::Tensor positions;  ///< int64 [scored], into rows * time
  at::Tensor targets;    ///< int64 [scored]
  std::size_t firstRequest = 0, lastRequest = 0;
};

at::Tensor makeIds(std::vector<std::int64_t>& values) {
  return at::from_blob(values.data(), {static_cast<std::int64_t>(values.size())}, at::kLong)
      .clone();
}

Batch makeBatch(const PreparedTask& task, std::size_t first, std::size_t last) {
  const std::size_t time = task.rows[first].length;
  std::vector<std::int64_t> tokens((last - first) * time, 0);
  std::vector<std::int64_t> positions;
  std::vector<std::int64_t> targets;
  Batch batch;
  batch.firstRequest = task.rows[first].request;
  for (std::size_t index = first; index < last; ++index) {
    const PreparedTask::Row& row = task.rows[index];
    const std::size_t start = (index - first) * time;
    std::ranges::copy(task.rowTokens(row), tokens.begin() + static_cast<std::ptrdiff_t>(start));
    for (std::size_t r = row.request; r < row.request + row.requests; ++r) {
      const PreparedTask::Request& request = task.requests[r];
      for (std::size_t k = 0; k < request.count; ++k) {
        positions.push_back(static_cast<std::int64_t>(start + row.length - request.count + k));
        targets.push_back(task.targets[request.target + k]);
      }
    }
    batch.lastRequest = row.request + row.requests;
  }
  batch.tokens = makeIds(tokens).view(
      {static_cast<std::int64_t>(last - first), static_cast<std::int64_t>(time)});
  batch.positions = makeIds(positions);
  batch.targets = makeIds(targets);
  return batch;
}

/// Log probability of every target, and whether it is the most likely token.
struct TargetScores {
  at::Tensor logProbability;  ///< fp32 [scored], CPU
  at::Tensor greedy;          ///< bool [scored], CPU; undefined when not asked for
};

TargetScores scoreBatch(const CausalLm& model, const Batch& batch, std::int64_t maxLogits,
                        bool greedy) {
  const at::Device device = model.named().front().second.device();
  const at::Tensor hidden = model.hidden(batch.tokens.to(device)).flatten(0, 1);
  const at::Tensor positions = batch.positions.to(device);
  const at::Tensor targets = batch.targets.to(device);
  const std::int64_t chunk = std::max<std::int64_t>(1, maxLogits / model.config().vocabSize);
  std::vector<at::Tensor> values;
  std::vector<at::Tensor> matches;
  for (std::int64_t begin = 0; begin < positions.size(0); begin += chunk) {
    const std::int64_t count = std::min(chunk, positions.size(0) - begin);
    const at::Tensor wanted = targets.narrow(0, begin, count);
    const at::Tensor logits =
        model.logits(hidden.index_select(0, positions.narrow(0, begin, count))).to(at::kFloat);
    values.push_back(at::log_softmax(logits, -1).gather(1, wanted.unsqueeze(1)).squeeze(1));
    if (greedy) matches.push_back(logits.argmax(-1).eq(wanted));
  }
  return {at::cat(values).cpu().contiguous(),
          greedy ? at::cat(matches).cpu().contiguous() : at::Tensor()};
}

void checkTargets(const CausalLm& model, const PreparedTask& task) {
  const std::int64_t vocab = model.config().vocabSize;
  const auto tooLarge = [&](std::int64_t id) { return id < 0 || id >= vocab; };
  auto bad = std::ranges::find_if(task.tokens, tooLarge);
  const bool inTokens = bad != task.tokens.end();
  if (!inTokens) bad = std::ranges::find_if(task.targets, tooLarge);
  if (inTokens || bad != task.targets.end()) {
    throw Error(ErrorKind::Conflict,
                fmt::format("task {}: the tokenizer gives token {}, the model's vocabulary has {}",
                            task.name, *bad, vocab));
  }
}

/// Blocks [firstBlock, lastBlock) of a task.
struct BlockRange {
  std::size_t first = 0, last = 0;
  std::size_t firstRow(const PreparedTask& task) const {
    return first == 0 ? 0 : task.blocks[first - 1].rows;
  }
};

/// Their rows in batches of at most `maxTokens` tokens each, as [first, last). A batch is of one
/// block, so that it is the same however many blocks are scored at once.
std::vector<std::pair<std::size_t, std::size_t>> batchesOf(const PreparedTask& task,
                                                           BlockRange blocks,
                                                           std::int64_t maxTokens) {
  const auto budget = static_cast<std::size_t>(std::max<std::int64_t>(1, maxTokens));
  std::vector<std::pair<std::size_t, std::size_t>> batches;
  std::size_t first = blocks.firstRow(task);
  for (std::size_t block = blocks.first; block < blocks.last; ++block) {
    while (first < task.blocks[block].rows) {
      const std::size_t rows = std::max<std::size_t>(1, budget / task.rows[first].length);
      const std::size_t last = std::min(task.blocks[block].rows, first + rows);
      batches.emplace_back(first, last);
      first = last;
    }
  }
  return batches;
}

/// What happens between the batches of a task. Worker 0 is the thread that called: it alone runs
/// the caller's functions, and while it does no batch is begun.
class Turns {
 public:
  Turns(const PreparedTask& task, std::size_t rowsBefore, const EvalOptions& options,
        const JobContext& job)
      : task_(task), options_(options), job_(job) {
    count(0, rowsBefore);
  }

  void begin(std::size_t worker) {
    const std::scoped_lock lock(mutex_);
    if (worker == 0) {
      if (options_.betweenBatches) pause();
      job_.progress({static_cast<double>(doneTokens_) / static_cast<double>(task_.tokens.size()),
                     "scoring " + task_.name, static_cast<std::int64_t>(doneRows_),
                     static_cast<std::int64_t>(task_.rows.size())});
    }
    job_.throwIfCancelled();
    ++busy_;
  }

  void end(std::size_t first, std::size_t last) {
    lastEnd_ = Clock::now();
    --busy_;
    const std::scoped_lock lock(mutex_);
    count(first, last);
  }

  /// For how long nothing was scored because the caller held everything up.
  double idleSeconds() const { return idleSeconds_; }

 private:
  using Clock = std::chrono::steady_clock;

  void count(std::size_t first, std::size_t last) {
    doneRows_ += last - first;
    for (std::size_t row = first; row < last; ++row) doneTokens_ += task_.rows[row].length;
  }

  void pause() {
    const Clock::time_point start = Clock::now();
    options_.betweenBatches();
    if (busy_ > 0) return;  // another thread has been scoring all the while
    idleSeconds_ +=
        std::chrono::duration<double>(Clock::now() - std::max(start, lastEnd_.load())).count();
  }

  const PreparedTask& task_;
  const EvalOptions& options_;
  const JobContext& job_;
  std::mutex mutex_;
  std::size_t doneRows_ = 0;
  std::size_t doneTokens_ = 0;
  std::atomic<int> busy_ = 0;  ///< batches being scored
  std::atomic<Clock::time_point> lastEnd_{Clock::time_point{}};
  double idleSeconds_ = 0;
};

/// Scores rows [first, last). Requests of different rows are written by one thread each.
void scoreRows(std::size_t first, std::size_t last, const CausalLm& model, const PreparedTask& task,
               const EvalOptions& options, std::vector<RequestScore>& scores) {
  const c10::InferenceMode noGradients;  // holds for the thread it is made in
  const bool greedy = options.greedy || task.scoring == Scoring::LastWord;
  const Batch batch = makeBatch(task, first, last);
  const TargetScores result = scoreBatch(model, batch, options.maxLogits, greedy);
  const float* values = result.logProbability.const_data_ptr<float>();
  const bool* matches = greedy ? result.greedy.const_data_ptr<bool>() : nullptr;
  std::size_t at = 0;
  for (std::size_t r = batch.firstRequest; r < batch.lastRequest; ++r) {
    const PreparedTask::Request& request = task.requests[r];
    RequestScore score;
    score.greedy = greedy;
    for (std::size_t k = 0; k < request.count; ++k, ++at) {
      score.logLikelihood += static_cast<double>(values[at]);
      if (greedy) score.greedy = score.greedy && matches[at];
    }
    scores[request.slot] = score;
  }
}

/// Small models leave most of each operation to its overhead, and threads that meet at the end of
/// every operation wait for one another, badly so on a busy machine; there whole batches run side
/// by side, each on one thread.
bool batchesSideBySide(const CausalLm& model) {
  constexpr std::int64_t kSmall = 50'000'000;
  return model.named().front().second.device().is_cpu() && model.parameters().linear < kSmall &&
         at::get_num_threads() > 1;
}

/// Makes libtorch run the operations of this thread on this thread alone.
class OneThreadEach {
 public:
  OneThreadEach() : before_(at::get_num_threads()) { at::set_num_threads(1); }
  ~OneThreadEach() { at::set_num_threads(before_); }
  OneThreadEach(const OneThreadEach&) = delete;
  OneThreadEach& operator=(const OneThreadEach&) = delete;

 private:
  int before_;
};

void scoreBlocks(BlockRange blocks, const CausalLm& model, const PreparedTask& task,
                 const EvalOptions& options, const JobContext& job,
                 std::vector<RequestScore>& scores, double& idleSeconds) {
  const auto batches = batchesOf(task, blocks, options.maxBatchTokens);
  Turns turns(task, blocks.firstRow(task), options, job);
  const int threads = batchesSideBySide(model) ? at::get_num_threads() : 1;
  std::optional<OneThreadEach> guard;  // the number of threads holds for the thread that sets it
  if (threads > 1) guard.emplace();
  parallelFor(batches.size(), 1, threads, job,
              [&](std::size_t worker, std::size_t index, std::size_t) {
                const auto [first, last] = batches[index];
                if (worker > 0) at::set_num_threads(1);
                turns.begin(worker);
                scoreRows(first, last, model, task, options, scores);
                turns.end(first, last);
              });
  idleSeconds = turns.idleSeconds();
  if (blocks.last < task.blocks.size()) return;
  job.progress({1.0, "scoring " + task.name, static_cast<std::int64_t>(task.rows.size()),
                static_cast<std::int64_t>(task.rows.size())});
}

/// scoreBlocks() with the errors of libtorch as ours.
void scoreGuarded(BlockRange blocks, const CausalLm& model, const PreparedTask& task,
                  const EvalOptions& options, const JobContext& job,
                  std::vector<RequestScore>& scores, double& idleSeconds) {
  try {
    scoreBlocks(blocks, model, task, options, job, scores, idleSeconds);
  } catch (const c10::OutOfMemoryError&) {
    throw Error(ErrorKind::OutOfMemory,
                fmt::format("task {}: not enough device memory for batches of {} tokens", task.name,
                            options.maxBatchTokens));
  } catch (const std::bad_alloc&) {
    throw Error(ErrorKind::OutOfMemory,
                fmt::format("task {}: not enough memory for batches of {} tokens", task.name,
                            options.maxBatchTokens));
  } catch (const c10::Error& error) {
    // libtorch's CPU allocator reports exhaustion only by its text.
    const std::string_view text = error.what_without_backtrace();
    if (text.find("not enough memory") != std::string_view::npos ||
        text.find("t allocate memory") != std::string_view::npos) {
      throw Error(ErrorKind::OutOfMemory,
                  fmt::format("task {}: not enough memory for batches of {} tokens", task.name,
                              options.maxBatchTokens));
    }
    throw;
  }
}

}  // namespace

std::vector<RequestScore> scoreRequests(const CausalLm& model, const PreparedTask& task,
                                        const EvalOptions& options, const JobContext& job) {
  checkTargets(model, task);
  std::vector<RequestScore> scores(task.requests.size());
  double idleSeconds = 0;
  scoreGuarded({0, task.blocks.size()}, model, task, options, job, scores, idleSeconds);
  return scores;
}

TaskScoring::TaskScoring(const PreparedTask& task) : task_(&task), scores_(task.requests.size()) {}

void TaskScoring::advance(const CausalLm& model, const EvalOptions& options,
                          const JobContext& job) {
  if (done()) return;
  if (block_ == 0) checkTargets(model, *task_);
  WorkTimer timer;
  double idleSeconds = 0;
  scoreGuarded({block_, block_ + 1}, model, *task_, options, job, scores_, idleSeconds);
  timer.leaveOut(idleSeconds);
  seconds_ += timer.seconds();
  ++block_;
}

void TaskScoring::restart() { block_ = 0; }

TaskResult TaskScoring::result(const EvalOptions& options, const JobContext& job) const {
  TaskResult result = done() ? summarize(*task_, scores_, options.bootstrap, job)
                             : summarizeFirst(*task_, scores_, items());
  result.seconds = seconds_;
  return result;
}

TaskResult evaluate(const CausalLm& model, const PreparedTask& task, const EvalOptions& options,
                    const JobContext& job) {
  checkTargets(model, task);
  WorkTimer timer;
  double idleSeconds = 0;
  std::vector<RequestScore> scores(task.requests.size());
  scoreGuarded({0, task.blocks.size()}, model, task, options, job, scores, idleSeconds);
  TaskResult result = summarize(task, scores, options.bootstrap, job);
  timer.leaveOut(idleSeconds);
  result.seconds = timer.seconds();
  return result;
}

}  // namespace bitfrontier
