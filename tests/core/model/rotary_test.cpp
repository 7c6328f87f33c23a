// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/rotary.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/base/error.h"
#include "core/model/architecture.h"

namespace bitfrontier {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

json llama(const json& change) {
  json config = {
      {"model_type", "llama"},         {"vocab_size", 40},         {"hidden_size", 64},
      {"num_hidden_layers", 1},        {"num_attention_heads", 4}, {"intermediate_size", 24},
      {"max_position_embeddings", 128}};
  config.update(change);
  return config;
}

/// Frequencies and the factor on what is rotated, from the tables themselves.
std::pair<std::vector<double>, double> frequencies(const ModelConfig& config) {
  const auto [cosines, sines] = rotaryTables(config, 2, at::zeros({1}));
  const double factor = cosines[0][0].item<double>();
  std::vector<double> all;
  for (std::int64_t i = 0; i < cosines.size(1) / 2; ++i) {
    all.push_back(std::atan2(sines[1][i].item<double>(), cosines[1][i].item<double>()));
    EXPECT_NEAR(std::hypot(sines[1][i].item<double>(), cosines[1][i].item<double>()), factor, 1e-6);
  }
  return {all, factor};
}

std::string errorOf(const json& config) {
  try {
    readModelConfig(config, "config.json");
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

// Numbers of transformers 5.23.0 (LlamaRotaryEmbedding) for these options.
TEST(Rotary, YarnIsThatOfTransformers) {
  struct Case {
    json options;
    std::vector<double> frequencies;
    double factor;
  };
  const std::vector<double> plain = {1.0,          0.19764236,    0.025,         0.0079056947,
                                     0.0024999999, 0.00079056947, 0.00025000001, 7.9056947e-05};
  const Case cases[] = {{{{"rope_type", "yarn"},
                          {"factor", 4.0},
                          {"rope_theta", 10000.0},
                          {"original_max_position_embeddings", 32}},
                         plain,
                         1.138629436111989},
                        {{{"rope_type", "yarn"},
                          {"factor", nullptr},  // 128 / 32
                          {"beta_fast", 0},
                          {"beta_slow", nullptr},
                          {"mscale", 0.7},
                          {"rope_theta", 10000.0},
                          {"original_max_position_embeddings", 32}},
                         plain,
                         1.138629436111989},
                        {{{"rope_type", "yarn"},
                          {"factor", 4.0},
                          {"rope_theta", 10000.0},
                          {"original_max_position_embeddings", 32},
                          {"attention_factor", 0.9}},
                         plain,
                         0.9},
                        {{{"rope_type", "yarn"},
                          {"factor", 2.5},
                          {"rope_theta", 5000.0},
                          {"original_max_position_embeddings", 64},
                          {"beta_fast", 8.0},
                          {"beta_slow", 2.0},
                          {"truncate", false},
                          {"mscale", 0.7},
                          {"mscale_all_dim", 0.3}},
                         {1.0, 0.22200057, 0.047568284, 0.016403867, 0.0056568538, 0.0019507596,
                          0.00067271711, 0.00023198572},
                         1.0356710769585729}};
  for (const Case& one : cases) {
    for (const char* key : {"rope_parameters", "rope_scaling"}) {
      const ModelConfig config = readModelConfig(llama({{key, one.options}}), "x");
      const auto [got, factor] = frequencies(config);
      EXPECT_NEAR(factor, one.factor, 1e-6) << one.options;
      ASSERT_EQ(got.size(), one.frequencies.size());
      for (std::size_t i = 0; i < got.size(); ++i) {
        EXPECT_NEAR(got[i] / one.frequencies[i], 1.0, 2e-6) << one.options << " " << i;
      }
      EXPECT_TRUE(config.notes.empty());
    }
  }
}

TEST(Rotary, ScalingBesideParametersReplacesThem) {
  const json linear = {{"rope_type", "linear"}, {"factor", 4.0}};
  const ModelConfig both = readModelConfig(
      llama({{"rope_scaling", linear},
             {"rope_parameters", {{"rope_type", "default"}, {"rope_theta", 500000.0}}}}),
      "x");
  EXPECT_EQ(both.rotaryScaling.kind, RotaryScaling::Kind::Linear);
  EXPECT_EQ(both.rotaryScaling.factor, 4.0);
  EXPECT_EQ(both.rotaryBase, 10000.0) << "the base inside rope_parameters goes with them";
  // Without content it does not.
  for (const json& nothing : {json(nullptr), json::object()}) {
    const ModelConfig config = readModelConfig(
        llama(
            {{"rope_scaling", nothing},
             {"rope_parameters", {{"rope_type", "linear"}, {"factor", 2}, {"rope_theta", 50.0}}}}),
        "x");
    EXPECT_EQ(config.rotaryScaling.factor, 2.0);
    EXPECT_EQ(config.rotaryBase, 50.0);
  }
  // Inside it counts more than beside it.
  const ModelConfig inside = readModelConfig(
      llama({{"rope_theta", 30.0},
             {"rope_scaling", {{"type", "linear"}, {"factor", 4.0}, {"rope_theta", 20.0}}}}),
      "x");
  EXPECT_EQ(inside.rotaryBase, 20.0);
  EXPECT_EQ(
      readModelConfig(llama({{"rope_theta", 30.0}, {"rope_scaling", linear}}), "x").rotaryBase,
      30.0);
}

TEST(Rotary, OptionsThatATypeDoesNotUseAreNoted) {
  const ModelConfig config = readModelConfig(
      llama(
          {{"rope_parameters",
            {{"rope_type", "default"}, {"rope_theta", 50.0}, {"factor", 4.0}, {"beta", nullptr}}}}),
      "config.json");
  ASSERT_EQ(config.notes.size(), 1U);
  EXPECT_EQ(config.notes[0],
            "config.json: rope_parameters: rope_type \"default\" does not use factor");
}

TEST(Rotary, LlamaTurnsWholeHeads) {
  const ModelConfig config =
      readModelConfig(llama({{"partial_rotary_factor", 0.5}}), "config.json");
  EXPECT_EQ(rotaryDimensions(config), 16);
  ASSERT_EQ(config.notes.size(), 1U);
  EXPECT_THAT(config.notes[0], HasSubstr("partial_rotary_factor 0.5 is not heeded"));
  EXPECT_THAT(errorOf(llama({{"partial_rotary_factor", 0.5},
                             {"rope_scaling", {{"type", "linear"}, {"factor", 2.0}}}})),
              HasSubstr("partial_rotary_factor 0.5 is not supported"));
}

TEST(Rotary, AnOddShareTurnsOneMore) {
  json neox = llama({{"model_type", "gpt_neox"}, {"rotary_pct", 0.35}});  // 5 of 16
  const ModelConfig config = readModelConfig(neox, "x");
  EXPECT_EQ(rotaryDimensions(config), 5);
  EXPECT_EQ(rotaryTables(config, 3, at::zeros({1})).first.size(1), 6);
  neox["rotary_pct"] = 0.01;
  EXPECT_THAT(errorOf(neox), HasSubstr("rotates 0 of a head's 16 dimensions"));
}

TEST(Rotary, WhatIsMissingOrWrongIsNamed) {
  const auto error = [](const json& options) {
    return errorOf(llama({{"rope_scaling", options}}));
  };
  EXPECT_THAT(error({{"rope_type", "llama3"}, {"factor", 8.0}, {"high_freq_factor", 4.0}}),
              HasSubstr("without a low_freq_factor"));
  EXPECT_THAT(error({{"rope_type", "yarn"}}), HasSubstr("without a factor"));
  EXPECT_THAT(
      error({{"rope_type", "yarn"}, {"factor", 2.0}, {"beta_fast", 1.0}, {"beta_slow", 2.0}}),
      HasSubstr("beta_fast 1 is below beta_slow 2"));
  for (const char* type : {"longrope", "su", "mrope", "ntk", "proportional", "axial", "Linear"}) {
    EXPECT_THAT(error({{"rope_type", type}, {"factor", 2.0}}),
                HasSubstr(std::string("config.json: rope_scaling: rope_type \"") + type +
                          "\" is not supported"));
  }
  EXPECT_THAT(error({{"full_attention", {{"rope_type", "default"}}}}),
              HasSubstr("options of its own for full_attention"));
  EXPECT_THAT(error("linear"), HasSubstr("rope_scaling"));
}

}  // namespace
}  // namespace bitfrontier
