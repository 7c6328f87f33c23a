// SPDX-License-Identifier: GPL-3.0-or-later
/// Checkpoints whose weights are stored quantized, as `bitfrontier quantize` writes them: the parts
/// of a tensor are named "<tensor>.<part>" (core/quant/quantized_tensor.h), and config.json holds
///   "quantization_config": {"quant_method": "bitfrontier", "version": 1, "spec": "nf4-b64"}.
/// Weights are [out, in] also where the architecture stores dense ones the other way.
#pragma once

#include <ATen/core/Tensor.h>

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <unordered_set>

#include "core/model/architecture.h"

namespace bitfrontier {

class Checkpoint;

/// Version of the layout above; another one is refused.
inline constexpr int kQuantizationVersion = 1;

/// Reads config.json's quantization_config, when there is one, into `config.quantization` and
/// `config.calibration`. Throws Unsupported for other programs' methods and other versions, Format
/// for a spec that cannot be read.
void readQuantization(const nlohmann::json& json, const std::string& origin, ModelConfig& config);

bool hasPackedTensor(const Checkpoint& checkpoint, std::string_view name);

/// The dequantized tensor, fp32, [out, in]; the names of its parts go into `used`. Throws Format
/// naming checkpoint, tensor and part.
at::Tensor readPackedTensor(const Checkpoint& checkpoint, const TensorSlot& slot,
                            const ModelConfig& config, std::unordered_set<std::string>& used);

}  // namespace bitfrontier
