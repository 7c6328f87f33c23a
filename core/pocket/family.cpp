// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pocket/family.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/model/architecture.h"
#include "core/pocket/corpus.h"

namespace bitfrontier::pocket {
namespace {

struct Size {
  std::int64_t hidden, layers, heads, tokens;
  double learningRate;
};

// 12 hidden^2 layers weights: 7k, 25k, 58k, 113k, 311k, 774k; a factor of 112.
const std::vector<Size> kNeoxSizes = {
    {24, 1, 2, 6'000'000, 8e-3},  {32, 2, 2, 7'000'000, 6e-3},  {40, 3, 2, 8'000'000, 5e-3},
    {56, 3, 2, 10'000'000, 4e-3}, {72, 5, 3, 12'000'000, 3e-3}, {96, 7, 4, 14'000'000, 2e-3},
};

// 7k, 38k, 113k, 384k weights; a factor of 56.
const std::vector<Size> kOtherSizes = {
    {24, 1, 2, 3'000'000, 8e-3},
    {40, 2, 2, 4'000'000, 6e-3},
    {56, 3, 2, 5'000'000, 5e-3},
    {80, 5, 4, 5'500'000, 3e-3},
};

nlohmann::json neoxConfig(const Size& size) {
  return {{"model_type", "gpt_neox"},
          {"hidden_size", size.hidden},
          {"num_hidden_layers", size.layers},
          {"num_attention_heads", size.heads},
          {"intermediate_size", 4 * size.hidden},
          {"max_position_embeddings", kContext},
          {"rotary_pct", 0.5}};
}

nlohmann::json gpt2Config(const Size& size) {
  return {{"model_type", "gpt2"},
          {"n_embd", size.hidden},
          {"n_layer", size.layers},
          {"n_head", size.heads},
          {"n_positions", kContext}};
}

nlohmann::json optConfig(const Size& size) {
  return {{"model_type", "opt"},
          {"hidden_size", size.hidden},
          {"num_hidden_layers", size.layers},
          {"num_attention_heads", size.heads},
          {"ffn_dim", 4 * size.hidden},
          {"max_position_embeddings", kContext}};
}

nlohmann::json bloomConfig(const Size& size) {
  return {{"model_type", "bloom"},
          {"hidden_size", size.hidden},
          {"n_layer", size.layers},
          {"n_head", size.heads},
          {"n_positions", kContext}};
}

struct Family {
  const char* name;
  nlohmann::json (*config)(const Size&);
  const std::vector<Size>& sizes;
  std::uint64_t seed;  ///< of the smallest member; the others count up
};

const Family kFamilies[] = {
    {"neox", neoxConfig, kNeoxSizes, 1000},
    {"gpt2", gpt2Config, kOtherSizes, 2000},
    {"opt", optConfig, kOtherSizes, 3000},
    {"bloom", bloomConfig, kOtherSizes, 4000},
};

}  // namespace

std::vector<std::string> pocketFamilies() {
  std::vector<std::string> names;
  for (const Family& family : kFamilies) names.emplace_back(family.name);
  return names;
}

std::vector<FamilyMember> pocketFamily(const std::string& name) {
  for (const Family& family : kFamilies) {
    if (name != family.name) continue;
    std::vector<FamilyMember> members;
    for (const Size& size : family.sizes) {
      nlohmann::json json = family.config(size);
      json["vocab_size"] = kVocabulary;
      FamilyMember member;
      member.name = fmt::format("pocket-{}-{}", name, members.size() + 1);
      member.config = readModelConfig(json, member.name);
      member.tokens = size.tokens;
      member.learningRate = size.learningRate;
      member.seed = family.seed + members.size();
      members.push_back(std::move(member));
    }
    return members;
  }
  throw Error(ErrorKind::NotFound, fmt::format("there is no pocket family \"{}\" (available: {})",
                                               name, fmt::join(pocketFamilies(), ", ")));
}

}  // namespace bitfrontier::pocket
