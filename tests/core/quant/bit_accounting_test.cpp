// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/bit_accounting.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

/// Shapes of a GPT-NeoX model with an untied head.
std::vector<TensorCount> neox(std::int64_t layers, std::int64_t width, std::int64_t vocabulary) {
  std::vector<TensorCount> tensors = {{"embed_in", ParameterRole::Embedding, vocabulary * width},
                                      {"embed_out", ParameterRole::Embedding, vocabulary * width},
                                      {"final_norm", ParameterRole::Other, 2 * width}};
  for (std::int64_t layer = 0; layer < layers; ++layer) {
    tensors.push_back({"query_key_value", ParameterRole::Linear, 3 * width * width});
    tensors.push_back({"dense", ParameterRole::Linear, width * width});
    tensors.push_back({"h_to_4h", ParameterRole::Linear, 4 * width * width});
    tensors.push_back({"4h_to_h", ParameterRole::Linear, 4 * width * width});
    tensors.push_back({"biases and norms", ParameterRole::Other, 13 * width});
  }
  return tensors;
}

TEST(TensorBits, HandArithmetic) {
  const QuantConfig int4 = QuantConfig::parse("int4-b64");
  EXPECT_EQ(tensorBits(64, int4), 64 * 4 + 16);
  EXPECT_EQ(tensorBits(65, int4), 33 * 8 + 2 * 16);  // whole bytes and constants
  EXPECT_EQ(tensorBits(0, int4), 0);
  EXPECT_EQ(tensorBits(1000, QuantConfig::parse("int3-tensor")), 3000 + 16);
  EXPECT_EQ(tensorBits(1000, QuantConfig::fp16()), 16000);
  EXPECT_EQ(tensorBits(1024, QuantConfig::parse("quantile4-b64")), 4096 + 16 * 16 + 16 * 16);
  EXPECT_EQ(tensorBits(1024, QuantConfig::parse("quantile4-b64"), TableCounting::Ignored),
            4096 + 16 * 16);
  EXPECT_THROW(tensorBits(-1, int4), Error);
}

TEST(TotalModelBits, ThreeRules) {
  const std::vector<TensorCount> tensors = {{"w", ParameterRole::Linear, 128},
                                            {"e", ParameterRole::Embedding, 100},
                                            {"b", ParameterRole::Other, 10}};
  const QuantConfig config = QuantConfig::parse("int4-b64");
  const double linear = 128 * 4 + 2 * 16;
  EXPECT_EQ(totalModelBits(tensors, config, CountingRule::LinearOnly), linear);
  EXPECT_EQ(totalModelBits(tensors, config, CountingRule::CheckpointBytes), linear + 110 * 16);
  EXPECT_EQ(totalModelBits(tensors, config, CountingRule::AllParameters),
            linear + 100 * 4 + 2 * 16 + 10 * 4 + 16);
  for (const CountingRule rule : {CountingRule::AllParameters, CountingRule::CheckpointBytes})
    EXPECT_EQ(totalModelBits(tensors, QuantConfig::fp16(), rule), 238 * 16);
}

TEST(TotalModelBits, EmbeddingsAndHeadWhereTheyAreQuantized) {
  const std::vector<TensorCount> tensors = {{"w", ParameterRole::Linear, 64 * 64, 64},
                                            {"e", ParameterRole::Embedding, 640, 64},
                                            {"h", ParameterRole::Head, 320, 64},
                                            {"b", ParameterRole::Other, 10}};
  const auto bits = [&](const char* spec) {
    return totalModelBits(tensors, QuantConfig::parse(spec), CountingRule::CheckpointBytes);
  };
  const double linear = 64 * 64 * 4 + 64 * 16;
  EXPECT_EQ(bits("int4-b64"), linear + (640 + 320 + 10) * 16);
  EXPECT_EQ(bits("int4-b64-emb"), linear + (640 * 4 + 10 * 16) + (320 + 10) * 16);
  EXPECT_EQ(bits("int4-b64-head"), linear + 640 * 16 + (320 * 4 + 5 * 16) + 10 * 16);
  // Outliers and AWQ's scales are for linear layers: one column of 64, in 63 x 64 codes the rest.
  EXPECT_EQ(bits("int4-b64-oc2-emb") - bits("int4-b64-oc2"),
            bits("int4-b64-emb") - bits("int4-b64"));
  EXPECT_EQ(bits("int4-b64-oc2"), 63 * 64 * 4 + 63 * 16 + 64 * 16 + 32 + (640 + 320 + 10) * 16);
  // A tied head is the embedding.
  const std::vector<TensorCount> tied = {{"e", ParameterRole::Embedding, 640, 64, true}};
  EXPECT_EQ(
      totalModelBits(tied, QuantConfig::parse("int4-b64-head"), CountingRule::CheckpointBytes),
      640 * 4 + 10 * 16);
}

TEST(TotalModelBits, ListAndCountsAgreeOnWholeBlocks) {
  const std::vector<TensorCount> tensors = neox(4, 128, 2048);
  const ParameterCounts counts = countParameters(tensors);
  EXPECT_EQ(counts.linear, 4 * 12 * 128 * 128);
  EXPECT_EQ(counts.embedding, 2 * 2048 * 128);
  EXPECT_EQ(counts.other, 2 * 128 + 4 * 13 * 128);
  for (const char* spec : {"int3-b64", "float4-b128", "dynamic8-b32", "fp16"}) {
    const QuantConfig config = QuantConfig::parse(spec);
    for (const CountingRule rule :
         {CountingRule::LinearOnly, CountingRule::AllParameters, CountingRule::CheckpointBytes})
      EXPECT_DOUBLE_EQ(totalModelBits(tensors, config, rule), totalModelBits(counts, config, rule));
  }
}

TEST(TotalModelBits, SixteenBitEmbeddingsWeighOnSmallModels) {
  // Pythia-70M at 4 bits, block 64, embeddings and head at 16 bits:
  // (18.87 M * 4.25 + 51.51 M * 16) / 70.4 M = 12.85 bits a parameter.
  const std::vector<TensorCount> tensors = neox(6, 512, 50304);
  const ParameterCounts counts = countParameters(tensors);
  const auto all = static_cast<double>(counts.linear + counts.embedding + counts.other);
  EXPECT_NEAR(all, 70.4e6, 0.1e6);
  EXPECT_NEAR(
      totalModelBits(tensors, QuantConfig::parse("float4-b64"), CountingRule::CheckpointBytes) /
          all,
      12.85, 0.005);
}

TEST(CountingRule, NamesReadBack) {
  for (const CountingRule rule :
       {CountingRule::LinearOnly, CountingRule::AllParameters, CountingRule::CheckpointBytes})
    EXPECT_EQ(findCountingRule(countingRuleName(rule)), rule);
  EXPECT_EQ(findCountingRule("bytes"), std::nullopt);
  EXPECT_EQ(countingRuleName(CountingRule::LinearOnly), "linear");
}

TEST(CountingRule, EachHasItsTotal) {
  const ModelBits bits{1, 2, 3};
  EXPECT_EQ(bits.at(CountingRule::LinearOnly), 1);
  EXPECT_EQ(bits.at(CountingRule::AllParameters), 2);
  EXPECT_EQ(bits.at(CountingRule::CheckpointBytes), 3);
}

}  // namespace
}  // namespace bitfrontier
