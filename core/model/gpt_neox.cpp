// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/gpt_neox.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/json.h"

namespace bitfrontier::gpt_neox {

ModelConfig readConfig(const nlohmann::json& json, const std::string& origin) {
  constexpr std::int64_t kMax = std::int64_t{1} << 24;
  ModelConfig config;
  config.modelType = "gpt_neox";
  config.vocabSize = requireInt(json, "vocab_size", origin, 1, kMax);
  config.hiddenSize = requireInt(json, "hidden_size", origin, 1, kMax);
  config.layers = requireInt(json, "num_hidden_layers", origin, 1, 4096);
  config.heads = requireInt(json, "num_attention_heads", origin, 1, kMax);
  config.intermediateSize = requireInt(json, "intermediate_size", origin, 1, kMax);
  config.maxPositions = intOr(json, "max_position_embeddings", origin, 2048);
  config.rotaryFraction = numberOr(json, "rotary_pct", origin, 0.25);
  config.rotaryBase = numberOr(json, "rotary_emb_base", origin, 10000.0);
  // transformers 5 moves both into rope_parameters; the old keys stay in older files.
  if (const auto rope = json.find("rope_parameters"); rope != json.end() && rope->is_object()) {
    config.rotaryFraction = numberOr(*rope, "partial_rotary_factor", origin, config.rotaryFraction);
    config.rotaryBase = numberOr(*rope, "rope_theta", origin, config.rotaryBase);
    const std::string type = stringOr(*rope, "rope_type", origin, "default");
    if (type != "default") {
      throw Error(
          ErrorKind::Unsupported,
          fmt::format("{}: rope_type \"{}\" is not supported (only \"default\")", origin, type));
    }
  }
  config.normEpsilon = numberOr(json, "layer_norm_eps", origin, 1e-5);
  config.parallelResidual = boolOr(json, "use_parallel_residual", origin, true);
  config.tiedHead = boolOr(json, "tie_word_embeddings", origin, false);
  config.activation = stringOr(json, "hidden_act", origin, "gelu");
  if (!boolOr(json, "attention_bias", origin, true)) {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: attention_bias false is not supported", origin));
  }
  if (config.maxPositions < 1 || config.maxPositions > kMax) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: max_position_embeddings is {}", origin, config.maxPositions));
  }
  if (config.hiddenSize % config.heads != 0) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: hidden_size {} is not a multiple of num_attention_heads {}",
                            origin, config.hiddenSize, config.heads));
  }
  if (!(config.rotaryFraction > 0.0 && config.rotaryFraction <= 1.0)) {
    throw Error(ErrorKind::Format, fmt::format("{}: rotary_pct is {}, not within (0, 1]", origin,
                                               config.rotaryFraction));
  }
  if (!(config.rotaryBase > 1.0) || !(config.normEpsilon > 0.0)) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: rotary_emb_base {} or layer_norm_eps {} is out of range", origin,
                            config.rotaryBase, config.normEpsilon));
  }
  return config;
}

nlohmann::ordered_json writeConfig(const ModelConfig& config) {
  return {{"architectures", {"GPTNeoXForCausalLM"}},
          {"model_type", "gpt_neox"},
          {"vocab_size", config.vocabSize},
          {"hidden_size", config.hiddenSize},
          {"num_hidden_layers", config.layers},
          {"num_attention_heads", config.heads},
          {"intermediate_size", config.intermediateSize},
          {"max_position_embeddings", config.maxPositions},
          {"rotary_pct", config.rotaryFraction},
          {"rotary_emb_base", config.rotaryBase},
          {"layer_norm_eps", config.normEpsilon},
          {"use_parallel_residual", config.parallelResidual},
          {"hidden_act", config.activation},
          {"attention_bias", true},
          {"tie_word_embeddings", config.tiedHead},
          {"bos_token_id", 0},
          {"eos_token_id", 0},
          {"torch_dtype", "float16"}};
}

std::vector<TensorSlot> slots(const ModelConfig& config) {
  const std::int64_t hidden = config.hiddenSize;
  const std::int64_t inner = config.intermediateSize;
  std::vector<TensorSlot> all;
  all.push_back(
      {TensorRole::Embedding, -1, "gpt_neox.embed_in.weight", {config.vocabSize, hidden}});
  for (std::int64_t layer = 0; layer < config.layers; ++layer) {
    const auto add = [&](TensorRole role, std::string_view name, std::vector<std::int64_t> shape) {
      all.push_back(
          {role, layer, fmt::format("gpt_neox.layers.{}.{}", layer, name), std::move(shape)});
    };
    add(TensorRole::AttentionNormWeight, "input_layernorm.weight", {hidden});
    add(TensorRole::AttentionNormBias, "input_layernorm.bias", {hidden});
    add(TensorRole::MlpNormWeight, "post_attention_layernorm.weight", {hidden});
    add(TensorRole::MlpNormBias, "post_attention_layernorm.bias", {hidden});
    add(TensorRole::QkvWeight, "attention.query_key_value.weight", {3 * hidden, hidden});
    add(TensorRole::QkvBias, "attention.query_key_value.bias", {3 * hidden});
    add(TensorRole::AttentionOutWeight, "attention.dense.weight", {hidden, hidden});
    add(TensorRole::AttentionOutBias, "attention.dense.bias", {hidden});
    add(TensorRole::MlpInWeight, "mlp.dense_h_to_4h.weight", {inner, hidden});
    add(TensorRole::MlpInBias, "mlp.dense_h_to_4h.bias", {inner});
    add(TensorRole::MlpOutWeight, "mlp.dense_4h_to_h.weight", {hidden, inner});
    add(TensorRole::MlpOutBias, "mlp.dense_4h_to_h.bias", {hidden});
  }
  all.push_back({TensorRole::FinalNormWeight, -1, "gpt_neox.final_layer_norm.weight", {hidden}});
  all.push_back({TensorRole::FinalNormBias, -1, "gpt_neox.final_layer_norm.bias", {hidden}});
  if (!config.tiedHead) {
    all.push_back({TensorRole::Head, -1, "embed_out.weight", {config.vocabSize, hidden}});
  }
  return all;
}

}  // namespace bitfrontier::gpt_neox
