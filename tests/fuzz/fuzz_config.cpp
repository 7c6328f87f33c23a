// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/model/architecture.h"
#include "tests/fuzz/fuzz_target.h"

namespace bitfrontier::fuzz {

std::vector<std::string> seeds() {
  return {
      R"({"model_type":"gpt2","n_embd":48,"n_head":4,"n_layer":2,"n_positions":64,"n_inner":null,)"
      R"("vocab_size":512,"scale_attn_by_inverse_layer_idx":true,"activation_function":"relu"})",
      R"({"model_type":"opt","hidden_size":48,"word_embed_proj_dim":32,"ffn_dim":96,)"
      R"("num_hidden_layers":2,"num_attention_heads":4,"do_layer_norm_before":false,)"
      R"("max_position_embeddings":64,"enable_bias":false,"layer_norm_elementwise_affine":false})",
      R"({"model_type":"gpt_neox","hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,)"
      R"("intermediate_size":128,"rotary_pct":0.5,"rotary_emb_base":1e4,"hidden_act":"gelu_fast",)"
      R"("use_parallel_residual":false,"tie_word_embeddings":true,"vocab_size":512,)"
      R"("rope_parameters":{"rope_type":"default","rope_theta":10000,"partial_rotary_factor":0.25}})",
      R"({"model_type":"bloom","hidden_size":64,"n_layer":2,"n_head":8,"vocab_size":512,)"
      R"("apply_residual_connection_post_layernorm":true,"layer_norm_epsilon":1e-5})"};
}

}  // namespace bitfrontier::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bitfrontier;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const ModelConfig config = readModelConfig(parseJson(text, "fuzz", {.maxDepth = 32}), "fuzz");
    fuzz::require(config.layers > 0 && config.heads > 0 && config.hiddenSize > 0 &&
                      config.vocabSize > 0 && config.maxPositions > 0 && config.sizeOfHead() > 0,
                  "sizes are above zero");
    const std::vector<TensorSlot> slots = tensorSlots(config);
    std::set<std::string> names;
    for (const TensorSlot& slot : slots) {
      fuzz::require(names.insert(slot.name).second, "tensors have names of their own");
      for (const std::int64_t dim : slot.shape) fuzz::require(dim > 0, "no tensor is empty");
    }
    // What is written describes the same model.
    const auto written = nlohmann::json::parse(writeModelConfig(config).dump());
    const std::vector<TensorSlot> again = tensorSlots(readModelConfig(written, "written"));
    fuzz::require(again.size() == slots.size(), "a written description has the same tensors");
    for (std::size_t i = 0; i < slots.size(); ++i) {
      fuzz::require(again[i].name == slots[i].name && again[i].shape == slots[i].shape,
                    "a written description has the same shapes");
    }
  } catch (const Error&) {
    return fuzz::kRefused;
  }
  return 0;
}
