// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include "core/store/run_store.h"

namespace bitfrontier::bench {

/// How many made-up runs a store has: the product of its numbers.
struct StoreShape {
  int families = 12, models = 10, configs = 60, tasks = 5;
  int runs() const { return families * models * configs * tasks; }
};

/// A run with a key and paths as long as real ones.
inline RunRecord plantedRun(int f, int m, int c, int t) {
  RunRecord run;
  run.family = fmt::format("family-{}", f);
  run.model = fmt::format("{}-{}", run.family, m);
  run.modelHash = fmt::format("{:064x}", 1000 * f + m);
  run.modelPath = fmt::format("/home/somebody/.cache/huggingface/hub/models--{}", run.model);
  run.parameters = run.linearParameters = 1e6 * (1 << m);
  run.bits = 3 + c % 6;
  run.blockSize = 64;
  run.dataType = "int";
  run.config = fmt::format("int{}-b{}", run.bits, 16 * (c + 1));
  const double bits = run.parameters * (run.bits + 16.0 / (16 * (c + 1)));
  run.modelBits = {bits, bits, bits};
  run.result.task = fmt::format("task_{}", t);
  run.result.taskHash = fmt::format("{:064x}", t);
  run.result.items = run.result.itemLimit = 200;
  run.result.chance = 0.25;
  run.result.accuracy = 0.8 - 0.3 * std::pow(bits / 1e7, -0.15);
  run.result.accuracySe = 0.03;
  run.result.bosProfile = "harness";
  run.evaluatorVersion = "1";
  run.device = "cpu";
  run.createdAt = "2026-01-01T00:00:00Z";
  run.seconds = 1;
  run.key = fmt::format("model={} config={} task={} evaluator=1 bos=harness max_length=0",
                        run.modelHash, run.config, run.result.taskHash);
  return run;
}

/// A store of made-up runs; goes with the process.
class LargeStore {
 public:
  explicit LargeStore(const StoreShape& shape = {}) : shape_(shape) {
    std::filesystem::remove(file_);
    RunStore store = RunStore::open(file_);
    std::vector<RunRecord> runs;
    for (int f = 0; f < shape.families; ++f) {
      for (int m = 0; m < shape.models; ++m) {
        for (int c = 0; c < shape.configs; ++c) {
          for (int t = 0; t < shape.tasks; ++t) runs.push_back(plantedRun(f, m, c, t));
        }
      }
    }
    store.addAll(runs);
  }
  ~LargeStore() { std::filesystem::remove(file_); }
  LargeStore(const LargeStore&) = delete;
  LargeStore& operator=(const LargeStore&) = delete;

  const std::filesystem::path& file() const { return file_; }
  const StoreShape& shape() const { return shape_; }

 private:
  StoreShape shape_;
  std::filesystem::path file_ =
      std::filesystem::temp_directory_path() / fmt::format("bench_store_{}.bfdb", ::getpid());
};

}  // namespace bitfrontier::bench
