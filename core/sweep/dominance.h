// SPDX-License-Identifier: GPL-3.0-or-later
// Early stopping: what a configuration of a sweep would have to reach, and whether it still can.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "core/eval/prepared_task.h"
#include "core/eval/task_result.h"
#include "core/law/decide/early_stop.h"
#include "core/store/run_store.h"
#include "core/sweep/sweep.h"
#include "core/sweep/sweep_inputs.h"

namespace bitfrontier {

/// A whole run of all accuracy tasks of the sweep: the best that needs no more bits.
struct Rival {
  std::string model, config;
  double accuracy = 0;  ///< mean over the tasks
};

/// Knows the whole runs of a store that have the tasks, items and settings of a sweep, and judges
/// its configurations by the mean accuracy over its accuracy tasks. Text tasks do not count.
class Dominance {
 public:
  Dominance(const SweepSpec& spec, const SweepInputs& inputs, const RunStore& store);

  /// What the configuration has to reach; absent where nothing whole needs no more bits, and for
  /// the 16-bit baseline, which is the control of the others.
  std::optional<Rival> rivalOf(std::size_t model, const QuantConfig& config, double bits) const;
  /// A run that was just stored.
  void add(const RunRecord& run);

  /// The whole run of a cell's task, when it is in the store, as a partial one that is complete.
  std::optional<PartialTask> whole(std::size_t model, const QuantConfig& config,
                                   std::size_t task) const;
  /// Outcomes so far of a task, in the order of its items, beside those of the model's 16-bit run
  /// where the store has it.
  PartialTask partial(std::size_t model, const PreparedTask& task, std::size_t index,
                      const TaskResult& result) const;
  /// What the mean over all tasks is below, at the level of one look.
  double upperBound(std::span<const PartialTask> tasks) const;
  /// Accuracy tasks of the sweep, as indices.
  const std::vector<std::size_t>& tasks() const { return tasks_; }

 private:
  struct Pair {
    std::string model, config;
    double bits = 0;
    std::map<std::string, double> accuracy;  ///< by the task's hash
  };
  std::string keyOf(std::size_t model, const QuantConfig& config, std::size_t task) const;

  const SweepSpec& spec_;
  const SweepInputs& inputs_;
  const RunStore& store_;
  std::vector<std::size_t> tasks_;
  std::map<std::tuple<std::string, std::string, std::string>, Pair> pairs_;  ///< hash, config, text
  mutable std::map<std::pair<std::size_t, std::size_t>, std::vector<std::uint8_t>> controls_;
};

/// "dominated after 120 of 1000 items: the mean accuracy is at most 0.412, and pocket-opt-2
/// int3-b64 has 0.520 in no more bits".
std::string dominatedText(std::int64_t items, std::int64_t all, double upper, const Rival& rival);

}  // namespace bitfrontier
