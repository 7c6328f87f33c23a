// SPDX-License-Identifier: GPL-3.0-or-later
// The ledger of config.json against the readers, and against the files that transformers 5.23
// writes. What transformers makes of each key is compared by tests/peers/config_keys.py.
#include "core/model/config_keys.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/model/architecture.h"
#include "tests/support/cases.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr const char* kTypes[] = {"gpt2",    "opt",       "gpt_neox", "bloom", "llama",
                                  "mistral", "ministral", "qwen2",    "qwen3"};

json described(const std::string& type) {
  json config = {{"model_type", type}, {"vocab_size", 40}};
  if (type == "gpt2" || type == "bloom") {
    config.update(
        json{{type == "gpt2" ? "n_embd" : "hidden_size", 16}, {"n_layer", 2}, {"n_head", 2}});
  } else {
    config.update(json{{"hidden_size", 16},
                       {"num_hidden_layers", 2},
                       {"num_attention_heads", 2},
                       {"max_position_embeddings", 24}});
  }
  if (type == "opt") config["ffn_dim"] = 24;
  if (type != "opt" && type != "gpt2" && type != "bloom") config["intermediate_size"] = 24;
  if (type != "opt" && type != "gpt2" && type != "bloom" && type != "gpt_neox") {
    config["num_key_value_heads"] = 2;
    config["head_dim"] = 8;
  }
  if (type == "mistral" || type == "ministral") config["sliding_window"] = 5;
  if (type == "qwen2" || type == "qwen3") {
    config.update(
        json{{"use_sliding_window", true}, {"sliding_window", 5}, {"max_window_layers", 1}});
  }
  return config;
}

/// Everything that a description holds, or the sentence that refuses it.
std::string readingOf(const json& config) {
  try {
    const ModelConfig c = readModelConfig(config, "config.json");
    json windows = c.slidingWindows;
    return fmt::format("{} {} {} {}", writeModelConfig(c).dump(), windows.dump(), c.maxPositions,
                       c.statedPositions);
  } catch (const Error& error) {
    EXPECT_NE(error.kind(), ErrorKind::Format) << error.what();
    return error.what();
  }
}

/// Another value of the right kind for each key that is obeyed.
const std::map<std::string, json>& otherValues() {
  static const std::map<std::string, json> values = {
      {"_remove_final_layer_norm", true},
      {"activation_function", "tanh"},
      {"apply_residual_connection_post_layernorm", true},
      {"attention_bias", json()},  // the other one than without
      {"do_layer_norm_before", false},
      {"enable_bias", false},
      {"ffn_dim", 32},
      {"head_dim", 4},
      {"hidden_act", "tanh"},
      {"hidden_size", 32},
      {"intermediate_size", 32},
      {"layer_norm_elementwise_affine", false},
      {"layer_norm_eps", 0.5},
      {"layer_norm_epsilon", 0.5},
      {"layer_types", {"sliding_attention", "full_attention"}},
      {"max_position_embeddings", 12},
      {"max_window_layers", 0},
      {"mlp_bias", true},
      {"n_ctx", 12},
      {"n_embd", 32},
      {"n_embed", 32},
      {"n_head", 4},
      {"n_inner", 7},
      {"n_layer", 3},
      {"n_positions", 12},
      {"num_attention_heads", 4},
      {"num_hidden_layers", 3},
      {"num_key_value_heads", 1},
      {"original_max_position_embeddings", 7},
      {"partial_rotary_factor", 0.5},
      {"quantization_config", {{"quant_method", "gptq"}}},
      {"rms_norm_eps", 0.5},
      {"rope_parameters", {{"rope_theta", 77.0}, {"rope_type", "default"}}},
      {"rope_scaling", {{"factor", 2.0}, {"rope_type", "linear"}}},
      {"rope_theta", 77.0},
      {"rotary_emb_base", 77.0},
      {"rotary_pct", 0.5},
      {"scale_attn_by_inverse_layer_idx", true},
      {"scale_attn_weights", false},
      {"sliding_window", 3},
      {"tie_word_embeddings", json()},
      {"use_parallel_residual", false},
      {"use_sliding_window", false},
      {"vocab_size", 41},
      {"word_embed_proj_dim", 8},
  };
  return values;
}

