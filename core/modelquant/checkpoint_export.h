// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/base/job.h"
#include "core/device/device_id.h"
#include "core/modelquant/calibration_text.h"
#include "core/quant/finite.h"
#include "core/quant/quant_config.h"

namespace bitfrontier {

/// How a quantized checkpoint is written.
struct ExportOptions {
  /// False: packed parts, which this program opens like any model. True: a plain fp16 checkpoint in
  /// Hugging Face's form with the dequantized weights.
  bool dequantized = false;
  NonFinite nonFinite = NonFinite::Fail;
  /// Needed by GPTQ, AWQ and the weighted search.
  std::optional<CalibrationText> calibration;
  DeviceId device;  ///< where calibrating forward passes run
};

/// What was written.
struct ExportResult {
  std::int64_t tensors = 0;         ///< that were quantized
  std::int64_t parameters = 0;      ///< in them
  std::int64_t quantizedBytes = 0;  ///< they take in the file when packed
  std::int64_t fileBytes = 0;       ///< of model.safetensors
  std::int64_t clamped = 0;         ///< weights replaced under NonFinite::Clamp
};

/// Quantizes the checkpoint in `source` into the folder `target`, which is made: model.safetensors,
/// config.json, and the tokenizer's files as they are. The packed form holds each tensor's parts
/// (core/quant/quantized_tensor.h) under "<tensor>.<part>", the code table of the type, where it
/// has one for all tensors, as "bitfrontier.codebook", and the spec in the file's metadata and in
/// config.json's "quantization_config".
///
/// Works tensor by tensor: beside the tensor in hand, its quantized form and buffers of a few
/// megabytes nothing stays in memory. Only configurations that need a calibration text load the
/// whole model.
///
/// Throws the errors of Checkpoint::open and of quantizing, with the tensor's name; Unsupported for
/// a checkpoint that is quantized already; InvalidArgument when `target` is `source` or the
/// configuration is a baseline without --dequantized.
ExportResult exportQuantized(const std::filesystem::path& source,
                             const std::filesystem::path& target, const QuantConfig& config,
                             const ExportOptions& options = {}, const JobContext& job = {});

}  // namespace bitfrontier
