// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/job.h"
#include "core/device/device_id.h"
#include "core/eval/eval_settings.h"
#include "core/model/weight_memory.h"
#include "core/modelquant/calibration_text.h"
#include "core/quant/quant_config.h"
#include "core/store/run_record.h"
#include "core/store/run_store.h"
#include "core/sweep/failure.h"

namespace bitfrontier {

/// The grid that a user asks for, before it becomes configurations.
struct GridOptions {
  std::vector<int> bits;                 ///< 16 adds the 16-bit baseline once
  std::vector<DataType> types;           ///< without the baselines
  std::vector<std::int64_t> blockSizes;  ///< 0 = whole tensor, QuantConfig::kPerRow = each row
  bool rowBlocks = false;                ///< blocks begin anew in each row
  /// What else is varied; empty = plain rounding alone. See core/sweep/variant_axes.h.
  std::vector<QuantVariant> variants = {};
};

/// All configurations of the grid, the baseline first, without duplicates. Combinations that a type
/// does not have (af without blocks) are left out; throws InvalidArgument for a variant that none
/// of the grid's types, bits and blocks has.
std::vector<QuantConfig> makeGrid(const GridOptions& grid);

/// A cell of a sweep's grid, by its places in the SweepSpec.
struct CellIndex {
  std::size_t model = 0, config = 0, task = 0;
  auto operator<=>(const CellIndex&) const = default;
};

/// What to run: every model x configuration x task but what is left out.
struct SweepSpec {
  std::vector<std::filesystem::path> models;  ///< checkpoint directories
  std::vector<QuantConfig> configs;
  std::vector<std::filesystem::path> tasks;  ///< task files, see core/eval/task.h
  std::int64_t itemLimit = 0;                ///< first n items of each task (fixed order); 0 = all
  EvalSettings settings;
  std::set<CellIndex> leftOut;  ///< cells of the grid that are not run
  /// Text for the configurations that need one (QuantConfig::needsCalibration).
  std::optional<CalibrationText> calibration;
  /// How models on the CPU keep 16-bit weights; it changes no result.
  WeightMemory memory = WeightMemory::Auto;
  /// Cells are stopped when they can no longer reach what a whole run with no more bits has, but
  /// for this rate of errors (core/sweep/dominance.h); 0 = every cell is run to its end. The cells
  /// that are run to their ends have the same scores either way.
  double stopDominated = 0;
};

/// One cell of a sweep.
struct SweepCell {
  std::size_t model = 0, config = 0, task = 0;  ///< indices into the SweepSpec
  std::string key;                              ///< canonical key
  bool done = false;                            ///< already in the store
  bool stopped = false;  ///< done in so far as it was stopped, and the spec says that it may be
};

/// What a sweep would do.
struct SweepPlan {
  std::vector<SweepCell> cells;  ///< in the order they will run
  std::size_t done = 0;
  std::size_t stopped = 0;  ///< of these
  double estimatedSeconds =
      0;  ///< for the cells not done, from past runs in the store or a FLOP model
  /// The range that this is the middle of, as wide as that of a sweep that has just begun.
  std::pair<double, double> secondsRange() const;
};

/// Canonical key of a cell: model hash, configuration, task hash (of the selected items), evaluator
/// version, evaluation settings, and what a method was calibrated on where there is such a text.
std::string cellKey(const std::string& modelHash, const QuantConfig& config,
                    const std::string& taskHash, const EvalSettings& settings = {},
                    const std::string& calibration = {});

SweepPlan planSweep(const SweepSpec& spec, const RunStore& store, const JobContext& job = {});

/// Where a running sweep stands; sent at most about 20 times a second, the last one always.
struct SweepProgress {
  std::size_t cellsDone = 0;  ///< finished in this call or found done
  std::size_t cellsTotal = 0;
  std::size_t cellsReused = 0;  ///< found done
  std::size_t cellsFailed = 0;
  std::size_t cellsStopped = 0;     ///< in this call
  double savedSeconds = 0;          ///< by stopping these
  std::string model, config, task;  ///< the cell in flight
  bool mapped = false;              ///< its weights stay in the mapped file, see WeightMemory
  /// What is done for the cell in flight.
  enum class Stage { Opening, Loading, Quantizing, Evaluating } stage = Stage::Opening;
  double stageFraction = 0;  ///< 0..1; of opening the share of models, of quantizing layers
  std::int64_t stageDone = 0, stageTotal = 0;  ///< models, linear layers or rows; 0 = unknown
  double cellFraction = 0;                     ///< 0..1 of the cell in flight
  double unsavedSeconds = 0;                   ///< time worked since the last result was stored
  double elapsedSeconds = 0;                   ///< time worked
  double remainingSeconds = -1;  ///< the middle of the range below; negative while unknown
  double remainingLow = -1, remainingHigh = -1;  ///< by how the machine's load has changed so far
};

/// Callbacks, called on the thread that runs the sweep.
struct SweepEvents {
  std::function<void(const SweepProgress&)> progress;
  std::function<void(const RunRecord&)> finished;  ///< after the record is stored
  std::function<void(const CellFailure&)> failed;  ///< beside `finished`, of a cell that failed
  std::function<void()> waitWhilePaused;           ///< called between batches; may block
};

struct SweepSummary {
  std::size_t total = 0, ran = 0, reused = 0, failed = 0, stopped = 0;
  double savedSeconds = 0;  ///< by cells that were stopped, at the pace of their items
  bool cancelled = false;
  double seconds = 0;               ///< time worked
  std::vector<std::string> errors;  ///< one sentence per failed cell
  std::vector<std::string> mapped;  ///< models whose weights stayed in the mapped file
  std::vector<std::string> notes;   ///< ModelConfig::notes of the models that were loaded

  /// Cells were run, and none of them ended well.
  bool allFailed() const { return failed > 0 && ran + stopped == 0; }
};

/// Runs the cells that are not done. A model is opened and its tasks tokenized once for all
/// configurations; weights are quantized once per configuration. Cancelling takes effect within one
/// batch; finished cells stay stored. A failing cell is recorded and the sweep goes on.
SweepSummary runSweep(const SweepSpec& spec, RunStore& store, DeviceId device,
                      const SweepEvents& events, const JobContext& job = {});

}  // namespace bitfrontier