TEST(ConfigKeys, AnObeyedKeyChangesTheDescription) {
  for (const std::string type : kTypes) {
    const json plain = described(type);
    const std::string before = readingOf(plain);
    for (const std::string_view name : keysUsed(type, KeyUse::Obeyed)) {
      if (name == "model_type") continue;
      const std::string key(name);
      SCOPED_TRACE(type + " " + key);
      const auto other = otherValues().find(key);
      ASSERT_NE(other, otherValues().end()) << "the test has no value for it";
      json config = plain;
      if (key == "original_max_position_embeddings") {
        config["rope_scaling"] = {{"rope_type", "yarn"}, {"factor", 2.0}};
        const std::string yarn = readingOf(config);
        config[key] = other->second;
        EXPECT_NE(readingOf(config), yarn);
        continue;
      }
      if (key == "partial_rotary_factor") {  // refused where transformers fails, else noted
        config["rope_scaling"] = {{"rope_type", "linear"}, {"factor", 2.0}};
        config[key] = other->second;
        EXPECT_THAT(readingOf(config), HasSubstr("partial_rotary_factor 0.5"));
        continue;
      }
      if (other->second.is_null()) {
        config[key] = true;
        const std::string on = readingOf(config);
        config[key] = false;
        EXPECT_NE(readingOf(config), on);
        continue;
      }
      config[key] = other->second;
      EXPECT_NE(readingOf(config), before);
    }
  }
}

TEST(ConfigKeys, AKeyWithoutEffectChangesNothingAndIsNotNoted) {
  for (const std::string type : kTypes) {
    const std::string before = readingOf(described(type));
    for (const std::string_view key : keysUsed(type, KeyUse::NoEffect)) {
      for (const json& value : {json(3), json(0.25), json("odd"), json(true), json({{"a", 1}})}) {
        json config = described(type);
        config[std::string(key)] = value;
        EXPECT_EQ(readingOf(config), before) << type << " " << key;
        EXPECT_THAT(readModelConfig(config, "x").notes, IsEmpty()) << type << " " << key;
      }
    }
  }
}

TEST(ConfigKeys, ARefusedKeyIsNamedWithItsValue) {
  const std::map<std::string, std::pair<json, std::vector<json>>> cases = {
      // harmless, and what is refused
      {"is_causal", {true, {false, nullptr, 0}}},
      {"per_layer_config", {json::object(), {{{"0", {{"intermediate_size", 8}}}}}}},
      {"pruned_heads", {json::object(), {{{"0", {1}}}}}},
      {"transformers_weights", {nullptr, {"other.safetensors"}}},
      {"add_cross_attention", {false, {true}}},
      {"is_encoder_decoder", {false, {true}}},
      {"text_config", {nullptr, {{{"hidden_size", 8}}}}},
      {"text_encoder", {nullptr, {{{"hidden_size", 8}}}}},
      {"decoder", {nullptr, {{{"hidden_size", 8}}}}},
      {"generator", {nullptr, {{{"hidden_size", 8}}}}},
      {"fusion_config", {nullptr, {{{"a", true}}}}},
      {"compression_config", {nullptr, {{{"format", "int-quantized"}}}}},
      {"quantization", {nullptr, {{{"bits", 4}, {"group_size", 64}}}}},
  };
  EXPECT_EQ(cases.size(), keysUsed("llama", KeyUse::Refused).size());
  for (const std::string type : kTypes) {
    const std::string before = readingOf(described(type));
    for (const auto& [key, values] : cases) {
      json config = described(type);
      config[key] = values.first;
      EXPECT_EQ(readingOf(config), before) << type << " " << key;
      for (const json& bad : values.second) {
        config[key] = bad;
        const std::string reading = readingOf(config);
        EXPECT_THAT(reading, HasSubstr("config.json: " + key + " ")) << type;
        EXPECT_THAT(reading, HasSubstr("is not supported")) << type;
      }
    }
  }
}

