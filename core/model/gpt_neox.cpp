// SPDX-License-Identifier: GPL-3.0-or-later
/// GPT-NeoX and Pythia: config.json fields and tensor names as in Hugging Face's checkpoints.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/error.h"
#include "core/model/architecture.h"
#include "core/model/config_reader.h"
#include "core/model/rotary.h"

namespace bitfrontier {
namespace {

constexpr std::string_view kObeyed[] = {"hidden_size",
                                        "num_hidden_layers",
                                        "num_attention_heads",
                                        "intermediate_size",
                                        "max_position_embeddings",
                                        "layer_norm_eps",
                                        "use_parallel_residual",
                                        "attention_bias",
                                        "hidden_act",
                                        "rope_parameters",
                                        "rope_scaling",
                                        "rotary_emb_base",
                                        "rotary_pct",
                                        "original_max_position_embeddings",
                                        "head_dim",
                                        "n_positions"};
constexpr std::string_view kNoEffect[] = {"n_ctx"};

ModelConfig readConfig(const nlohmann::json& json, const std::string& origin) {
  const ConfigReader reader(json, origin);
  ModelConfig config;
  config.vocabSize = reader.size({"vocab_size"}, 50432);
  config.hiddenSize = reader.size({"hidden_size"}, 6144);
  config.layers = reader.size({"num_hidden_layers"}, 44);
  config.heads = reader.size({"num_attention_heads"}, 64);
  config.intermediateSize = reader.size({"intermediate_size"}, 24576);
  config.maxPositions = reader.size({"max_position_embeddings"}, 2048);
  config.normEpsilon = reader.positive({"layer_norm_eps"}, 1e-5);
  config.block =
      reader.flag({"use_parallel_residual"}, true) ? BlockOrder::Parallel : BlockOrder::Sequential;
  config.qkvBias = config.attentionOutBias = reader.flag({"attention_bias"}, true);
  config.tiedHead = reader.flag({"tie_word_embeddings"}, false);
  config.activation = reader.text({"hidden_act"}, "gelu");
  readRotary(reader, {"rotary_emb_base", "rotary_pct", 0.25, true}, config);
  // transformers takes the number of rotated dimensions from it, and nothing else.
  const std::int64_t size = config.hiddenSize / config.heads;
  if (const std::int64_t stated = reader.size({"head_dim"}, size); stated != size) {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: head_dim {} is not supported, heads have {} dimensions", origin,
                            stated, size));
  }
  return config;
}

nlohmann::ordered_json writeConfig(const ModelConfig& config) {
  nlohmann::ordered_json json = {{"hidden_size", config.hiddenSize},
                                 {"num_hidden_layers", config.layers},
                                 {"num_attention_heads", config.heads},
                                 {"intermediate_size", config.intermediateSize},
                                 {"max_position_embeddings", config.maxPositions},
                                 {"rotary_pct", config.rotaryFraction},
                                 {"rotary_emb_base", config.rotaryBase},
                                 {"layer_norm_eps", config.normEpsilon},
                                 {"use_parallel_residual", config.block == BlockOrder::Parallel},
                                 {"hidden_act", config.activation},
                                 {"attention_bias", config.qkvBias}};
  if (config.rotaryScaling.kind != RotaryScaling::Kind::None) {
    json["rope_scaling"] = writeRotary(config);
  }
  return json;
}

std::vector<TensorSlot> slots(const ModelConfig& config) {
  using enum TensorRole;
  const std::int64_t hidden = config.hiddenSize;
  const std::int64_t inner = config.intermediateSize;
  SlotList list("gpt_neox.");
  list.add(Embedding, "embed_in.weight", {config.vocabSize, hidden});
  for (std::int64_t layer = 0; layer < config.layers; ++layer) {
    list.startLayer("layers", layer);
    list.addNorm(AttentionNormWeight, AttentionNormBias, "input_layernorm", hidden);
    list.addNorm(MlpNormWeight, MlpNormBias, "post_attention_layernorm", hidden);
    list.addLinear(QkvWeight, QkvBias, "attention.query_key_value", 3 * hidden, hidden,
                   config.qkvBias);
    list.addLinear(AttentionOutWeight, AttentionOutBias, "attention.dense", hidden, hidden,
                   config.attentionOutBias);
    list.addLinear(MlpInWeight, MlpInBias, "mlp.dense_h_to_4h", inner, hidden, true);
    list.addLinear(MlpOutWeight, MlpOutBias, "mlp.dense_4h_to_h", hidden, inner, true);
  }
  list.addOuterNorm(FinalNormWeight, FinalNormBias, "final_layer_norm", hidden);
  return list.take();
}

}  // namespace

Architecture gptNeoxArchitecture() {
  return {{{"gpt_neox", "GPTNeoXForCausalLM", {kObeyed}, kNoEffect}},
          {"gpt_neox.", ""},
          {"embed_out.weight", "lm_head.weight"},
          {"attention.bias", "attention.masked_bias", "rotary_emb.inv_freq"},
          "layers",
          readConfig,
          writeConfig,
          slots};
}

}  // namespace bitfrontier
