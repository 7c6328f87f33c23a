// SPDX-License-Identifier: GPL-3.0-or-later
/// Llama 2 and 3, Mistral, Ministral, Qwen2, Qwen3, SmolLM and SmolLM2 (which are Llamas):
/// config.json fields and tensor names as in Hugging Face's checkpoints.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/model/architecture.h"
#include "core/model/config_reader.h"
#include "core/model/rotary.h"

namespace bitfrontier {
namespace {

constexpr std::string_view kObeyed[] = {"hidden_size",
                                        "num_hidden_layers",
                                        "num_attention_heads",
                                        "num_key_value_heads",
                                        "head_dim",
                                        "intermediate_size",
                                        "max_position_embeddings",
                                        "rms_norm_eps",
                                        "hidden_act",
                                        "rope_parameters",
                                        "rope_scaling",
                                        "rope_theta",
                                        "partial_rotary_factor",
                                        "original_max_position_embeddings",
                                        "n_positions"};
constexpr std::string_view kNoEffect[] = {"n_ctx"};
constexpr std::string_view kAttentionBias[] = {"attention_bias"};
constexpr std::string_view kMlpBias[] = {"mlp_bias"};
constexpr std::string_view kWindow[] = {"sliding_window"};
constexpr std::string_view kLayers[] = {"layer_types"};
constexpr std::string_view kSwitch[] = {"use_sliding_window", "max_window_layers"};

/// Where the model types differ, in transformers' defaults and in what their code does.
struct Variant {
  const char* modelType;
  const char* className;
  std::int64_t vocabSize, intermediateSize, keyValueHeads, maxPositions;
  std::int64_t headDim;      ///< 0: hidden / heads
  bool qkvBias;              ///< where config.json does not say
  bool attentionBiasOption;  ///< `attention_bias` is heeded, for q, k, v and the output
  bool mlpBiasOption;        ///< `mlp_bias` is heeded
  bool queryKeyNorm;
  /// Which layers have a sliding window, see readWindows().
  enum class Window { Never, Always, Layers, Optional } window;
};

constexpr Variant kVariants[] = {
    {"llama", "LlamaForCausalLM", 32000, 11008, 0, 2048, 0, false, true, true, false,
     Variant::Window::Never},
    {"mistral", "MistralForCausalLM", 32000, 14336, 8, 131072, 0, false, false, false, false,
     Variant::Window::Always},
    {"ministral", "MinistralForCausalLM", 32000, 14336, 8, 131072, 0, false, false, false, false,
     Variant::Window::Layers},
    {"qwen2", "Qwen2ForCausalLM", 151936, 22016, 32, 32768, 0, true, false, false, false,
     Variant::Window::Optional},
    {"qwen3", "Qwen3ForCausalLM", 151936, 22016, 32, 32768, 128, false, true, false, true,
     Variant::Window::Optional},
};

const Variant& variantOf(const std::string& modelType) {
  for (const Variant& variant : kVariants) {
    if (modelType == variant.modelType) return variant;
  }
  return kVariants[0];
}

std::vector<KeyNames> obeyedKeys(const Variant& variant) {
  std::vector<KeyNames> keys = {kObeyed};
  if (variant.attentionBiasOption) keys.emplace_back(kAttentionBias);
  if (variant.mlpBiasOption) keys.emplace_back(kMlpBias);
  if (variant.window != Variant::Window::Never) keys.emplace_back(kWindow);
  if (variant.window == Variant::Window::Layers) keys.emplace_back(kLayers);
  if (variant.window == Variant::Window::Optional) {
    keys.emplace_back(kLayers);
    keys.emplace_back(kSwitch);
  }
  return keys;
}

/// Windows by layer. `sliding_window` is 4096 where the key is missing, and none where it is null.
/// Mistral has it in every layer; Ministral in the layers that `layer_types` names, without those
/// in every one; Qwen likewise, but only with `use_sliding_window`, and without `layer_types` in
/// the layers from `max_window_layers` on.
std::vector<std::int64_t> readWindows(const ConfigReader& reader, Variant::Window kind,
                                      std::int64_t layers) {
  constexpr std::int64_t kDefault = 4096;
  const nlohmann::json& json = reader.json();
  const bool isNull = json.contains("sliding_window") && json.at("sliding_window").is_null();
  const bool on = kind == Variant::Window::Always || kind == Variant::Window::Layers ||
                  (kind == Variant::Window::Optional && reader.flag({"use_sliding_window"}, false));
  const std::int64_t window = on && !isNull ? reader.size({"sliding_window"}, kDefault) : 0;
  const auto count = static_cast<std::size_t>(layers);
  const bool byLayer = kind == Variant::Window::Optional || kind == Variant::Window::Layers;
  if (byLayer && reader.has("layer_types")) {
    const nlohmann::json& types = requireArray(json, "layer_types", reader.origin());
    if (types.size() != count) {
      throw Error(ErrorKind::Format, fmt::format("{}: layer_types names {} layers, not {}",
                                                 reader.origin(), types.size(), layers));
    }
    std::vector<std::int64_t> windows;
    for (const nlohmann::json& type : types) {
      const bool slides = type == "sliding_attention";
      if ((!slides && type != "full_attention") || (slides && window == 0)) {
        throw Error(ErrorKind::Unsupported, fmt::format("{}: layer type {} is not supported here",
                                                        reader.origin(), type.dump(-1, ' ', true)));
      }
      windows.push_back(slides ? window : 0);
    }
    return windows;
  }
  if (window == 0) return {};
  std::vector<std::int64_t> windows(count, window);
  if (kind == Variant::Window::Optional) {
    const auto full = intOr(json, "max_window_layers", reader.origin(), 28);
    for (std::size_t i = 0; i < count && static_cast<std::int64_t>(i) < full; ++i) windows[i] = 0;
  }
  return windows;
}

ModelConfig readConfig(const nlohmann::json& json, const std::string& origin) {
  const ConfigReader reader(json, origin);
  const Variant& variant = variantOf(requireString(json, "model_type", origin));
  ModelConfig config;
  config.vocabSize = reader.size({"vocab_size"}, variant.vocabSize);
  config.hiddenSize = reader.size({"hidden_size"}, 4096);
  config.layers = reader.size({"num_hidden_layers"}, 32);
  config.heads = reader.size({"num_attention_heads"}, 32);
  const bool saysNoSharing =
      json.contains("num_key_value_heads") && json.at("num_key_value_heads").is_null();
  config.keyValueHeads =
      saysNoSharing ? 0 : reader.size({"num_key_value_heads"}, variant.keyValueHeads);
  config.headDim = reader.size({"head_dim"}, variant.headDim);
  config.intermediateSize = reader.size({"intermediate_size"}, variant.intermediateSize);
  config.maxPositions = reader.size({"max_position_embeddings"}, variant.maxPositions);
  config.norm = NormKind::Rms;
  config.normEpsilon = reader.positive({"rms_norm_eps"}, 1e-6);
  config.block = BlockOrder::Sequential;
  config.qkvBias = variant.qkvBias;
  config.attentionOutBias = false;
  config.mlpBias = false;
  if (variant.attentionBiasOption) {
    config.qkvBias = config.attentionOutBias = reader.flag({"attention_bias"}, false);
  }
  if (variant.mlpBiasOption) config.mlpBias = reader.flag({"mlp_bias"}, false);
  config.queryKeyNorm = variant.queryKeyNorm;
  config.tiedHead = reader.flag({"tie_word_embeddings"}, false);
  config.activation = reader.text({"hidden_act"}, "silu");
  config.slidingWindows = readWindows(reader, variant.window, config.layers);
  readRotary(reader, {"rope_theta", "partial_rotary_factor", 1.0, false}, config);
  return config;
}

nlohmann::ordered_json writeConfig(const ModelConfig& config) {
  const Variant& variant = variantOf(config.modelType);
  nlohmann::ordered_json json = {{"hidden_size", config.hiddenSize},
                                 {"num_hidden_layers", config.layers},
                                 {"num_attention_heads", config.heads},
                                 {"num_key_value_heads", config.keyValues()},
                                 {"head_dim", config.sizeOfHead()},
                                 {"intermediate_size", config.intermediateSize},
                                 {"max_position_embeddings", config.maxPositions},
                                 {"rms_norm_eps", config.normEpsilon},
                                 {"hidden_act", config.activation},
                                 {"rope_parameters", writeRotary(config)}};
  if (variant.attentionBiasOption) json["attention_bias"] = config.qkvBias;
  if (variant.mlpBiasOption) json["mlp_bias"] = config.mlpBias;
  const std::int64_t window =
      config.slidingWindows.empty()
          ? 0
          : *std::max_element(config.slidingWindows.begin(), config.slidingWindows.end());
  if (variant.window != Variant::Window::Never) {
    json["sliding_window"] = window > 0 ? nlohmann::ordered_json(window) : nullptr;
  }
  if (variant.window == Variant::Window::Optional) json["use_sliding_window"] = window > 0;
  if (variant.window == Variant::Window::Optional || variant.window == Variant::Window::Layers) {
    for (std::size_t layer = 0; layer < static_cast<std::size_t>(config.layers); ++layer) {
      json["layer_types"].push_back(
          window > 0 && config.slidingWindows[layer] > 0 ? "sliding_attention" : "full_attention");
    }
  }
  return json;
}

std::vector<TensorSlot> slots(const ModelConfig& config) {
  using enum TensorRole;
  const std::int64_t hidden = config.hiddenSize;
  const std::int64_t inner = config.intermediateSize;
  const std::int64_t queries = config.heads * config.sizeOfHead();
  const std::int64_t keys = config.keyValues() * config.sizeOfHead();
  SlotList list("model.");
  list.add(Embedding, "embed_tokens.weight", {config.vocabSize, hidden});
  for (std::int64_t layer = 0; layer < config.layers; ++layer) {
    list.startLayer("layers", layer);
    list.addInLayer(AttentionNormWeight, "input_layernorm.weight", {hidden});
    list.addInLayer(MlpNormWeight, "post_attention_layernorm.weight", {hidden});
    list.addLinear(QueryWeight, QueryBias, "self_attn.q_proj", queries, hidden, config.qkvBias);
    list.addLinear(KeyWeight, KeyBias, "self_attn.k_proj", keys, hidden, config.qkvBias);
    list.addLinear(ValueWeight, ValueBias, "self_attn.v_proj", keys, hidden, config.qkvBias);
    if (config.queryKeyNorm) {
      list.addInLayer(QueryNormWeight, "self_attn.q_norm.weight", {config.sizeOfHead()});
      list.addInLayer(KeyNormWeight, "self_attn.k_norm.weight", {config.sizeOfHead()});
    }
    list.addLinear(AttentionOutWeight, AttentionOutBias, "self_attn.o_proj", hidden, queries,
                   config.attentionOutBias);
    list.addLinear(MlpGateWeight, MlpGateBias, "mlp.gate_proj", inner, hidden, config.mlpBias);
    list.addLinear(MlpInWeight, MlpInBias, "mlp.up_proj", inner, hidden, config.mlpBias);
    list.addLinear(MlpOutWeight, MlpOutBias, "mlp.down_proj", hidden, inner, config.mlpBias);
  }
  list.add(FinalNormWeight, "norm.weight", {hidden});
  return list.take();
}

}  // namespace

Architecture llamaArchitecture() {
  Architecture all{{},       {"model.", ""}, {"lm_head.weight"}, {"rotary_emb.inv_freq"},
                   "layers", readConfig,     writeConfig,        slots};
  for (const Variant& variant : kVariants) {
    all.modelTypes.push_back(
        {variant.modelType, variant.className, obeyedKeys(variant), kNoEffect});
  }
  return all;
}

}  // namespace bitfrontier