TEST(ConfigKeys, UnknownOnesAreNamedInANote) {
  json config = described("gpt2");
  config["intermediate_size"] = 64;
  config["residual_multiplier"] = 0.2;
  config["logits_scaling"] = nullptr;
  config["use_mup"] = false;
  const ModelConfig read = readModelConfig(config, "config.json");
  EXPECT_EQ(read.intermediateSize, 64 - 64 + 4 * 16) << "n_inner alone counts";
  ASSERT_EQ(read.notes.size(), 1U);
  EXPECT_EQ(read.notes[0],
            "config.json: intermediate_size, residual_multiplier are not used for model_type "
            "\"gpt2\"");
  EXPECT_THAT(readModelConfig(described("llama"), "x").notes, IsEmpty());
  // Other people's text does not write to the terminal, nor without end.
  json odd = described("llama");
  odd["\x1b[2J"] = 1;
  EXPECT_THAT(readModelConfig(odd, "x").notes[0], HasSubstr("\\x1b[2J is not used"));
  for (int i = 0; i < 1000; ++i) odd["key" + std::to_string(i)] = 1;
  EXPECT_THAT(readModelConfig(odd, "x").notes[0], HasSubstr(" and 989 more are not used"));
  odd[std::string(100'000, 'k')] = 1;
  EXPECT_LT(readModelConfig(odd, "x").notes[0].size(), 2100U);
}

TEST(ConfigKeys, OfTwoNamesTheOneCountsThatCountsInTransformers) {
  json gpt2 = described("gpt2");
  gpt2.update(json{{"hidden_size", 32},
                   {"num_hidden_layers", 3},
                   {"num_attention_heads", 4},
                   {"n_positions", 9},
                   {"max_position_embeddings", 11}});
  const ModelConfig a = readModelConfig(gpt2, "x");
  EXPECT_EQ(a.hiddenSize, 32);
  EXPECT_EQ(a.layers, 3);
  EXPECT_EQ(a.heads, 4);
  EXPECT_EQ(a.maxPositions, 11);
  json bloom = described("bloom");
  bloom.update(json{{"n_embed", 32}, {"num_hidden_layers", 3}, {"num_attention_heads", 4}});
  const ModelConfig b = readModelConfig(bloom, "x");
  EXPECT_EQ(b.hiddenSize, 32);
  EXPECT_EQ(b.layers, 3);
  EXPECT_EQ(b.heads, 4);
  json neox = described("gpt_neox");
  neox.update(json{{"rope_theta", 77.0}, {"partial_rotary_factor", 0.5}, {"rotary_pct", 1.0}});
  const ModelConfig c = readModelConfig(neox, "x");
  EXPECT_EQ(c.rotaryBase, 10000.0) << "a NeoX has rotary_emb_base";
  EXPECT_EQ(c.rotaryFraction, 1.0);
  neox["rotary_emb_base"] = 99.0;
  EXPECT_EQ(readModelConfig(neox, "x").rotaryBase, 99.0);
  json llama = described("llama");
  llama["rotary_emb_base"] = 99.0;
  EXPECT_EQ(readModelConfig(llama, "x").rotaryBase, 10000.0);
}

/// Files that transformers 5.23 wrote; returns how many of them are of a type that is opened.
int checkWritten(const std::vector<fs::path>& files) {
  int read = 0;
  for (const fs::path& file : files) {
    const json config = json::parse(readFile(file));
    const std::string type = config.at("model_type");
    if (std::ranges::find(kTypes, type) == std::end(kTypes)) continue;
    for (const auto& [key, value] : config.items()) {
      EXPECT_TRUE(keyUse(type, key).has_value()) << file << ": " << key;
    }
    const ModelConfig model = readModelConfig(config, file.string());
    // Options that transformers writes and does not use.
    const bool noted =
        file.filename() == "llama-partial.json" || file.filename() == "llama-dynamic-orig.json";
    EXPECT_EQ(model.notes.size(), noted ? 1U : 0U) << file;
    ++read;
  }
  return read;
}

TEST(ConfigKeys, TheFilesThatTransformersWritesHaveNoUnknownKey) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(test::treeCases() / "models")) {
    files.push_back(entry.path() / "safetensors" / "config.json");
  }
  EXPECT_GE(checkWritten(files), 15);
}

TEST(ConfigKeys, TheReferenceFilesHaveNoUnknownKey) {
  const fs::path dir = test::casesDir() / "configs-transformers-5.23";
  if (!fs::exists(dir)) GTEST_SKIP() << test::kNoCases;
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(dir)) files.push_back(entry.path());
  EXPECT_GE(checkWritten(files), 20);
}

}  // namespace
}  // namespace bitfrontier
