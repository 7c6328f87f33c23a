// SPDX-License-Identifier: GPL-3.0-or-later
// What the families' files may look like: names, heads, orientation, storage. Numbers are compared
// with the transformers package in reference_logits_test.cpp and under tests/peers.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/checkpoint/safetensors.h"
#include "core/model/alibi.h"
#include "core/model/architecture.h"
#include "core/model/causal_lm.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;
using Named = std::vector<std::pair<std::string, at::Tensor>>;
using nlohmann::json;

json small(const std::string& family) {
  if (family == "gpt2") {
    return {{"model_type", "gpt2"}, {"vocab_size", 40}, {"n_embd", 16},
            {"n_layer", 2},         {"n_head", 2},      {"n_positions", 24}};
  }
  if (family == "bloom") {
    return {{"model_type", "bloom"},
            {"vocab_size", 40},
            {"hidden_size", 18},
            {"n_layer", 2},
            {"n_head", 3}};
  }
  if (family == "llama" || family == "mistral" || family == "ministral" || family == "qwen2" ||
      family == "qwen3") {
    json llama = {{"model_type", family},       {"vocab_size", 40},
                  {"hidden_size", 16},          {"num_hidden_layers", 2},
                  {"num_attention_heads", 4},   {"num_key_value_heads", 2},
                  {"intermediate_size", 24},    {"max_position_embeddings", 24},
                  {"tie_word_embeddings", true}};
    if (family == "llama") {
      llama["attention_bias"] = llama["mlp_bias"] = true;
      llama["rope_scaling"] = {{"rope_type", "llama3"},
                               {"factor", 8.0},
                               {"low_freq_factor", 1.0},
                               {"high_freq_factor", 4.0},
                               {"original_max_position_embeddings", 8}};
    } else if (family == "mistral") {
      llama["sliding_window"] = 5;
    } else if (family == "ministral") {
      llama["sliding_window"] = 4;
      llama["layer_types"] = {"full_attention", "sliding_attention"};
      llama["rope_scaling"] = {{"rope_type", "yarn"},
                               {"factor", 4.0},
                               {"beta_fast", 8},
                               {"original_max_position_embeddings", 8}};
    } else if (family == "qwen3") {
      llama["head_dim"] = 6;
      llama["use_sliding_window"] = true;
      llama["sliding_window"] = 3;
      llama["max_window_layers"] = 1;
    }
    return llama;
  }
  json opt = {{"model_type", "opt"},          {"vocab_size", 40},         {"hidden_size", 16},
              {"num_hidden_layers", 2},       {"num_attention_heads", 2}, {"ffn_dim", 40},
              {"max_position_embeddings", 24}};
  if (family == "opt-post") {
    opt["do_layer_norm_before"] = false;
    opt["word_embed_proj_dim"] = 12;
  } else if (family == "opt-bare") {
    opt["enable_bias"] = false;
    opt["layer_norm_elementwise_affine"] = false;
  }
  return opt;
}

at::Tensor someTokens() { return (at::arange(18, at::kLong) * 7 % 40).view({2, 9}); }

class Families : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    at::set_num_threads(1);  // threads that meet after every small operation only wait
    static int count = 0;
    dir_ = fs::temp_directory_path() /
           ("bf_families_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    fs::create_directories(dir_);
    config_ = readModelConfig(small(GetParam()), "test");
    original_.emplace(CausalLm::initialise(config_, 5));
    tensors_ = original_->stored();
  }
  void TearDown() override { fs::remove_all(dir_); }

  CausalLm loaded(WeightMemory memory = WeightMemory::Widened) {
    writeFileAtomic(dir_ / "config.json", writeModelConfig(config_).dump());
    saveSafetensors(dir_ / "model.safetensors", tensors_);
    return CausalLm::load(dir_, DeviceId(), memory);
  }
  std::string loadError() {
    try {
      loaded();
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }
  static at::Tensor logits(const CausalLm& model) {
    return model.logits(model.hidden(someTokens()));
  }

  c10::NoGradGuard guard_;
  fs::path dir_;
  ModelConfig config_;
  std::optional<CausalLm> original_;
  Named tensors_;
};

