// SPDX-License-Identifier: GPL-3.0-or-later
/// BLOOM and BLOOMZ: config.json fields and tensor names as in Hugging Face's checkpoints.
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/model/architecture.h"
#include "core/model/config_reader.h"

namespace bitfrontier {
namespace {

constexpr std::string_view kObeyed[] = {"hidden_size",
                                        "n_embed",
                                        "n_layer",
                                        "num_hidden_layers",
                                        "n_head",
                                        "num_attention_heads",
                                        "layer_norm_epsilon",
                                        "apply_residual_connection_post_layernorm",
                                        "n_positions",
                                        "max_position_embeddings",
                                        "n_ctx"};
constexpr std::string_view kNoEffect[] = {
    "slow_but_exact",        "seq_length",          "n_inner",
    "skip_bias_add",         "skip_bias_add_qkv",   "attention_softmax_in_fp32",
    "masked_softmax_fusion", "bias_dropout_fusion", "unk_token_id"};

ModelConfig readConfig(const nlohmann::json& json, const std::string& origin) {
  const ConfigReader reader(json, origin);
  ModelConfig config;
  config.vocabSize = reader.size({"vocab_size"}, 250880);
  // Of two names for one option transformers takes the one that its class does not list.
  config.hiddenSize = reader.size({"n_embed", "hidden_size"}, 64);
  config.layers = reader.size({"num_hidden_layers", "n_layer"}, 2);
  config.heads = reader.size({"num_attention_heads", "n_head"}, 8);
  config.intermediateSize = 4 * config.hiddenSize;  // n_inner is ignored, as in transformers
  config.statedPositions =
      reader.has("n_positions") || reader.has("max_position_embeddings") || reader.has("n_ctx");
  config.maxPositions = reader.size({"n_positions", "max_position_embeddings", "n_ctx"}, 2048);
  config.normEpsilon = reader.positive({"layer_norm_epsilon"}, 1e-5);
  config.residualAfterNorm = reader.flag({"apply_residual_connection_post_layernorm"}, false);
  config.tiedHead = reader.flag({"tie_word_embeddings"}, true);
  config.activation = "gelu_new";  // BLOOM's own, the tanh form
  config.positions = Positions::Alibi;
  config.block = BlockOrder::Sequential;
  return config;
}

nlohmann::ordered_json writeConfig(const ModelConfig& config) {
  nlohmann::ordered_json json = {
      {"hidden_size", config.hiddenSize},
      {"n_layer", config.layers},
      {"n_head", config.heads},
      {"layer_norm_epsilon", config.normEpsilon},
      {"apply_residual_connection_post_layernorm", config.residualAfterNorm}};
  if (config.statedPositions) json["n_positions"] = config.maxPositions;
  return json;
}

std::vector<TensorSlot> slots(const ModelConfig& config) {
  using enum TensorRole;
  const std::int64_t hidden = config.hiddenSize;
  const std::int64_t inner = config.intermediateSize;
  SlotList list("transformer.");
  list.add(Embedding, "word_embeddings.weight", {config.vocabSize, hidden});
  list.addOuterNorm(EmbeddingNormWeight, EmbeddingNormBias, "word_embeddings_layernorm", hidden);
  for (std::int64_t layer = 0; layer < config.layers; ++layer) {
    list.startLayer("h", layer);
    list.addNorm(AttentionNormWeight, AttentionNormBias, "input_layernorm", hidden);
    list.addNorm(MlpNormWeight, MlpNormBias, "post_attention_layernorm", hidden);
    list.addLinear(QkvWeight, QkvBias, "self_attention.query_key_value", 3 * hidden, hidden, true);
    list.addLinear(AttentionOutWeight, AttentionOutBias, "self_attention.dense", hidden, hidden,
                   true);
    list.addLinear(MlpInWeight, MlpInBias, "mlp.dense_h_to_4h", inner, hidden, true);
    list.addLinear(MlpOutWeight, MlpOutBias, "mlp.dense_4h_to_h", hidden, inner, true);
  }
  list.addOuterNorm(FinalNormWeight, FinalNormBias, "ln_f", hidden);
  return list.take();
}

}  // namespace

Architecture bloomArchitecture() {
  return {{{"bloom", "BloomForCausalLM", {kObeyed}, kNoEffect}},
          {"transformer.", ""},
          {"lm_head.weight"},
          {},
          "h",
          readConfig,
          writeConfig,
          slots};
}

}  // namespace bitfrontier
