// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/bit_breakdown.h"

#include <gtest/gtest.h>

#include "core/quant/bit_accounting.h"

namespace bitfrontier {
namespace {

double amountOf(const BitBreakdown& bits, BitUse use) {
  for (const BitBreakdown::Part& part : bits.parts) {
    if (part.use == use) return part.bits;
  }
  return 0;
}

constexpr double kLinear = 64 * 1024, kAll = 72 * 1024;

/// The bits of real tensors: one of 64 x 1,024 weights and an embedding.
ModelBits exactBits(const std::string& spec) {
  const QuantConfig config = QuantConfig::parse(spec);
  const std::vector<TensorCount> tensors{
      {"layer", ParameterRole::Linear, 64 * 1024, 1024, false},
      {"embedding", ParameterRole::Embedding, 8 * 1024, 1024, false}};
  return {totalModelBits(tensors, config, CountingRule::LinearOnly),
          totalModelBits(tensors, config, CountingRule::AllParameters),
          totalModelBits(tensors, config, CountingRule::CheckpointBytes)};
}

BitBreakdown breakdownOf(const std::string& spec) {
  return bitBreakdown(spec, exactBits(spec), kAll, kLinear);
}

// By hand: 65,536 weights; 4-bit codes, an fp16 constant for each 64, the embedding at 16 bit.
TEST(BitBreakdown, PartsAreThoseOfTheStoredTensors) {
  const BitBreakdown bits = breakdownOf("int4-b64");
  EXPECT_EQ(amountOf(bits, BitUse::Codes), 4. * 65536);
  EXPECT_EQ(amountOf(bits, BitUse::Scales), 16. * 1024);
  EXPECT_EQ(amountOf(bits, BitUse::Rest), 16. * 8192);
  EXPECT_EQ(bits.perWeight, 4.25);
  EXPECT_NEAR(bits.perParameter(), (4.25 * 65536 + 16. * 8192) / (72 * 1024), 1e-12);
}

// Whatever the configuration, the parts are all there is.
TEST(BitBreakdown, PartsAddUpToTheCheckpoint) {
  for (const char* spec : {"fp16", "int4-b64", "int3-b64-o2", "nf4-b64-sdq", "int4-b64-bmean",
                           "quantile4-b1024", "int8-row", "int4-tensor", "mxfp4"}) {
    const BitBreakdown bits = breakdownOf(spec);
    double sum = 0;
    for (const BitBreakdown::Part& part : bits.parts) {
      EXPECT_GT(part.bits, 0) << spec;
      sum += part.bits;
    }
    EXPECT_NEAR(sum, exactBits(spec).checkpointBytes, 1e-6 * sum) << spec;
    EXPECT_TRUE(bits.problem.empty()) << spec;
  }
}

TEST(BitBreakdown, PublishedNumbersHaveNone) {
  EXPECT_NE(bitBreakdown("int4-b64", exactBits("int4-b64"), kAll, 0).problem, "");
  // A method of others: only the two totals are known.
  const BitBreakdown foreign = bitBreakdown("squeeze", exactBits("int4-b64"), kAll, kLinear);
  EXPECT_EQ(foreign.parts.size(), 2u);
  EXPECT_NE(foreign.problem.find("squeeze"), std::string::npos);
}

}  // namespace
}  // namespace bitfrontier
