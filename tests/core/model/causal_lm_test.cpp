// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/causal_lm.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/safetensors.h"
#include "core/model/architecture.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

ModelConfig smallConfig() {
  ModelConfig config;
  config.modelType = "gpt_neox";
  config.vocabSize = 40;
  config.hiddenSize = 16;
  config.layers = 2;
  config.heads = 2;
  config.intermediateSize = 64;
  config.maxPositions = 24;
  config.rotaryFraction = 0.5;
  return config;
}

at::Tensor someTokens(std::int64_t batch, std::int64_t time) {
  return (at::arange(batch * time, at::kLong) * 7 % 40).view({batch, time});
}

TEST(CausalLm, LooksOnlyBackwards) {
  c10::NoGradGuard guard;
  const CausalLm model = CausalLm::initialise(smallConfig(), 3);
  const at::Tensor tokens = someTokens(2, 12);
  at::Tensor changed = tokens.clone();
  changed.select(1, 8).fill_(39);
  const at::Tensor before = model.hidden(tokens);
  const at::Tensor after = model.hidden(changed);
  EXPECT_TRUE(at::allclose(before.narrow(1, 0, 8), after.narrow(1, 0, 8), 0, 1e-6));
  EXPECT_FALSE(at::allclose(before.select(1, 8), after.select(1, 8), 0, 1e-3));
}

TEST(CausalLm, SequentialResidualDiffersFromParallel) {
  c10::NoGradGuard guard;
  ModelConfig config = smallConfig();
  const CausalLm parallel = CausalLm::initialise(config, 3);
  config.block = BlockOrder::Sequential;
  const CausalLm sequential = CausalLm::initialise(config, 3);
  const at::Tensor tokens = someTokens(1, 6);
  EXPECT_FALSE(at::allclose(parallel.hidden(tokens), sequential.hidden(tokens), 0, 1e-3));
}

TEST(CausalLm, CountsItsParameters) {
  const CausalLm model = CausalLm::initialise(smallConfig(), 1);
  const ParameterSummary counts = model.parameters();
  EXPECT_EQ(counts.linear, 2 * 12 * 16 * 16);
  EXPECT_EQ(counts.embedding, 2 * 40 * 16);
  EXPECT_EQ(counts.other, 2 * (4 * 16 + 3 * 16 + 16 + 64 + 16) + 2 * 16);
  std::int64_t total = 0;
  for (const auto& [name, tensor] : model.named()) total += tensor.numel();
  EXPECT_EQ(counts.total(), total);
  EXPECT_EQ(model.linears().size(), 8U);
}

TEST(CausalLm, ReplacesWeights) {
  c10::NoGradGuard guard;
  CausalLm model = CausalLm::initialise(smallConfig(), 1);
  const at::Tensor tokens = someTokens(1, 5);
  const at::Tensor before = model.hidden(tokens);
  const LinearInfo& linear = model.linears()[1];
  model.setWeight(linear.name, at::zeros({linear.out, linear.in}));
  EXPECT_FALSE(at::allclose(before, model.hidden(tokens)));
  EXPECT_THROW(model.setWeight(linear.name, at::zeros({3, 3})), Error);
  EXPECT_THROW(model.setWeight("no.such.weight", at::zeros({3, 3})), Error);
}

TEST(CausalLm, RefusesTooLongInput) {
  const CausalLm model = CausalLm::initialise(smallConfig(), 1);
  EXPECT_THROW(model.hidden(someTokens(1, 25)), Error);
}

/// A checkpoint folder on disk, to be damaged.
class CausalLmFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    dir_ = fs::temp_directory_path() / ("bf_causal_lm_" + std::to_string(::getpid()));
    fs::create_directories(dir_);
    json_ = writeModelConfig(smallConfig());
    const CausalLm model = CausalLm::initialise(smallConfig(), 5);
    tensors_ = model.named();
  }
  void TearDown() override { fs::remove_all(dir_); }

  std::string loadError() {
    writeFileAtomic(dir_ / "config.json", json_.dump());
    saveSafetensors(dir_ / "model.safetensors", tensors_);
    try {
      CausalLm::load(dir_);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }

  fs::path dir_;
  nlohmann::ordered_json json_;
  std::vector<std::pair<std::string, at::Tensor>> tensors_;
};

TEST_F(CausalLmFiles, SavesAndLoadsTheSameModel) {
  c10::NoGradGuard guard;
  EXPECT_EQ(loadError(), "");
  const CausalLm loaded = CausalLm::load(dir_);
  const CausalLm original = CausalLm::initialise(smallConfig(), 5);
  const at::Tensor tokens = someTokens(2, 9);
  EXPECT_TRUE(at::equal(loaded.hidden(tokens), original.hidden(tokens)));
}

TEST_F(CausalLmFiles, NamesWhatIsWrong) {
  const auto good = tensors_;
  tensors_.pop_back();
  EXPECT_NE(loadError().find("embed_out.weight is missing"), std::string::npos) << loadError();
  tensors_ = good;
  tensors_[0].second = at::zeros({41, 16});
  EXPECT_NE(loadError().find("[41, 16], config.json asks for [40, 16]"), std::string::npos)
      << loadError();
  tensors_ = good;
  tensors_[0].second = at::zeros({40, 16}, at::kInt);
  EXPECT_NE(loadError().find("type Int, not 16, 32 or 64 bit floating point"), std::string::npos)
      << loadError();
}

TEST_F(CausalLmFiles, RefusesUnsupportedConfigurations) {
  const auto good = json_;
  const auto errorWith = [&](const char* key, const nlohmann::ordered_json& value) {
    json_ = good;
    json_[key] = value;
    return loadError();
  };
  EXPECT_NE(errorWith("model_type", "mamba").find("\"mamba\" is not supported"), std::string::npos);
  EXPECT_NE(errorWith("hidden_act", "prelu").find("\"prelu\" is not supported"), std::string::npos);
  EXPECT_NE(errorWith("num_attention_heads", 3).find("not a multiple"), std::string::npos);
  EXPECT_NE(errorWith("num_attention_heads", 0).find("num_attention_heads"), std::string::npos);
  EXPECT_NE(errorWith("hidden_size", "16").find("hidden_size"), std::string::npos);
  EXPECT_NE(errorWith("rotary_pct", 0.0).find("rotary_pct"), std::string::npos);
  EXPECT_NE(errorWith("num_hidden_layers", 1000000).find("num_hidden_layers"), std::string::npos);
}

}  // namespace
}  // namespace bitfrontier