TEST_P(Families, SavesAndLoadsTheSameModel) {
  EXPECT_TRUE(at::equal(logits(loaded()), logits(*original_)));
}

TEST_P(Families, TakesNamesWithoutBasePrefix) {
  const Architecture& architecture = architectureOf(config_.modelType, "test");
  for (auto& [name, tensor] : tensors_) name = name.substr(architecture.prefixes.front().size());
  const CausalLm model = loaded();
  EXPECT_TRUE(at::equal(logits(model), logits(*original_)));
  EXPECT_EQ(model.linears()[0].name, original_->linears()[0].name);
}

TEST_P(Families, TakesNamesBehindAWrapper) {
  const Named plain = tensors_;
  for (const std::string wrapper : {"model.", "module.", "_orig_mod.", "base_model.model.",
                                    "module._orig_mod.", "student.net."}) {
    tensors_ = plain;
    for (auto& [name, tensor] : tensors_) name = wrapper + name;
    const CausalLm model = loaded();
    EXPECT_TRUE(at::equal(logits(model), logits(*original_))) << wrapper;
    EXPECT_EQ(model.linears()[0].name, original_->linears()[0].name) << wrapper;
    ASSERT_EQ(model.config().notes.size(), 1U);
    EXPECT_NE(model.config().notes[0].find("begin with \"" + wrapper + "\""), std::string::npos);
    tensors_.emplace_back(wrapper + "lm_head.weight", plain.front().second * 2);
    EXPECT_TRUE(at::allclose(logits(loaded()), 2 * logits(*original_), 1e-5, 1e-6)) << wrapper;
    const LinearInfo& linear = original_->linears()[0];
    const std::string stranger =
        wrapper + linear.name.substr(0, linear.name.rfind('.')) + ".scales";
    tensors_.emplace_back(stranger, at::ones({4}));
    EXPECT_NE(loadError().find(stranger + " has no place"), std::string::npos) << loadError();
  }
}

TEST_P(Families, RefusesAFileOfTwoModels) {
  const Named plain = tensors_;
  tensors_.clear();
  for (const auto& [name, tensor] : plain) {
    tensors_.emplace_back("student." + name, tensor);
    tensors_.emplace_back("teacher." + name, tensor);
  }
  EXPECT_NE(loadError().find("more than one model, their names begin with student. and teacher."),
            std::string::npos)
      << loadError();
  // Beside the model itself they are not looked at.
  tensors_.insert(tensors_.end(), plain.begin(), plain.end());
  EXPECT_TRUE(at::equal(logits(loaded()), logits(*original_)));
}

TEST_P(Families, RefusesAdaptersThatAreNotMerged) {
  const std::string linear = original_->linears()[0].name;
  const std::string adapter =
      "base_model.model." + linear.substr(0, linear.rfind('.')) + ".lora_A.default.weight";
  tensors_.emplace_back(adapter, at::ones({2, 16}));
  EXPECT_NE(loadError().find(adapter + " belongs to a LoRA adapter"), std::string::npos)
      << loadError();
}

TEST_P(Families, KeepsLinearWeightsOutByIn) {
  for (const LinearInfo& linear : original_->linears()) {
    EXPECT_EQ(original_->weight(linear.name).sizes(), at::IntArrayRef({linear.out, linear.in}));
  }
  const bool conv1d = std::string(GetParam()) == "gpt2";
  const std::int64_t hidden = config_.hiddenSize;
  for (const auto& [name, tensor] : tensors_) {
    if (name.find("c_fc.weight") != std::string::npos ||
        name.find("dense_h_to_4h.weight") != std::string::npos ||
        name.find("fc1.weight") != std::string::npos) {
      EXPECT_EQ(tensor.size(conv1d ? 0 : 1), hidden) << name;
    }
  }
}

