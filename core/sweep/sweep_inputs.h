// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/job.h"
#include "core/checkpoint/checkpoint.h"
#include "core/eval/task.h"
#include "core/store/run_store.h"
#include "core/sweep/sweep.h"
#include "core/sweep/time_estimate.h"

namespace bitfrontier {

/// A model of a sweep: opened and hashed, its weights not yet read.
struct SweepModel {
  std::string name;    ///< see modelName(), e.g. "pocket-neox-3"
  std::string family;  ///< see familyOf()
  std::string hash;    ///< Checkpoint::hash()
  Checkpoint checkpoint;
  double linearParameters = 0;
  double tokenCost = 0;  ///< see tokenCost()
  std::string
      quantization;  ///< spec of a checkpoint whose weights are quantized already, else empty
  std::string calibration;  ///< what that was calibrated on
};

/// What a SweepSpec names, read from the disk. Order as in the spec.
struct SweepInputs {
  std::vector<SweepModel> models;
  std::vector<Task> tasks;

  TimeEstimate estimate() const;
};

/// Where the hash of a model comes from.
enum class ModelHashes {
  Computed,    ///< from all of its weights
  Remembered,  ///< see rememberedHash(): for looks at what would run
};

/// Opens all models and tasks. Throws the errors of resolveModel, Checkpoint::open and loadTask,
/// InvalidArgument for an empty list, Cancelled.
SweepInputs openSweepInputs(const SweepSpec& spec, const JobContext& job,
                            ModelHashes hashes = ModelHashes::Computed);

/// What a cell's configuration really is for a model; a configuration that a quantized checkpoint
/// does not have stays as it is, and fails when the cell runs.
QuantConfig cellConfig(const SweepModel& model, const QuantConfig& config);
/// What the weights of a cell are calibrated on; empty without.
std::string cellCalibration(const SweepModel& model, const QuantConfig& config,
                            const SweepSpec& spec);

/// Cells without repetition and what is left out: smallest model first, then configurations and
/// tasks as given.
SweepPlan makePlan(const SweepSpec& spec, const SweepInputs& inputs, const RunStore& store);

/// Feeds runs of these models and tasks into an estimate; of a device named ("cpu", "cuda:0") those
/// of its kind.
void addPastRuns(TimeEstimate& estimate, const SweepInputs& inputs,
                 const std::vector<RunRecord>& runs, std::string_view device = {});
void addPastRuns(TimeEstimate& estimate, const SweepInputs& inputs, const RunStore& store);

/// Counts the cells that are not done, for predictions that cost little however large the sweep.
class PendingWork {
 public:
  PendingWork(const SweepPlan& plan, const SweepInputs& inputs);
  void settle(const SweepCell& cell);
  double seconds(const TimeEstimate& estimate) const;

 private:
  std::size_t tasks_;
  std::vector<std::size_t> cells_;  ///< [model, task]
};

}  // namespace bitfrontier
