// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/model_config.h"

namespace bitfrontier {

/// The part a tensor plays in a decoder-only model. Linear weights are [out, in].
enum class TensorRole {
  Embedding,          ///< [vocab, embedding width]
  PositionEmbedding,  ///< [positions, hidden]
  ProjectIn,          ///< [hidden, embedding width]
  EmbeddingNormWeight,
  EmbeddingNormBias,
  AttentionNormWeight,
  AttentionNormBias,
  MlpNormWeight,
  MlpNormBias,
  QkvWeight,  ///< fused, [3 hidden, hidden]; ModelConfig::qkvOrder tells the order of the rows
  QkvBias,
  QueryWeight,
  QueryBias,
  KeyWeight,
  KeyBias,
  ValueWeight,
  ValueBias,
  QueryNormWeight,  ///< [headDim]
  KeyNormWeight,
  AttentionOutWeight,
  AttentionOutBias,
  MlpGateWeight,  ///< the branch that goes through the activation where there are two
  MlpGateBias,
  MlpInWeight,
  MlpInBias,
  MlpOutWeight,
  MlpOutBias,
  FinalNormWeight,
  FinalNormBias,
  ProjectOut,  ///< [embedding width, hidden]
  Head,        ///< [vocab, embedding width]; absent when the head is tied to the embedding
};
inline constexpr std::size_t kTensorRoles = static_cast<std::size_t>(TensorRole::Head) + 1;

/// One tensor that a model needs.
struct TensorSlot {
  TensorRole role;
  std::int64_t layer;  ///< -1 outside the layers
  std::string name;    ///< as transformers saves it, base prefix included
  std::vector<std::int64_t> shape;
  bool transposed = false;  ///< stored as [in, out] (GPT-2's Conv1D); `shape` is [out, in]
  /// True for the linear layers inside the decoder layers, which are what is quantized.
  bool quantizable() const;
};

/// Collects the slots of a model; names get the architecture's base prefix.
class SlotList {
 public:
  explicit SlotList(std::string prefix) : prefix_(std::move(prefix)) {}
  /// Tensors outside the layers.
  void add(TensorRole role, const std::string& name, std::vector<std::int64_t> shape);
  void addOuterNorm(TensorRole weight, TensorRole bias, const std::string& name, std::int64_t size);
  /// Those that follow belong to this layer and have "<stem>.<layer>." after the prefix.
  void startLayer(const std::string& stem, std::int64_t layer);
  /// In the current layer: a weight and, where `bias`, a bias beside it.
  void addNorm(TensorRole weight, TensorRole bias, const std::string& name, std::int64_t size);
  void addLinear(TensorRole weight, TensorRole bias, const std::string& name, std::int64_t out,
                 std::int64_t in, bool hasBias, bool transposed = false);
  void addInLayer(TensorRole role, const std::string& name, std::vector<std::int64_t> shape);

  std::vector<TensorSlot> take() { return std::move(slots_); }

 private:
  std::string prefix_;
  std::string layerPrefix_;
  std::int64_t layer_ = -1;
  std::vector<TensorSlot> slots_;
};

/// Names of keys of config.json.
using KeyNames = std::span<const std::string_view>;

/// What an architecture's description file supplies.
struct Architecture {
  struct ModelType {
    std::string name;
    std::string className;  ///< in transformers
    /// Keys of config.json beside those of all types: what is read, and what changes no score
    /// (core/model/config_keys.h).
    std::vector<KeyNames> obeyed;
    KeyNames noEffect;
  };
  std::vector<ModelType> modelTypes;
  /// Base prefixes of tensor names, first the one that transformers writes ("transformer.").
  std::vector<std::string> prefixes;
  /// Names of an untied head, first the one that transformers writes.
  std::vector<std::string> headNames;
  /// Ends of the names of tensors inside the layers that are buffers, not weights.
  std::vector<std::string> buffers;
  std::string layerStem;  ///< "h": layers are named "<prefix>h.0."
  ModelConfig (*readConfig)(const nlohmann::json&, const std::string& origin);
  /// What writeModelConfig writes between the fields that all have in common.
  nlohmann::ordered_json (*writeConfig)(const ModelConfig&);
  std::vector<TensorSlot> (*slots)(const ModelConfig&);
};

/// A model_type; null for one without a description.
const Architecture::ModelType* modelTypeNamed(std::string_view name);

/// The description of a model_type. Error Unsupported naming `origin` and the supported ones.
const Architecture& architectureOf(const std::string& modelType, const std::string& origin);

/// Reads config.json into a description. `origin` names the file in errors.
/// Error Unsupported for a model_type or option without support, Format for wrong fields.
ModelConfig readModelConfig(const nlohmann::json& json, const std::string& origin);

/// The config.json that describes a model, in Hugging Face's field names: stored in fp16, id 0
/// begins and ends a text.
nlohmann::ordered_json writeModelConfig(const ModelConfig& config);

/// Every tensor of the model in CausalLm's order.
std::vector<TensorSlot> tensorSlots(const ModelConfig& config);

}  // namespace bitfrontier
