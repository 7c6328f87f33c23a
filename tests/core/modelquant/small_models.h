// SPDX-License-Identifier: GPL-3.0-or-later
// Random models of some ten thousand weights, one of each shape of decoder layer, with an input
// channel that is louder than the others.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/checkpoint/safetensors.h"
#include "core/model/architecture.h"
#include "core/model/causal_lm.h"
#include "tests/core/sweep/tiny_model.h"

namespace bitfrontier::test {

inline const std::vector<std::string> kSmallFamilies = {"gpt_neox", "gpt2", "opt", "bloom",
                                                        "llama"};

inline nlohmann::json smallConfig(const std::string& family) {
  if (family == "gpt2")
    return {{"model_type", "gpt2"}, {"vocab_size", 257}, {"n_embd", 32},     {"n_layer", 2},
            {"n_head", 2},          {"n_inner", 96},     {"n_positions", 64}};
  if (family == "opt")
    return {{"model_type", "opt"},           {"vocab_size", 257},        {"hidden_size", 32},
            {"num_hidden_layers", 2},        {"num_attention_heads", 2}, {"ffn_dim", 96},
            {"max_position_embeddings", 64}, {"word_embed_proj_dim", 16}};
  if (family == "bloom")
    return {{"model_type", "bloom"},
            {"vocab_size", 257},
            {"hidden_size", 32},
            {"n_layer", 2},
            {"n_head", 2}};
  if (family == "llama")
    return {{"model_type", "llama"},    {"vocab_size", 257},
            {"hidden_size", 32},        {"num_hidden_layers", 2},
            {"num_attention_heads", 4}, {"num_key_value_heads", 2},
            {"intermediate_size", 80},  {"max_position_embeddings", 64},
            {"rms_norm_eps", 1e-5},     {"tie_word_embeddings", false}};
  return {
      {"model_type", "gpt_neox"},      {"vocab_size", 257},        {"hidden_size", 32},
      {"num_hidden_layers", 2},        {"num_attention_heads", 2}, {"intermediate_size", 96},
      {"max_position_embeddings", 64}, {"rotary_pct", 0.5},        {"tie_word_embeddings", false}};
}

inline CausalLm smallModel(const std::string& family, std::uint64_t seed = 3) {
  return CausalLm::initialise(readModelConfig(smallConfig(family), "test"), seed);
}

/// fp16 weights, config.json and a tokenizer of bytes.
inline std::filesystem::path writeSmallModel(const std::filesystem::path& dir,
                                             const std::string& family) {
  const CausalLm model = smallModel(family);
  std::filesystem::create_directories(dir);
  std::vector<std::pair<std::string, at::Tensor>> tensors;
  for (const auto& [name, tensor] : model.stored())
    tensors.emplace_back(name,
                         (tensor.dim() == 2 ? tensor * 3 : tensor).to(at::kHalf).contiguous());
  saveSafetensors(dir / "model.safetensors", tensors);
  writeText(dir / "config.json", smallConfig(family).dump());
  writeText(dir / "tokenizer.json", byteTokenizer());
  return dir;
}

inline at::Tensor someTokens(std::int64_t sequences = 6, std::int64_t length = 32,
                             std::uint64_t seed = 5) {
  at::Generator generator = at::globalContext().defaultGenerator(at::kCPU).clone();
  generator.set_current_seed(seed);
  return at::randint(1, 257, {sequences, length}, generator, at::kLong);
}

inline at::Tensor logProbabilities(const CausalLm& model, const at::Tensor& tokens) {
  return at::log_softmax(model.logits(model.hidden(tokens)), -1);
}

}  // namespace bitfrontier::test
