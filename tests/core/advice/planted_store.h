// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/store/run_store.h"
#include "tests/support/planted_sweep.h"

namespace bitfrontier::test {

/// A new store in a folder of its own, which goes with it.
class TempStore {
 public:
  TempStore() = default;
  ~TempStore() { std::filesystem::remove_all(folder_); }
  TempStore(const TempStore&) = delete;
  TempStore& operator=(const TempStore&) = delete;

  std::filesystem::path folder() const { return folder_; }
  void add(RunRecord run) {
    run.key = fmt::format("cell-{}", ++cells_);
    store_.add(run);
  }
  const RunStore& get() const { return store_; }

 private:
  static std::filesystem::path newFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "advice_XXXXXX").string();
    return ::mkdtemp(name.data());
  }

  std::filesystem::path folder_ = newFolder();
  int cells_ = 0;
  RunStore store_ = RunStore::open(folder_ / "runs.bfdb");
};

/// A finished run with everything but its result.
inline RunRecord runOf(const std::string& family, double parameters, const std::string& config,
                       int k, double bits) {
  RunRecord run;
  run.family = family;
  run.model = fmt::format("{}-{:.3g}", family, parameters);
  run.modelHash = run.model;
  run.parameters = parameters;
  run.linearParameters = parameters;
  run.config = config;
  run.dataType = k >= 16 ? "fp16" : "int";
  run.bits = k;
  run.bitsPerParameter = bits;
  run.modelBits = {parameters * bits, parameters * bits, parameters * bits};
  run.evaluatorVersion = "1";
  run.device = "cpu";
  run.createdAt = "2026-01-01T00:00:00Z";
  run.seconds = parameters / 1e8;
  return run;
}

/// A task with accuracies of `items` items, right as the bytes say.
inline TaskResult taskOf(const std::string& name, std::vector<std::uint8_t> correct) {
  TaskResult task;
  task.task = name;
  task.taskHash = name + "-hash";
  task.items = static_cast<std::int64_t>(correct.size());
  task.chance = 0;
  double right = 0;
  for (const std::uint8_t c : correct) right += c;
  const auto n = static_cast<double>(correct.size());
  task.accuracy = right / n;
  task.accuracySe = std::sqrt(task.accuracy * (1 - task.accuracy) / (n - 1));
  task.correct = std::move(correct);
  return task;
}

/// A text task.
inline TaskResult textOf(double crossEntropy, double se = 0.002) {
  TaskResult task;
  task.task = "text";
  task.taskHash = "text-hash";
  task.items = 100;
  task.crossEntropy = crossEntropy;
  task.crossEntropySe = se;
  task.bitsPerByte = crossEntropy / std::log(2.0) / 4;
  return task;
}

inline std::vector<std::uint8_t> outcomesOf(const ItemOutcomes& items, std::size_t row) {
  const ItemOutcomes::Task& task = items.tasks().at(0);
  std::vector<std::uint8_t> bytes(task.items);
  for (std::size_t j = 0; j < task.items; ++j) {
    bytes[j] = (task.bits[row * task.words + j / 64] >> (j % 64)) & 1;
  }
  return bytes;
}

/// Stores the cells of a planted sweep that `run` says. Models of which no cell is run get a text
/// run of the reference, so that the store knows them.
template <typename Run>
void addPlanted(TempStore& store, const PlantedTruth& truth, const PlantedSweep& sweep, Run run) {
  const std::size_t formats = truth.formats.size();
  for (std::size_t c = 0; c < sweep.points.size(); ++c) {
    const PlantedFormat& format = truth.formats[c % formats];
    const double size = truth.sizes[c / formats];
    RunRecord record = runOf("planted", size, format.label, format.k, format.bits);
    if (run(c / formats, c % formats)) {
      record.result = taskOf("planted", outcomesOf(sweep.items, c));
      store.add(record);
    } else if (c % formats == 0) {
      record.result = textOf(3);
      store.add(record);
    }
  }
}

}  // namespace bitfrontier::test
