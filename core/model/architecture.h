// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/model/causal_lm.h"

namespace bitfrontier {

/// The part a tensor plays in a decoder-only model. Per-layer roles come in the order in which
/// CausalLm keeps them.
enum class TensorRole {
  Embedding,  ///< [vocab, hidden]
  AttentionNormWeight,
  AttentionNormBias,
  MlpNormWeight,
  MlpNormBias,
  QkvWeight,  ///< [3 hidden, hidden]; rows grouped by head: q, k, v of head 0, q, k, v of head 1,
              ///< ...
  QkvBias,
  AttentionOutWeight,
  AttentionOutBias,
  MlpInWeight,
  MlpInBias,
  MlpOutWeight,
  MlpOutBias,
  FinalNormWeight,
  FinalNormBias,
  Head,  ///< [vocab, hidden]; absent when the head is tied to the embedding
};

/// Tensors per decoder layer: the roles AttentionNormWeight .. MlpOutBias.
inline constexpr std::int64_t kTensorsPerLayer = 12;

/// One tensor that a model needs.
struct TensorSlot {
  TensorRole role;
  std::int64_t layer;  ///< -1 outside the layers
  std::string name;    ///< in the checkpoint
  std::vector<std::int64_t> shape;
  /// True for the linear layers inside the decoder layers, which are what is quantized.
  bool quantizable() const;
};

/// Reads config.json into a description. `origin` names the file in errors.
/// Error Unsupported for a model_type or option without support, Format for wrong fields.
ModelConfig readModelConfig(const nlohmann::json& json, const std::string& origin);

/// The config.json that describes a model, in Hugging Face's field names.
nlohmann::ordered_json writeModelConfig(const ModelConfig& config);

/// Every tensor of the model in CausalLm's order: embedding, layers, final norm, head.
std::vector<TensorSlot> tensorSlots(const ModelConfig& config);

}  // namespace bitfrontier
