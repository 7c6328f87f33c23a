// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "core/eval/task_result.h"
#include "core/quant/counting_rule.h"

namespace bitfrontier {

/// How a run ended. Failed and cancelled runs are data too. A stopped one was dominated after some
/// of its items (core/sweep/dominance): it is not joined with whole ones anywhere.
enum class RunStatus { Done, Failed, Cancelled, Stopped };

/// One run: one cell (model, configuration, task) of a sweep, and what came out.
struct RunRecord {
  std::int64_t id = 0;  ///< row in the store; 0 = not stored yet
  std::string key;      ///< canonical key, unique in the store; see cellKey()

  std::string model;      ///< e.g. "pocket-neox-3"
  std::string family;     ///< e.g. "pocket-neox"
  std::string modelPath;  ///< directory it was read from; empty for published numbers
  /// Checkpoint::hash(); of imported results the repository on the hub or the path, where known.
  std::string modelHash;
  double parameters = 0;        ///< all parameters
  double linearParameters = 0;  ///< parameters of the quantized linear layers

  std::string config;    ///< QuantConfig::spec(), e.g. "int4-b64"
  std::string dataType;  ///< "fp16", "int", "float", "dynamic", "quantile", or a published method's
  int bits = 16;         ///< k
  std::int64_t blockSize = 0;  ///< 0 = whole tensor or not applicable
  std::string method = "rtn";  ///< "rtn" (round to nearest), "gptq", ...
  /// Name or hash of the text a method was calibrated on; empty for methods that need none.
  std::string calibration;
  double bitsPerParameter = 16;
  ModelBits modelBits;

  TaskResult result;

  std::string evaluatorVersion;  ///< kEvaluatorVersion at the time
  std::string device;            ///< "cpu", "cuda:0"
  std::string createdAt;         ///< ISO 8601, UTC
  double seconds = 0;            ///< time worked on the cell, quantization share included
  RunStatus status = RunStatus::Done;
  std::string error;   ///< one sentence when failed or stopped
  std::string source;  ///< empty = measured here; otherwise the citation of published numbers

  std::int64_t itemsPlanned = 0;  ///< of a stopped run: items of the whole; else 0
  /// Bytes in use at most while the cell ran, see PeakMemory; 0 = not measured.
  std::int64_t peakMemory = 0;
  std::int64_t predictedMemory = 0;  ///< MemoryNeed::total() of the cell; 0 = unknown

  bool published() const { return !source.empty(); }
  /// Time that stopping saved, at the pace of the items that were scored.
  double savedSeconds() const {
    if (status != RunStatus::Stopped || result.items <= 0 || !(result.seconds > 0)) return 0;
    const auto left = static_cast<double>(itemsPlanned - result.items);
    return left > 0 ? result.seconds * left / static_cast<double>(result.items) : 0;
  }
};

}  // namespace bitfrontier
