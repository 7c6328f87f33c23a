// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quantize.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/quant/bit_accounting.h"
#include "kernels/codebook.h"
#include "kernels/registry.h"
#include "tests/core/quant/unpacked_codes.h"
#include "tests/kernels/quantile_codebook.h"

namespace bitfrontier {
namespace {

at::Tensor normals(at::IntArrayRef shape, double scale = 0.02, std::uint64_t seed = 7) {
  at::Generator generator = at::globalContext().defaultGenerator(at::kCPU).clone();
  generator.set_current_seed(seed);
  return at::randn(shape, generator) * scale;
}

at::Tensor roundTrip(const at::Tensor& weight, const std::string& spec,
                     at::ScalarType type = at::kFloat) {
  return quantizeDequantize(weight, QuantConfig::parse(spec), referenceKernels(), type);
}

double meanSquare(const at::Tensor& x) { return x.to(at::kDouble).square().mean().item<double>(); }

std::string errorOf(const at::Tensor& weight, const std::string& spec) {
  try {
    roundTrip(weight, spec);
  } catch (const Error& error) {
    return std::string(errorKindName(error.kind())) + ": " + error.what();
  }
  return "";
}

const std::vector<std::string> kSpecs = {
    "int2-b16",     "int3-tensor",    "int4-b64",      "int8-b4096",      "float3-b64",
    "float4-b64",   "float4e2m1-b32", "float8-b1024",  "float8e7m0-b64",  "dynamic3-b1024",
    "dynamic8-b64", "quantile2-b64",  "quantile4-b64", "quantile8-tensor"};

const std::vector<std::string> kLaterSpecs = {"nf4-b64",
                                              "snf3-b32",
                                              "af4-b64",
                                              "learned3-b64",
                                              "nquantile4-b64",
                                              "fp4-b64",
                                              "mxfp4",
                                              "mxfp6e2m3",
                                              "mxfp8e4m3",
                                              "mxint8",
                                              "nvfp4",
                                              "int4-b64r",
                                              "int3-row",
                                              "nf4-b64-sfp32",
                                              "nf4-b64-sbf16",
                                              "nf4-b64-sdq",
                                              "int4-b64-mean",
                                              "nf3-b32-bmean",
                                              "int4-b64-signed",
                                              "int3-b64-mse",
                                              "int3-b32-sdq-bmean",
                                              "nf4-b16r-sdq",
                                              "dynamic3-b128-sdq-mean"};

TEST(Quantize, StoredFormAndRoundTripAgree) {
  const at::Tensor weight = normals({37, 53});
  std::vector<std::string> specs = kSpecs;
  specs.insert(specs.end(), kLaterSpecs.begin(), kLaterSpecs.end());
  for (const std::string& spec : specs) {
    const QuantConfig config = QuantConfig::parse(spec);
    for (const at::ScalarType input : {at::kFloat, at::kHalf, at::kBFloat16}) {
      const at::Tensor typed = weight.to(input);
      const QuantizedTensor stored = quantize(typed, config, referenceKernels());
      EXPECT_EQ(stored.config, config);
      EXPECT_EQ(stored.shape, (std::vector<std::int64_t>{37, 53}));
      EXPECT_EQ(stored.codes.numel(), (37 * 53 * config.bits + 7) / 8);
      EXPECT_EQ(test::unpackedCodes(stored).numel(), 37 * 53);
      EXPECT_EQ(stored.storedBits(), tensorBits({37, 53}, config));
      for (const at::ScalarType output : {at::kFloat, at::kHalf, at::kBFloat16}) {
        const at::Tensor once = quantizeDequantize(typed, config, referenceKernels(), output);
        EXPECT_EQ(once.scalar_type(), output);
        EXPECT_TRUE(at::equal(once, dequantize(stored, output))) << spec;
      }
    }
  }
}

TEST(Quantize, BlocksRunAcrossRows) {
  // Two rows of 24: block 16 takes the end of row 0 together with the start of row 1.
  at::Tensor weight = at::full({2, 24}, 0.25);
  weight[1][7] = 1.0;
  const QuantizedTensor stored =
      quantize(weight, QuantConfig::parse("int8-b16"), referenceKernels());
  ASSERT_EQ(stored.constants.numel(), 3);
  EXPECT_EQ(stored.constants[0].item<float>(), 0.25F);
  EXPECT_EQ(stored.constants[1].item<float>(), 1.0F);
  EXPECT_EQ(stored.constants[2].item<float>(), 0.25F);
  EXPECT_NE(dequantize(stored, at::kFloat)[0][20].item<float>(), 0.25F);
  EXPECT_EQ(dequantize(stored, at::kFloat)[0][0].item<float>(), 0.25F);
}

TEST(Quantize, TransposedWeightsAreReadInLogicalOrder) {
  const at::Tensor weight = normals({40, 30});
  for (const char* spec : {"int4-b64", "fp16"})
    EXPECT_TRUE(at::equal(roundTrip(weight.t(), spec), roundTrip(weight.t().contiguous(), spec)));
}

TEST(Quantize, TablesWithBothEndsAreIdempotent) {
  const at::Tensor weight = normals({61, 67});
  for (const char* spec : {"int3-b64", "int4-b16", "int8-tensor", "float3-b64", "float4-b1024",
                           "float4e2m1-b64", "float8-b64", "float8e1m6-b64", "float8e6m1-b32"}) {
    for (const double scale : {1.0, 1e-3, 1e5}) {
      const at::Tensor once = roundTrip(weight * scale, spec);
      EXPECT_TRUE(at::equal(roundTrip(once, spec), once)) << spec << " at " << scale;
    }
  }
  const at::Tensor half = roundTrip(weight, "fp16");
  EXPECT_TRUE(at::equal(roundTrip(half, "fp16"), half));
}

TEST(Quantize, ErrorStaysWithinHalfAGap) {
  const at::Tensor weight = normals({64, 64});
  for (const std::string& spec : kSpecs) {
    const QuantConfig config = QuantConfig::parse(spec);
    const QuantizedTensor stored = quantize(weight, config, referenceKernels());
    const std::vector<float>& table = stored.codebook;
    // Largest distance from a value in [-1, 1], or the rounded-up maximum, to the table.
    double gap = std::max(1.0 - table.back(), 1.0 + table.front());
    for (std::size_t i = 0; i + 1 < table.size(); ++i)
      gap = std::max(gap, (static_cast<double>(table[i + 1]) - table[i]) / 2);
    const std::int64_t block = config.blockSize == 0 ? 64 * 64 : config.blockSize;
    const at::Tensor constants = stored.constants.to(at::kFloat).repeat_interleave(block);
    const at::Tensor error =
        (weight - dequantize(stored, at::kFloat)).flatten().abs() / constants.slice(0, 0, 64 * 64);
    EXPECT_LE(error.max().item<double>(), gap + 0x1p-10) << spec;
  }
}

TEST(Quantize, ErrorFallsWithBitsAndWithSmallerBlocks) {
  const at::Tensor weight = normals({512, 128});
  for (const std::string type : {"int", "dynamic", "quantile"}) {
    for (const std::string block : {"-b32", "-b64", "-b1024", "-tensor"}) {
      double previous = std::numeric_limits<double>::infinity();
      for (int bits = 2; bits <= 8; ++bits) {
        const double error =
            meanSquare(weight - roundTrip(weight, type + std::to_string(bits) + block));
        EXPECT_LT(error, previous) << type << bits << block;
        previous = error;
      }
    }
  }
  double previous = 0.0;
  for (const char* spec : {"int4-b16", "int4-b64", "int4-b256", "int4-b1024", "int4-tensor"}) {
    const double error = meanSquare(weight - roundTrip(weight, spec));
    EXPECT_GT(error, previous) << spec;
    previous = error;
  }
}

TEST(Quantize, EdgeShapesAndMagnitudes) {
  for (const std::string& spec : kSpecs) {
    EXPECT_TRUE(at::equal(roundTrip(at::zeros({5, 20}), spec), at::zeros({5, 20}))) << spec;
    EXPECT_EQ(roundTrip(normals({17}), spec).sizes(), at::IntArrayRef({17}));
    EXPECT_TRUE(at::isfinite(roundTrip(normals({100}, 1e30), spec)).all().item<bool>()) << spec;
    EXPECT_TRUE(at::isfinite(roundTrip(normals({100}, 1e-7), spec)).all().item<bool>()) << spec;
    EXPECT_EQ(roundTrip(normals({100}, 1e-30), spec).count_nonzero().item<std::int64_t>(), 0);
  }
  // A last block of one value keeps that value, rounded to fp16.
  const at::Tensor weight = normals({65});
  EXPECT_EQ(roundTrip(weight, "int4-b64")[64].item<float>(),
            weight[64].to(at::kHalf).item<float>());
  // A scalar tensor is one block.
  EXPECT_EQ(roundTrip(at::scalar_tensor(0.5), "int4-b64").item<float>(), 0.5F);
}

TEST(Quantize, NeverWritesToTheWeight) {
  const at::Tensor weight = normals({300});
  const at::Tensor before = weight.clone();
  for (const char* spec : {"int4-b64", "fp16"}) {
    const at::Tensor result = roundTrip(weight, spec);
    EXPECT_FALSE(result.is_alias_of(weight));
    EXPECT_TRUE(at::equal(weight, before));
  }
  const at::Tensor half = weight.to(at::kHalf);
  EXPECT_FALSE(roundTrip(half, "fp16", at::kHalf).is_alias_of(half));
}

TEST(Quantize, ThreadsDoNotChangeTheResult) {
  const at::Tensor weight = normals({1024, 700});
  const int threads = at::get_num_threads();
  for (const char* spec : {"int4-b64", "quantile4-b1024", "dynamic5-tensor"}) {
    at::set_num_threads(1);
    const at::Tensor one = roundTrip(weight, spec);
    at::set_num_threads(2);
    EXPECT_TRUE(at::equal(roundTrip(weight, spec), one)) << spec;
  }
  at::set_num_threads(threads);
}

TEST(Quantize, NotFiniteValuesAreNamed) {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    at::Tensor weight = normals({512, 1024});
    weight.view({-1})[400000] = bad;
    weight.view({-1})[123457] = bad;
    for (const char* spec : {"int4-b64", "float8-tensor", "quantile3-b64", "fp16"}) {
      const std::string message = errorOf(weight, spec);
      EXPECT_EQ(message.rfind("Numeric: value 123457 of 524288 is ", 0), 0U) << message;
      EXPECT_NE(message.find(std::isnan(bad) ? "nan" : "inf"), std::string::npos) << message;
    }
  }
  at::Tensor large = at::ones({10});
  large[3] = 70000.0;
  EXPECT_NE(errorOf(large, "fp16").find("value 3 of 10 is 70000, too large for fp16"),
            std::string::npos);
}

TEST(Quantize, RefusesUnsuitedTensors) {
  EXPECT_NE(errorOf(at::Tensor(), "int4-b64"), "");
  EXPECT_NE(errorOf(at::empty({0, 4}), "int4-b64"), "");
  EXPECT_NE(errorOf(at::ones({4}, at::kInt), "int4-b64").find("Int"), std::string::npos);
  EXPECT_NE(errorOf(at::ones({4}, at::kDouble), "int4-b64").find("Double"), std::string::npos);
  EXPECT_THROW(quantize(at::ones({4}), QuantConfig::fp16(), referenceKernels()), Error);
  EXPECT_THROW(roundTrip(at::ones({4}), "int4-b64", at::kDouble), Error);
  QuantizedTensor damaged =
      quantize(at::ones({100}), QuantConfig::parse("int4-b16"), referenceKernels());
  damaged.constants = damaged.constants.slice(0, 0, 3);
  EXPECT_THROW(dequantize(damaged, at::kFloat), Error);
}

TEST(CodebookFor, MatchesTheTypes) {
  EXPECT_EQ(codebookFor(QuantConfig::parse("int4-b64")), intCodebook(4));
  EXPECT_EQ(codebookFor(QuantConfig::parse("float4-b64")), floatCodebook(3, 0));
  EXPECT_EQ(codebookFor(QuantConfig::parse("float4e2m1-b64")), floatCodebook(2, 1));
  EXPECT_EQ(codebookFor(QuantConfig::parse("dynamic3-b64")), dynamicCodebook(3));
  EXPECT_EQ(codebookFor(QuantConfig::parse("quantile3-b64")), normalQuantileCodebook(3));
  EXPECT_THROW(codebookFor(QuantConfig::fp16()), Error);
}

TEST(CodebookFor, QuantilesOfALargeSampleEqualTheWholeSketch) {
  // Larger than one task's share, and not a whole number of chunks.
  const at::Tensor sample = normals({300001}).contiguous();
  const std::span<const float> values(sample.const_data_ptr<float>(), 300001);
  const std::vector<float> table = codebookFor(QuantConfig::parse("quantile4-b64"), sample);
  const std::vector<float> expected = test::quantileCodebook(values, 4);
  ASSERT_EQ(table.size(), expected.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    EXPECT_NEAR(table[i], expected[i], 0x1p-11);
    EXPECT_EQ(table[i], static_cast<float>(at::Half(table[i])));  // stored as fp16
  }
}

}  // namespace
}  // namespace bitfrontier
