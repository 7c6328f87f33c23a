// SPDX-License-Identifier: GPL-3.0-or-later
/// GPT-2: config.json fields and tensor names as in Hugging Face's checkpoints.
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/model/architecture.h"
#include "core/model/config_reader.h"

namespace bitfrontier {
namespace {

constexpr std::string_view kObeyed[] = {"n_embd",
                                        "hidden_size",
                                        "n_layer",
                                        "num_hidden_layers",
                                        "n_head",
                                        "num_attention_heads",
                                        "n_inner",
                                        "n_positions",
                                        "max_position_embeddings",
                                        "layer_norm_epsilon",
                                        "activation_function",
                                        "scale_attn_weights",
                                        "scale_attn_by_inverse_layer_idx"};
constexpr std::string_view kNoEffect[] = {"n_ctx",
                                          "attn_pdrop",
                                          "embd_pdrop",
                                          "resid_pdrop",
                                          "reorder_and_upcast_attn",
                                          "summary_type",
                                          "summary_use_proj",
                                          "summary_activation",
                                          "summary_proj_to_labels",
                                          "summary_first_dropout",
                                          "summary_last_dropout",
                                          "n_special",
                                          "predict_special_tokens"};

ModelConfig readConfig(const nlohmann::json& json, const std::string& origin) {
  const ConfigReader reader(json, origin);
  ModelConfig config;
  config.vocabSize = reader.size({"vocab_size"}, 50257);
  // Of two names for one option transformers takes the general one.
  config.hiddenSize = reader.size({"hidden_size", "n_embd"}, 768);
  config.layers = reader.size({"num_hidden_layers", "n_layer"}, 12);
  config.heads = reader.size({"num_attention_heads", "n_head"}, 12);
  config.intermediateSize = reader.size({"n_inner"}, 4 * config.hiddenSize);
  config.maxPositions = reader.size({"max_position_embeddings", "n_positions"}, 1024);
  config.normEpsilon = reader.positive({"layer_norm_epsilon"}, 1e-5);
  config.activation = reader.text({"activation_function"}, "gelu_new");
  config.scaleAttention = reader.flag({"scale_attn_weights"}, true);
  config.scaleByLayer = reader.flag({"scale_attn_by_inverse_layer_idx"}, false);
  config.tiedHead = reader.flag({"tie_word_embeddings"}, true);
  config.positions = Positions::Learned;
  config.block = BlockOrder::Sequential;
  config.qkvOrder = QkvOrder::Blocks;
  return config;
}

nlohmann::ordered_json writeConfig(const ModelConfig& config) {
  return {{"n_embd", config.hiddenSize},
          {"n_layer", config.layers},
          {"n_head", config.heads},
          {"n_inner", config.intermediateSize},
          {"n_positions", config.maxPositions},
          {"layer_norm_epsilon", config.normEpsilon},
          {"activation_function", config.activation},
          {"scale_attn_weights", config.scaleAttention},
          {"scale_attn_by_inverse_layer_idx", config.scaleByLayer}};
}

std::vector<TensorSlot> slots(const ModelConfig& config) {
  using enum TensorRole;
  constexpr bool kConv1d = true;  // stored [in, out]
  const std::int64_t hidden = config.hiddenSize;
  const std::int64_t inner = config.intermediateSize;
  SlotList list("transformer.");
  list.add(Embedding, "wte.weight", {config.vocabSize, hidden});
  list.add(PositionEmbedding, "wpe.weight", {config.maxPositions, hidden});
  for (std::int64_t layer = 0; layer < config.layers; ++layer) {
    list.startLayer("h", layer);
    list.addNorm(AttentionNormWeight, AttentionNormBias, "ln_1", hidden);
    list.addNorm(MlpNormWeight, MlpNormBias, "ln_2", hidden);
    list.addLinear(QkvWeight, QkvBias, "attn.c_attn", 3 * hidden, hidden, true, kConv1d);
    list.addLinear(AttentionOutWeight, AttentionOutBias, "attn.c_proj", hidden, hidden, true,
                   kConv1d);
    list.addLinear(MlpInWeight, MlpInBias, "mlp.c_fc", inner, hidden, true, kConv1d);
    list.addLinear(MlpOutWeight, MlpOutBias, "mlp.c_proj", hidden, inner, true, kConv1d);
  }
  list.addOuterNorm(FinalNormWeight, FinalNormBias, "ln_f", hidden);
  return list.take();
}

}  // namespace

Architecture gpt2Architecture() {
  return {{{"gpt2", "GPT2LMHeadModel", {kObeyed}, kNoEffect}},
          {"transformer.", ""},
          {"lm_head.weight"},
          {"attn.bias", "attn.masked_bias"},
          "h",
          readConfig,
          writeConfig,
          slots};
}

}  // namespace bitfrontier
