// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

#include "core/store/run_record.h"

namespace bitfrontier {

/// "done", "failed", "cancelled", "stopped": what the store and exports write.
constexpr std::string_view runStatusName(RunStatus status) {
  switch (status) {
    case RunStatus::Done:
      return "done";
    case RunStatus::Failed:
      return "failed";
    case RunStatus::Cancelled:
      return "cancelled";
    case RunStatus::Stopped:
      return "stopped";
  }
  return "failed";
}

/// Inverse of runStatusName.
constexpr std::optional<RunStatus> parseRunStatus(std::string_view name) {
  if (name == "done") return RunStatus::Done;
  if (name == "failed") return RunStatus::Failed;
  if (name == "cancelled") return RunStatus::Cancelled;
  if (name == "stopped") return RunStatus::Stopped;
  return std::nullopt;
}

/// Calls visit(columnName, field) for every scalar field but `id`, in the order of the store's
/// columns. The one place where field and column names meet: store, export and comparison use it.
template <typename Record, typename Visitor>
void visitRunFields(Record& run, Visitor&& visit) {
  visit("key", run.key);
  visit("model", run.model);
  visit("family", run.family);
  visit("model_path", run.modelPath);
  visit("model_hash", run.modelHash);
  visit("parameters", run.parameters);
  visit("linear_parameters", run.linearParameters);
  visit("config", run.config);
  visit("data_type", run.dataType);
  visit("bits", run.bits);
  visit("block_size", run.blockSize);
  visit("method", run.method);
  visit("bits_per_parameter", run.bitsPerParameter);
  visit("model_bits_linear_only", run.modelBits.linearOnly);
  visit("model_bits_all_parameters", run.modelBits.allParameters);
  visit("model_bits_checkpoint_bytes", run.modelBits.checkpointBytes);
  visit("task", run.result.task);
  visit("task_hash", run.result.taskHash);
  visit("items", run.result.items);
  visit("item_limit", run.result.itemLimit);
  visit("chance", run.result.chance);
  visit("accuracy", run.result.accuracy);
  visit("accuracy_se", run.result.accuracySe);
  visit("accuracy_norm", run.result.accuracyNorm);
  visit("cross_entropy", run.result.crossEntropy);
  visit("cross_entropy_se", run.result.crossEntropySe);
  visit("bits_per_byte", run.result.bitsPerByte);
  visit("task_seconds", run.result.seconds);
  visit("evaluator_version", run.evaluatorVersion);
  visit("device", run.device);
  visit("created_at", run.createdAt);
  visit("seconds", run.seconds);
  visit("status", run.status);
  visit("error", run.error);
  visit("source", run.source);
  visit("bos_profile", run.result.bosProfile);
  visit("max_length", run.result.maxLength);
  visit("calibration", run.calibration);
  visit("accuracy_norm_se", run.result.accuracyNormSe);
  visit("accuracy_bytes", run.result.accuracyBytes);
  visit("accuracy_bytes_se", run.result.accuracyBytesSe);
  visit("perplexity", run.result.perplexity);
  visit("perplexity_se", run.result.perplexitySe);
  visit("word_perplexity", run.result.wordPerplexity);
  visit("byte_perplexity", run.result.bytePerplexity);
  visit("items_planned", run.itemsPlanned);
  visit("peak_memory", run.peakMemory);
  visit("predicted_memory", run.predictedMemory);
}

}  // namespace bitfrontier
