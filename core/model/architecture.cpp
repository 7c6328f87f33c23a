// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/architecture.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/model/activation.h"
#include "core/model/config_keys.h"
#include "core/model/packed_weights.h"

namespace bitfrontier {

// One file each; a new one is declared here and listed below.
Architecture gpt2Architecture();
Architecture optArchitecture();
Architecture gptNeoxArchitecture();
Architecture bloomArchitecture();
Architecture llamaArchitecture();

namespace {

const std::vector<Architecture>& architectures() {
  static const std::vector<Architecture> all = {gpt2Architecture(), optArchitecture(),
                                                gptNeoxArchitecture(), bloomArchitecture(),
                                                llamaArchitecture()};
  return all;
}

}  // namespace

void addNote(ModelConfig& config, const std::string& text) {
  config.notes.emplace_back(Error(ErrorKind::Unsupported, text).what());
}

bool TensorSlot::quantizable() const {
  switch (role) {
    case TensorRole::QkvWeight:
    case TensorRole::QueryWeight:
    case TensorRole::KeyWeight:
    case TensorRole::ValueWeight:
    case TensorRole::AttentionOutWeight:
    case TensorRole::MlpGateWeight:
    case TensorRole::MlpInWeight:
    case TensorRole::MlpOutWeight:
      return true;
    default:
      return false;
  }
}

void SlotList::add(TensorRole role, const std::string& name, std::vector<std::int64_t> shape) {
  slots_.push_back({role, -1, prefix_ + name, std::move(shape)});
}

void SlotList::addOuterNorm(TensorRole weight, TensorRole bias, const std::string& name,
                            std::int64_t size) {
  add(weight, name + ".weight", {size});
  add(bias, name + ".bias", {size});
}

void SlotList::startLayer(const std::string& stem, std::int64_t layer) {
  layer_ = layer;
  layerPrefix_ = fmt::format("{}{}.{}.", prefix_, stem, layer);
}

void SlotList::addInLayer(TensorRole role, const std::string& name,
                          std::vector<std::int64_t> shape) {
  slots_.push_back({role, layer_, layerPrefix_ + name, std::move(shape)});
}

void SlotList::addNorm(TensorRole weight, TensorRole bias, const std::string& name,
                       std::int64_t size) {
  addInLayer(weight, name + ".weight", {size});
  addInLayer(bias, name + ".bias", {size});
}

void SlotList::addLinear(TensorRole weight, TensorRole bias, const std::string& name,
                         std::int64_t out, std::int64_t in, bool hasBias, bool transposed) {
  slots_.push_back({weight, layer_, layerPrefix_ + name + ".weight", {out, in}, transposed});
  if (hasBias) addInLayer(bias, name + ".bias", {out});
}

const Architecture::ModelType* modelTypeNamed(std::string_view name) {
  for (const Architecture& architecture : architectures()) {
    for (const auto& type : architecture.modelTypes) {
      if (type.name == name) return &type;
    }
  }
  return nullptr;
}

const Architecture& architectureOf(const std::string& modelType, const std::string& origin) {
  std::string known;
  for (const Architecture& architecture : architectures()) {
    for (const auto& type : architecture.modelTypes) {
      if (type.name == modelType) return architecture;
      known += (known.empty() ? "" : ", ") + type.name;
    }
  }
  throw Error(ErrorKind::Unsupported,
              fmt::format("{}: model_type \"{}\" is not supported (supported: {})", origin,
                          modelType, known));
}

namespace {

/// lm-evaluation-harness takes the longest input from n_positions before all other keys.
void requireOneLength(const nlohmann::json& json, const std::string& origin,
                      const ModelConfig& config) {
  if (config.modelType == "gpt2" || config.modelType == "bloom") return;  // their own key
  const std::int64_t stated = intOr(json, "n_positions", origin, config.maxPositions);
  if (stated == config.maxPositions) return;
  throw Error(ErrorKind::Unsupported,
              fmt::format("{}: n_positions {} is not supported beside {} positions", origin, stated,
                          config.maxPositions));
}

}  // namespace

ModelConfig readModelConfig(const nlohmann::json& json, const std::string& origin) {
  const std::string& type = requireString(json, "model_type", origin);
  if (type == "mistral" && json.contains("layer_types")) {  // as transformers' AutoConfig
    nlohmann::json ministral = json;
    ministral["model_type"] = "ministral";
    return readModelConfig(ministral, origin);
  }
  const Architecture& architecture = architectureOf(type, origin);
  ModelConfig config = architecture.readConfig(json, origin);
  config.modelType = type;
  checkConfigKeys(json, origin, config);
  requireOneLength(json, origin, config);
  readQuantization(json, origin, config);
  constexpr std::int64_t kMaxLayers = 4096;
  if (config.layers > kMaxLayers) {
    throw Error(ErrorKind::Format, fmt::format("{}: num_hidden_layers (n_layer) is {}, above {}",
                                               origin, config.layers, kMaxLayers));
  }
  if (config.headDim == 0 && config.hiddenSize % config.heads != 0) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: hidden_size {} is not a multiple of num_attention_heads {}",
                            origin, config.hiddenSize, config.heads));
  }
  if (config.heads % config.keyValues() != 0) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: num_attention_heads {} is not a multiple of num_key_value_heads "
                            "{}",
                            origin, config.heads, config.keyValues()));
  }
  const auto activation = activationNamed(config.activation);
  if (!activation) {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: activation \"{}\" is not supported", origin, config.activation));
  }
  config.activation = *activation;
  return config;
}

nlohmann::ordered_json writeModelConfig(const ModelConfig& config) {
  const Architecture& architecture = architectureOf(config.modelType, "model description");
  nlohmann::ordered_json json = {{"architectures", nlohmann::json::array()},
                                 {"model_type", config.modelType},
                                 {"vocab_size", config.vocabSize}};
  for (const auto& type : architecture.modelTypes) {
    if (type.name == config.modelType) json["architectures"].push_back(type.className);
  }
  json.update(architecture.writeConfig(config));
  json["tie_word_embeddings"] = config.tiedHead;
  json["bos_token_id"] = 0;
  json["eos_token_id"] = 0;
  json["torch_dtype"] = "float16";
  return json;
}

std::vector<TensorSlot> tensorSlots(const ModelConfig& config) {
  const Architecture& architecture = architectureOf(config.modelType, "model description");
  std::vector<TensorSlot> slots = architecture.slots(config);
  if (!config.tiedHead) {
    slots.push_back({TensorRole::Head,
                     -1,
                     architecture.headNames.front(),
                     {config.vocabSize, config.embeddingWidth()}});
  }
  return slots;
}

}  // namespace bitfrontier
