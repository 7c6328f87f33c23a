// SPDX-License-Identifier: GPL-3.0-or-later
/// OPT: config.json fields and tensor names as in Hugging Face's checkpoints.
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/model/architecture.h"
#include "core/model/config_reader.h"

namespace bitfrontier {
namespace {

constexpr std::string_view kObeyed[] = {"hidden_size",
                                        "num_hidden_layers",
                                        "num_attention_heads",
                                        "ffn_dim",
                                        "max_position_embeddings",
                                        "word_embed_proj_dim",
                                        "activation_function",
                                        "do_layer_norm_before",
                                        "_remove_final_layer_norm",
                                        "enable_bias",
                                        "layer_norm_elementwise_affine",
                                        "n_positions"};
constexpr std::string_view kNoEffect[] = {"n_ctx", "dropout", "layerdrop", "activation_dropout",
                                          "init_std"};

/// The first rows of the position table belong to padding, which we never score.
constexpr std::int64_t kPositionOffset = 2;

ModelConfig readConfig(const nlohmann::json& json, const std::string& origin) {
  const ConfigReader reader(json, origin);
  ModelConfig config;
  config.vocabSize = reader.size({"vocab_size"}, 50272);
  config.hiddenSize = reader.size({"hidden_size"}, 768);
  config.layers = reader.size({"num_hidden_layers"}, 12);
  config.heads = reader.size({"num_attention_heads"}, 12);
  config.intermediateSize = reader.size({"ffn_dim"}, 3072);
  config.maxPositions = reader.size({"max_position_embeddings"}, 2048);
  const std::int64_t width = reader.size({"word_embed_proj_dim"}, config.hiddenSize);
  config.embeddingSize = width == config.hiddenSize ? 0 : width;
  config.activation = reader.text({"activation_function"}, "relu");
  const bool before = reader.flag({"do_layer_norm_before"}, true);
  config.block = before ? BlockOrder::Sequential : BlockOrder::PostNorm;
  config.finalNorm = before && !reader.flag({"_remove_final_layer_norm"}, false);
  config.qkvBias = config.attentionOutBias = config.mlpBias = reader.flag({"enable_bias"}, true);
  config.normWeights = reader.flag({"layer_norm_elementwise_affine"}, true);
  config.tiedHead = reader.flag({"tie_word_embeddings"}, true);
  config.positions = Positions::Learned;
  config.positionOffset = kPositionOffset;
  return config;
}

nlohmann::ordered_json writeConfig(const ModelConfig& config) {
  return {{"hidden_size", config.hiddenSize},
          {"num_hidden_layers", config.layers},
          {"num_attention_heads", config.heads},
          {"ffn_dim", config.intermediateSize},
          {"max_position_embeddings", config.maxPositions},
          {"word_embed_proj_dim", config.embeddingWidth()},
          {"activation_function", config.activation},
          {"do_layer_norm_before", config.block == BlockOrder::Sequential},
          {"_remove_final_layer_norm", config.block == BlockOrder::Sequential && !config.finalNorm},
          {"enable_bias", config.qkvBias},
          {"layer_norm_elementwise_affine", config.normWeights}};
}

std::vector<TensorSlot> slots(const ModelConfig& config) {
  using enum TensorRole;
  const std::int64_t hidden = config.hiddenSize;
  const std::int64_t width = config.embeddingWidth();
  const bool bias = config.qkvBias;
  SlotList list("model.decoder.");
  list.add(Embedding, "embed_tokens.weight", {config.vocabSize, width});
  list.add(PositionEmbedding, "embed_positions.weight",
           {config.maxPositions + config.positionOffset, hidden});
  if (config.embeddingSize > 0) {
    list.add(ProjectIn, "project_in.weight", {hidden, width});
    list.add(ProjectOut, "project_out.weight", {width, hidden});
  }
  for (std::int64_t layer = 0; layer < config.layers; ++layer) {
    list.startLayer("layers", layer);
    if (config.normWeights) {
      list.addNorm(AttentionNormWeight, AttentionNormBias, "self_attn_layer_norm", hidden);
      list.addNorm(MlpNormWeight, MlpNormBias, "final_layer_norm", hidden);
    }
    list.addLinear(QueryWeight, QueryBias, "self_attn.q_proj", hidden, hidden, bias);
    list.addLinear(KeyWeight, KeyBias, "self_attn.k_proj", hidden, hidden, bias);
    list.addLinear(ValueWeight, ValueBias, "self_attn.v_proj", hidden, hidden, bias);
    list.addLinear(AttentionOutWeight, AttentionOutBias, "self_attn.out_proj", hidden, hidden,
                   bias);
    list.addLinear(MlpInWeight, MlpInBias, "fc1", config.intermediateSize, hidden, bias);
    list.addLinear(MlpOutWeight, MlpOutBias, "fc2", hidden, config.intermediateSize, bias);
  }
  if (config.finalNorm && config.normWeights) {
    list.addOuterNorm(FinalNormWeight, FinalNormBias, "final_layer_norm", hidden);
  }
  return list.take();
}

}  // namespace

Architecture optArchitecture() {
  return {{{"opt", "OPTForCausalLM", {kObeyed}, kNoEffect}},
          {"model.decoder.", "decoder.", ""},
          {"lm_head.weight"},
          {},
          "layers",
          readConfig,
          writeConfig,
          slots};
}

}  // namespace bitfrontier