TEST_P(Families, MappedAndWidenedGiveTheSameBits) {
  for (const at::ScalarType type : {at::kHalf, at::kBFloat16}) {
    for (auto& [name, tensor] : tensors_) tensor = tensor.to(type);
    const CausalLm widened = loaded(WeightMemory::Widened);
    const CausalLm mapped = loaded(WeightMemory::Mapped);
    EXPECT_EQ(widened.weight(widened.linears()[0].name).scalar_type(), at::kFloat);
    EXPECT_EQ(mapped.weight(mapped.linears()[0].name).scalar_type(), type);
    EXPECT_EQ(mapped.memory(), WeightMemory::Mapped);
    EXPECT_TRUE(at::equal(widened.hidden(someTokens()), mapped.hidden(someTokens())));
    EXPECT_TRUE(at::allclose(logits(widened), logits(mapped), 0, 1e-5));
  }
}

/// Gives a fixed tensor, as a packed weight would give what it unpacks.
class FixedSource : public WeightSource {
 public:
  explicit FixedSource(at::Tensor value) : value_(std::move(value)) {}
  void widen(const at::Tensor& out) const override { out.copy_(value_); }

 private:
  at::Tensor value_;
};

TEST_P(Families, ASourceStandsForItsWeight) {
  CausalLm direct = *original_;
  CausalLm lazy = *original_;
  for (const LinearInfo& linear : original_->linears()) {
    const at::Tensor halved = original_->weight(linear.name) * 0.5;
    direct.setWeight(linear.name, halved);
    lazy.setWeight(linear.name, std::make_shared<FixedSource>(halved));
  }
  EXPECT_TRUE(at::equal(logits(direct), logits(lazy)));
  for (const LinearInfo& linear : original_->linears()) {
    lazy.setWeight(linear.name, original_->weight(linear.name));
  }
  EXPECT_TRUE(at::equal(logits(*original_), logits(lazy)));
  EXPECT_THROW(lazy.setWeight(tensors_[0].first, std::make_shared<FixedSource>(at::Tensor())),
               Error);
}

TEST_P(Families, TiedHeadsFollowTheFile) {
  ASSERT_TRUE(config_.tiedHead);
  const at::Tensor embedding = tensors_.front().second;
  const auto headless = tensors_;
  tensors_.emplace_back("lm_head.weight", embedding.clone());
  EXPECT_TRUE(loaded().config().tiedHead);  // an equal head
  tensors_.back().second = embedding * 2;   // one of its own
  EXPECT_FALSE(loaded().config().tiedHead);
  EXPECT_TRUE(at::allclose(logits(loaded()), 2 * logits(*original_), 1e-5, 1e-6));
  tensors_ = headless;
  tensors_.front().first = "lm_head.weight";  // the head alone serves as both
  EXPECT_TRUE(at::equal(logits(loaded()), logits(*original_)));
  config_.tiedHead = false;
  tensors_ = headless;
  EXPECT_NE(loadError().find("lm_head.weight is missing"), std::string::npos);
}

TEST_P(Families, RefusesWhatItWouldIgnore) {
  const LinearInfo& linear = original_->linears()[0];
  const std::string name = linear.name.substr(0, linear.name.rfind('.')) + ".scales";
  tensors_.emplace_back(name, at::ones({4}));
  EXPECT_NE(loadError().find(name + " has no place"), std::string::npos) << loadError();
}

