// SPDX-License-Identifier: GPL-3.0-or-later
// What a sweep would do and need, cell by cell, before it starts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/store/memory_calibration.h"
#include "core/sweep/memory_need.h"
#include "core/sweep/sweep.h"

namespace bitfrontier {

/// Why a finished run of the same model, configuration and task names is not this cell: the first
/// field of the key that differs.
struct StaleRun {
  enum class Field { ItemLimit, Task, Model, Evaluator, Bos, MaxLength, Calibration } field;
  std::string task;
  std::string stored, wanted;  ///< values, for people; of hashes the first digits
};

/// A model under a configuration: the cells of all tasks.
struct PairPreview {
  std::size_t tasks = 0;    ///< cells that are its own
  std::size_t done = 0;     ///< of these, in the store
  std::size_t failed = 0;   ///< of these, tried before and failed
  std::size_t stopped = 0;  ///< of the tasks, stopped before: done where the spec stops cells
  bool repeated = false;    ///< the same cells as those of an earlier configuration of the model
  double seconds = 0;       ///< for what is not done
  double openBytes = 0;     ///< of the store, for what is not done
  MemoryNeed memory;
  std::optional<StaleRun> stale;
};

struct SweepPreview {
  struct Model {
    std::string name;
    double parameters = 0;
    std::string problem;  ///< why it cannot be run, one sentence; empty when it can
  };
  std::vector<Model> models;       ///< as in the spec
  std::vector<std::string> tasks;  ///< names
  std::size_t configs = 0;
  std::vector<PairPreview> pairs;  ///< [model, config]
  /// Factors on the seconds: how far off they may be, by what they go by.
  double low = 0.5, high = 2;
  /// Nothing is known of how fast this device is.
  bool secondsUnknown = false;
  MemoryCalibration calibration;  ///< by the peaks that runs on the device had
  std::int64_t memoryLimit = 0;   ///< bytes of the device that can be used; 0 = unknown
  std::int64_t diskFree = -1;     ///< bytes, where the store lies; -1 = unknown

  const PairPreview& at(std::size_t model, std::size_t config) const {
    return pairs[model * configs + config];
  }
  /// Bytes at the peak, by the calibration where there is one.
  MemoryEstimate peak(const PairPreview& pair) const {
    return calibration.estimate(static_cast<double>(pair.memory.total()));
  }
  bool fits(const PairPreview& pair) const {
    return memoryLimit == 0 || peak(pair).bytes <= static_cast<double>(memoryLimit);
  }
};

/// Where a sweep would run.
struct PreviewDevice {
  std::string id = "cpu";
  std::int64_t memory = 0;  ///< bytes of a GPU; 0 = unknown. Of the CPU what is available counts.
};

/// Looks at every cell of the grid, left out or not. Throws what planSweep does.
SweepPreview previewSweep(const SweepSpec& spec, const RunStore& store, const PreviewDevice& device,
                          const JobContext& job = {});

}  // namespace bitfrontier
