// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "core/store/run_store.h"

namespace bitfrontier::testing {

/// A finished run of a made-up model of `parameters` at `bits`. `better` is added to an accuracy
/// that grows with the number of bits.
inline RunRecord plantedRun(const std::string& family, double parameters, int bits,
                            const std::string& task, std::int64_t itemLimit = 200,
                            double better = 0) {
  RunRecord run;
  run.family = family;
  run.model = family + "-" + std::to_string(static_cast<long long>(parameters / 1e6)) + "M";
  run.modelHash = run.model;
  run.parameters = parameters;
  run.linearParameters = parameters;
  run.bits = bits;
  run.blockSize = bits < 16 ? 64 : 0;
  run.dataType = bits < 16 ? "int" : "fp16";
  run.config = bits < 16 ? "int" + std::to_string(bits) + "-b64" : "fp16";
  run.bitsPerParameter = bits;
  run.modelBits = {parameters * bits, parameters * bits, parameters * bits};
  run.result.task = task;
  run.result.taskHash = task;
  run.result.items = itemLimit > 0 ? itemLimit : 1000;
  run.result.itemLimit = itemLimit;
  run.result.chance = 0.25;
  run.result.accuracy = 0.8 - 0.3 * std::pow(parameters * bits / 1e9, -0.25) + better;
  run.result.accuracySe = 0.01;
  run.evaluatorVersion = "test";
  run.device = "cpu";
  run.createdAt = "2024-01-01T00:00:00Z";
  run.seconds = 1;
  run.key = run.model + "|" + run.config + "|" + task + "|" + std::to_string(itemLimit);
  return run;
}

/// Sizes 1e8, 2e8, ... of one family at 3, 4 and 16 bit on each of the tasks.
inline std::vector<RunRecord> plantedRuns(const std::string& family,
                                          const std::vector<std::string>& tasks, int sizes = 5,
                                          std::int64_t itemLimit = 200, double better = 0) {
  std::vector<RunRecord> runs;
  for (int size = 0; size < sizes; ++size) {
    for (const int bits : {3, 4, 16}) {
      for (const std::string& task : tasks) {
        runs.push_back(plantedRun(family, 1e8 * (1 << size), bits, task, itemLimit, better));
      }
    }
  }
  return runs;
}

}  // namespace bitfrontier::testing