TEST_P(Families, NamesAWeightThatIsNotFinite) {
  tensors_[2].second = tensors_[2].second.clone();
  tensors_[2].second.flatten()[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NE(loadError().find(tensors_[2].first + " holds nan at element 3"), std::string::npos)
      << loadError();
}

TEST_P(Families, RefusesQuantizedCheckpoints) {
  json config = small(GetParam());
  config["quantization_config"] = {{"quant_method", "gptq"}};
  EXPECT_THROW(readModelConfig(config, "test"), Error);
  for (const json& empty : {json::object(), json{{"quant_method", ""}}, json{{"bits", 4}},
                            json{{"quant_method", nullptr}}}) {
    config["quantization_config"] = empty;
    try {
      readModelConfig(config, "config.json");
      ADD_FAILURE() << empty;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("quantization_config has no quant_method"),
                std::string::npos)
          << error.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Families,
                         ::testing::Values("gpt2", "opt", "opt-post", "opt-bare", "bloom", "llama",
                                           "mistral", "ministral", "qwen2", "qwen3"),
                         [](const auto& family) {
                           std::string name = family.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(Buffers, OfOldFilesAreIgnored) {
  c10::NoGradGuard guard;
  const fs::path dir = fs::temp_directory_path() / ("bf_buffers_" + std::to_string(::getpid()));
  fs::create_directories(dir);
  const ModelConfig config = readModelConfig(small("gpt2"), "test");
  const CausalLm model = CausalLm::initialise(config, 1);
  Named tensors = model.stored();
  tensors.emplace_back("transformer.h.0.attn.bias", at::ones({1, 1, 24, 24}, at::kByte));
  tensors.emplace_back("transformer.h.1.attn.masked_bias", at::full({}, -1e4));
  writeFileAtomic(dir / "config.json", writeModelConfig(config).dump());
  saveSafetensors(dir / "model.safetensors", tensors);
  EXPECT_TRUE(at::equal(CausalLm::load(dir).hidden(someTokens()), model.hidden(someTokens())));
  fs::remove_all(dir);
}

TEST(SlidingWindow, HidesWhatIsFartherBack) {
  c10::NoGradGuard guard;
  json config = small("mistral");
  config["num_hidden_layers"] = 1;
  const CausalLm model = CausalLm::initialise(readModelConfig(config, "test"), 2);
  at::Tensor tokens = someTokens();
  const at::Tensor before = model.hidden(tokens);
  tokens.select(1, 2).fill_(1);
  const at::Tensor after = model.hidden(tokens);
  // Seen by positions 2 to 6 with a window of 5.
  const at::Tensor changed = (before - after).abs().amax(std::vector<std::int64_t>{0, 2}) > 1e-5;
  EXPECT_TRUE(at::equal(changed, at::tensor({0, 0, 1, 1, 1, 1, 1, 0, 0}).to(at::kBool)));
}

TEST(SlidingWindow, OfMinistralIsInTheLayersThatAreNamed) {
  const auto windows = [](const json& change) {
    json config = small("ministral");
    config.update(change);
    return readModelConfig(config, "test").slidingWindows;
  };
  EXPECT_EQ(windows(json::object()), (std::vector<std::int64_t>{0, 4}));
  EXPECT_EQ(windows({{"layer_types", nullptr}}), (std::vector<std::int64_t>{4, 4}));
  json bare = small("ministral");
  bare.erase("sliding_window");
  EXPECT_EQ(readModelConfig(bare, "test").slidingWindows, (std::vector<std::int64_t>{0, 4096}));
  EXPECT_EQ(windows({{"layer_types", nullptr}, {"sliding_window", nullptr}}),
            std::vector<std::int64_t>{});
  // A Mistral that has them is a Ministral, as for transformers' AutoConfig.
  json mistral = small("mistral");
  mistral["layer_types"] = {"full_attention", "sliding_attention"};
  const ModelConfig config = readModelConfig(mistral, "test");
  EXPECT_EQ(config.modelType, "ministral");
  EXPECT_EQ(config.slidingWindows, (std::vector<std::int64_t>{0, 5}));
  EXPECT_TRUE(config.notes.empty());
}

TEST(LlamaStyle, RefusesOptionsByName) {
  const auto error = [](const char* family, const char* key, const json& value) -> std::string {
    json config = small(family);
    config[key] = value;
    try {
      readModelConfig(config, "config.json");
    } catch (const Error& e) {
      return e.what();
    }
    return {};
  };
  const json longrope = {{"rope_type", "longrope"}, {"factor", 4.0}};
  EXPECT_NE(error("llama", "rope_scaling", longrope).find("\"longrope\" is not supported"),
            std::string::npos);
  EXPECT_NE(error("llama", "rope_scaling", {{"type", "linear"}}).find("without a factor"),
            std::string::npos);
  EXPECT_NE(error("llama", "partial_rotary_factor", 0.5).find("partial_rotary_factor 0.5"),
            std::string::npos);
  EXPECT_NE(error("ministral", "layer_types", {"full_attention", "chunked_attention"})
                .find("\"chunked_attention\" is not supported"),
            std::string::npos);
  EXPECT_NE(error("qwen3", "layer_types", {"full_attention", "chunked_attention"})
                .find("\"chunked_attention\" is not supported"),
            std::string::npos);
  EXPECT_NE(error("qwen3", "layer_types", json::array({"full_attention"})).find("names 1 layers"),
            std::string::npos);
  EXPECT_NE(error("qwen2", "num_key_value_heads", 3).find("num_key_value_heads 3"),
            std::string::npos);
  EXPECT_NE(error("mistral", "hidden_act", "xielu").find("\"xielu\""), std::string::npos);
  EXPECT_NE(error("mistral", "sliding_window", 0).find("sliding_window"), std::string::npos);
  EXPECT_EQ(readModelConfig({{"model_type", "mistral"}}, "x").slidingWindows[31], 4096);
  EXPECT_TRUE(readModelConfig({{"model_type", "mistral"}, {"sliding_window", nullptr}}, "x")
                  .slidingWindows.empty());
}

// The pocket models' files were written by writeModelConfig.
TEST(Families, WhatIsWrittenIsWhatWasRead) {
  for (const char* family : {"gpt2", "opt", "neox", "bloom"}) {
    const fs::path path = fs::path(BITFRONTIER_SOURCE_DIR) / "resources/pocket" /
                          ("pocket-" + std::string(family) + "-2") / "config.json";
    const json stored = json::parse(readFile(path));
    const json written = json::parse(writeModelConfig(readModelConfig(stored, path)).dump());
    EXPECT_EQ(written, stored);
  }
  for (const char* family : {"llama", "mistral", "ministral", "qwen2", "qwen3"}) {
    const ModelConfig config = readModelConfig(small(family), "config.json");
    const json written = json::parse(writeModelConfig(config).dump());
    EXPECT_EQ(written["model_type"], family);
    const std::string name = written["architectures"][0];
    EXPECT_TRUE(name.ends_with("ForCausalLM")) << name;
    EXPECT_EQ(json::parse(writeModelConfig(readModelConfig(written, "written")).dump()), written);
  }
}

TEST(Alibi, SlopesForAnyNumberOfHeads) {
  const auto slopes = [](std::int64_t heads) {
    const at::Tensor tensor = alibiSlopes(heads);
    return std::vector<float>(tensor.const_data_ptr<float>(),
                              tensor.const_data_ptr<float>() + heads);
  };
  EXPECT_EQ(slopes(1), (std::vector<float>{1.0F / 256}));
  EXPECT_EQ(slopes(3), (std::vector<float>{1.0F / 16, 1.0F / 256, 0.25F}));
  EXPECT_EQ(slopes(8), (std::vector<float>{0.5F, 0.25F, 0.125F, 0.0625F, 1.0F / 32, 1.0F / 64,
                                           1.0F / 128, 1.0F / 256}));
  // Press et al.: beyond a power of two, every other slope of the next one.
  const auto twelve = slopes(12);
  EXPECT_FLOAT_EQ(twelve[8], std::sqrt(0.5F));
  EXPECT_FLOAT_EQ(twelve[11], std::pow(0.5F, 3.5F));
}

TEST(Alibi, ScoresGrowByTheSlopePerKey) {
  c10::NoGradGuard guard;
  at::Tensor q = at::zeros({1, 2, 5, 4});
  at::Tensor k = at::zeros({1, 2, 5, 4});
  at::Tensor v = at::ones({1, 2, 5, 4});
  addAlibi(q, k, v, alibiSlopes(2), 0.5);
  const at::Tensor scores = 0.5 * at::matmul(q, k.transpose(-1, -2));
  EXPECT_NEAR((scores[0][0][3][4] - scores[0][0][3][1]).item<double>(), 3.0 / 16, 1e-6);
  EXPECT_NEAR((scores[0][1][0][4] - scores[0][1][0][3]).item<double>(), 1.0 / 256, 1e-7);
  EXPECT_EQ(v.size(-1), 5);
}

}  // namespace
}  // namespace bitfrontier
