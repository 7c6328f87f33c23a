// SPDX-License-Identifier: GPL-3.0-or-later
// Every axis against its definition written down plainly: the OCP and NVFP4 formats, QLoRA's double
// quantization, signed maxima, means, rows, outlier columns, scale search.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/quant/outliers.h"
#include "core/quant/quantize.h"
#include "kernels/codebook.h"
#include "kernels/registry.h"
#include "tests/core/quant/unpacked_codes.h"

namespace bitfrontier {
namespace {

at::Tensor normals(at::IntArrayRef shape, double scale = 0.02, std::uint64_t seed = 7) {
  at::Generator generator = at::globalContext().defaultGenerator(at::kCPU).clone();
  generator.set_current_seed(seed);
  return at::randn(shape, generator) * scale;
}

at::Tensor roundTrip(const at::Tensor& weight, const std::string& spec,
                     const QuantizeOptions& options = {}) {
  return quantizeDequantize(weight, QuantConfig::parse(spec), kernelsFor("cpu"), at::kFloat,
                            options);
}

double nearest(double x, const std::vector<double>& values) {
  double best = values.front();
  for (const double value : values)
    if (std::abs(value - x) < std::abs(best - x)) best = value;
  return best;
}

/// Both signs of the values of an element format.
std::vector<double> elements(std::vector<double> positive) {
  const std::size_t count = positive.size();
  for (std::size_t i = 0; i < count; ++i) positive.push_back(-positive[i]);
  positive.push_back(0);
  return positive;
}

/// E<e>M<m> with the given bias, all patterns up to `largest`.
std::vector<double> floatElements(int exponentBits, int mantissaBits, int bias, double largest) {
  std::vector<double> values;
  for (int e = 0; e < 1 << exponentBits; ++e)
    for (int m = 0; m < 1 << mantissaBits; ++m) {
      const double fraction = m * std::exp2(-mantissaBits);
      const double value =
          e == 0 ? fraction * std::exp2(1 - bias) : (1 + fraction) * std::exp2(e - bias);
      if (value > 0 && value <= largest) values.push_back(value);
    }
  return elements(values);
}

TEST(Axes, OcpMicroscalingIsItsAlgorithm) {
  // OCP MX 1.0, section 6.3: X = 2^(floor(log2(max)) - emax), P_i = quantize(V_i / X), saturating.
  struct Format {
    const char* spec;
    std::vector<double> values;
    int emax;
  };
  std::vector<double> int8;
  for (int i = 1; i <= 127; ++i) int8.push_back(i / 64.0);
  const std::vector<Format> formats = {{"mxfp4", floatElements(2, 1, 1, 6), 2},
                                       {"mxfp6e3m2", floatElements(3, 2, 3, 28), 4},
                                       {"mxfp6e2m3", floatElements(2, 3, 1, 7.5), 2},
                                       {"mxfp8e4m3", floatElements(4, 3, 7, 448), 8},
                                       {"mxfp8e5m2", floatElements(5, 2, 15, 57344), 15},
                                       {"mxint8", elements(int8), 0}};
  const at::Tensor weight = normals({96, 32}, 1.0);
  for (const Format& format : formats) {
    const at::Tensor result = roundTrip(weight, format.spec);
    for (int block = 0; block < 96; ++block) {
      const at::Tensor values = weight[block];
      const double largest = values.abs().max().item<double>();
      const double scale = std::exp2(std::floor(std::log2(largest)) - format.emax);
      for (int i = 0; i < 32; ++i) {
        const double x = values[i].item<double>() / scale;
        const double expected = nearest(x, format.values);
        const double got = result[block][i].item<double>() / scale;
        // A value within rounding of a midpoint may go either way.
        if (std::abs(std::abs(x - expected) - std::abs(x - got)) < 1e-6) continue;
        EXPECT_DOUBLE_EQ(got, expected) << format.spec << " block " << block << " value " << i;
      }
    }
  }
}

TEST(Axes, Nvfp4IsItsAlgorithm) {
  // fp32 tensor scale = max / (6 * 448), E4M3 block scale = blockmax / 6 / tensor scale, E2M1.
  const std::vector<double> e2m1 = floatElements(2, 1, 1, 6);
  const std::vector<double> e4m3 = floatElements(4, 3, 7, 448);
  const at::Tensor weight = normals({64, 16}, 0.5);
  const at::Tensor result = roundTrip(weight, "nvfp4");
  const double tensorScale = weight.abs().max().item<double>() / (6 * 448);
  for (int block = 0; block < 64; ++block) {
    const double largest = weight[block].abs().max().item<double>();
    const double scale = nearest(largest / 6 / tensorScale, e4m3) * tensorScale;
    for (int i = 0; i < 16; ++i) {
      const double x = weight[block][i].item<double>();
      const double got = result[block][i].item<double>();
      EXPECT_NEAR(std::abs(x - got), std::abs(x - scale * nearest(x / scale, e2m1)), 1e-6 * scale);
    }
  }
}

TEST(Axes, DoubleQuantizationIsQloras) {
  // 300 blocks of 64: constants in fp32, mean off, blocks of 256, dynamic 8-bit table; codes from
  // the constants before they were quantized (bitsandbytes, quantize_4bit with
  // compress_statistics).
  const at::Tensor weight = normals({300, 64});
  const at::Tensor result = roundTrip(weight, "nf4-b64-sdq");
  const std::vector<float> nf4 = normalFloatCodebook(4);
  const std::vector<float> dynamic = dynamicCodebook(8);
  const at::Tensor constants = std::get<0>(weight.abs().max(1));
  const double offset = constants.to(at::kDouble).mean().item<double>();
  for (int block = 0; block < 300; ++block) {
    const int from = block / 256 * 256;
    const at::Tensor group = constants.slice(0, from, std::min(300, from + 256)) - offset;
    const double scale = group.abs().max().item<double>();
    const double c = constants[block].item<double>();
    const double stored =
        scale * nearest((c - offset) / scale, {dynamic.begin(), dynamic.end()}) + offset;
    EXPECT_NEAR(stored, c, scale * 0.01);
    for (int i = 0; i < 64; ++i) {
      const double x = weight[block][i].item<double>();
      const double expected = stored * nearest(x / c, {nf4.begin(), nf4.end()});
      EXPECT_NEAR(result[block][i].item<double>(), expected, 2e-6 * c) << block << ' ' << i;
    }
  }
  const QuantizedTensor tensor =
      quantize(weight, QuantConfig::parse("nf4-b64-sdq"), kernelsFor("cpu"));
  // 4 + 8/64 bits a weight, 32 for each of 2 groups, 32 for the mean.
  EXPECT_EQ(tensor.storedBits(), 300 * 64 * 4 + 300 * 8 + 2 * 32 + 32);
}

TEST(Axes, DoubleQuantizationOfFourMillionWeightsCostsTheEighthOfABit) {
  const QuantizedTensor tensor = quantize(at::ones({2048, 2048}).to(at::kHalf),
                                          QuantConfig::parse("nf4-b64-sdq"), kernelsFor("cpu"));
  EXPECT_NEAR(static_cast<double>(tensor.storedBits()) / (2048.0 * 2048) - 4, 0.127, 5e-4);
}

TEST(Axes, ConstantsInThreeFormats) {
  const at::Tensor weight = normals({10, 64});
  for (const auto& [suffix, type] :
       {std::pair{"-sfp32", at::kFloat}, {"", at::kHalf}, {"-sbf16", at::kBFloat16}}) {
    const QuantizedTensor tensor =
        quantize(weight, QuantConfig::parse(std::string("int4-b64") + suffix), kernelsFor("cpu"));
    EXPECT_TRUE(at::equal(tensor.constants, std::get<0>(weight.abs().max(1)).to(type))) << suffix;
  }
}

TEST(Axes, SignedMaximumIsAlwaysPlusOne) {
  at::Tensor weight = normals({20, 64});
  const QuantizedTensor tensor =
      quantize(weight, QuantConfig::parse("nf4-b64-sfp32-signed"), kernelsFor("cpu"));
  const at::Tensor codes = test::unpackedCodes(tensor).view({20, 64});
  const at::Tensor at = weight.abs().argmax(1);
  for (int block = 0; block < 20; ++block) {
    const auto largest = weight[block][at[block]].item<float>();
    EXPECT_EQ(tensor.constants[block].item<float>(), largest);
    EXPECT_EQ(codes[block][at[block]].item<int>(), 15);  // the code of 1, never that of -1
    EXPECT_EQ(dequantize(tensor, at::kFloat)[block][at[block]].item<float>(), largest);
  }
}

TEST(Axes, MeansAreTakenOffAndAddedAgain) {
  const at::Tensor weight = normals({8, 64}, 0.01) + 3.0;
  const at::Tensor zeroMean = weight - weight.mean();
  // On values far from zero plain rounding is coarse, centered rounding as good as around zero.
  const double plain = (roundTrip(weight, "int4-b64") - weight).abs().max().item<double>();
  const double around = (roundTrip(zeroMean, "int4-b64") - zeroMean).abs().max().item<double>();
  for (const char* spec : {"int4-b64-mean", "int4-b64-bmean"}) {
    const double centered = (roundTrip(weight, spec) - weight).abs().max().item<double>();
    EXPECT_LT(centered, 1.7 * around + 0x1p-10) << spec;
    EXPECT_LT(centered, plain / 10) << spec;
  }
  // Blocks with means of their own need means of their own.
  at::Tensor steps = normals({8, 64}, 0.01);
  for (int block = 0; block < 8; ++block) steps[block] += block;
  const auto worst = [&](const char* spec) {
    return (roundTrip(steps, spec) - steps).abs().max().item<double>();
  };
  EXPECT_LT(worst("int4-b64-bmean"), 0.012);
  EXPECT_GT(worst("int4-b64-mean"), 3 * worst("int4-b64-bmean"));
  const QuantizedTensor tensor =
      quantize(steps, QuantConfig::parse("int4-b64-bmean"), kernelsFor("cpu"));
  EXPECT_EQ(tensor.storedBits(), 512 * 4 + 8 * 16 + 8 * 16);
  EXPECT_TRUE(at::equal(tensor.means, steps.mean(1).to(at::kHalf)));
}

TEST(Axes, BlocksWithinRowsAndWholeRows) {
  // Rows of 24: blocks of 16 and 8.
  at::Tensor weight = at::full({2, 24}, 0.25);
  weight[0][20] = 1.0;
  const QuantizedTensor rows = quantize(weight, QuantConfig::parse("int8-b16r"), kernelsFor("cpu"));
  EXPECT_TRUE(at::equal(rows.constants.to(at::kFloat), at::tensor({0.25F, 1.0F, 0.25F, 0.25F})));
  const QuantizedTensor row = quantize(weight, QuantConfig::parse("int8-row"), kernelsFor("cpu"));
  EXPECT_TRUE(at::equal(row.constants.to(at::kFloat), at::tensor({1.0F, 0.25F})));
  // Where rows are whole blocks, there is no difference.
  const at::Tensor even = normals({16, 128});
  EXPECT_TRUE(at::equal(roundTrip(even, "nf3-b64r"), roundTrip(even, "nf3-b64")));
  EXPECT_TRUE(at::equal(roundTrip(even, "nf3-row"), roundTrip(even, "nf3-b128")));
}

TEST(Axes, OutlierColumnsStayAsTheyAre) {
  at::Tensor weight = normals({50, 100});
  for (const int column : {3, 77}) weight.select(1, column).mul_(30);
  const at::Tensor own = roundTrip(weight, "int3-b64-oc2");
  for (int column = 0; column < 100; ++column) {
    const bool outlier = column == 3 || column == 77;
    const at::Tensor exact = weight.select(1, column).to(at::kHalf).to(at::kFloat);
    EXPECT_EQ(at::equal(own.select(1, column), exact), outlier) << column;
  }
  // The others are quantized as if the outliers were not there.
  at::Tensor rest =
      at::cat({weight.slice(1, 0, 3), weight.slice(1, 4, 77), weight.slice(1, 78)}, 1);
  const at::Tensor alone = roundTrip(rest.contiguous(), "int3-b64");
  EXPECT_TRUE(at::equal(own.slice(1, 0, 3), alone.slice(1, 0, 3)));
  EXPECT_TRUE(at::equal(own.slice(1, 78), alone.slice(1, 76)));

  // The paper's rule: what the previous layer's units say.
  at::Tensor previous = normals({100, 40});
  for (const int unit : {10, 55}) previous[unit].mul_(20);
  QuantizeOptions options;
  options.previousDeviations = unitDeviations(previous);
  const QuantizedTensor tensor =
      quantize(weight, QuantConfig::parse("int3-b64-o2"), kernelsFor("cpu"), options);
  EXPECT_TRUE(at::equal(tensor.outlierColumns, at::tensor({10, 55}, at::kInt)));
  // p (16 - k): two columns of 50 in fp16, their indices in 32 bit.
  EXPECT_EQ(tensor.storedBits(), (50 * 98 * 3 + 7) / 8 * 8 + 77 * 16 + 2 * 50 * 16 + 2 * 32);
  EXPECT_THROW(quantize(weight, QuantConfig::parse("int3-b64-o2"), kernelsFor("cpu")), Error);
  options.previousDeviations = unitDeviations(previous.slice(0, 0, 99));
  EXPECT_THROW(quantize(weight, QuantConfig::parse("int3-b64-o2"), kernelsFor("cpu"), options),
               Error);
}

TEST(Axes, DeviationsAreThoseOfTheDefinition) {
  const at::Tensor weight = normals({7000, 331}, 1.0);
  EXPECT_TRUE(at::allclose(columnDeviations(weight), weight.to(at::kDouble).std(0), 1e-9));
  EXPECT_TRUE(at::allclose(unitDeviations(weight), weight.to(at::kDouble).std(1), 1e-9));
  EXPECT_TRUE(at::equal(largestIndices(at::tensor({1.0, 5.0, 2.0, 5.0, 0.0}), 3),
                        at::tensor({1, 2, 3}, at::kLong)));
}

/// Least squared error of a block over 20,000 constants, in fp64.
double exhaustive(const at::Tensor& block, const std::vector<float>& table,
                  const std::vector<double>& weights) {
  const double largest = block.abs().max().item<double>();
  const auto* x = block.const_data_ptr<float>();
  double best = std::numeric_limits<double>::infinity();
  for (int i = 1; i <= 20000; ++i) {
    const double c = largest * i / 16000;
    double error = 0;
    for (std::int64_t j = 0; j < block.numel(); ++j) {
      const double y = c * nearest(x[j] / c, {table.begin(), table.end()});
      error += weights[static_cast<std::size_t>(j)] * (x[j] - y) * (x[j] - y);
    }
    best = std::min(best, error);
  }
  return best;
}

TEST(Axes, ScaleSearchComesCloseToTheBestConstant) {
  const at::Tensor weight = normals({6, 32}, 0.02, 3);
  for (const char* type : {"int3", "nf3", "int4"}) {
    const std::string spec = std::string(type) + "-b32-sfp32";
    const std::vector<float> table = codebookFor(QuantConfig::parse(spec));
    const at::Tensor plain = (roundTrip(weight, spec) - weight).square().sum(1);
    const at::Tensor searched = (roundTrip(weight, spec + "-mse") - weight).square().sum(1);
    for (int block = 0; block < 6; ++block) {
      const double best = exhaustive(weight[block], table, std::vector<double>(32, 1.0));
      EXPECT_LE(searched[block].item<double>(), plain[block].item<double>() * (1 + 1e-6));
      EXPECT_LE(searched[block].item<double>(), best * 1.03) << spec << ' ' << block;
    }
  }
}

TEST(Axes, WeightedSearchMindsTheWeights) {
  const at::Tensor weight = normals({4, 32}, 0.02, 5);
  std::vector<double> squares(32, 0.01);
  for (const std::size_t loud : {2, 9, 30}) squares[loud] = 25;
  InputStatistics inputs;
  inputs.moments = at::diag(at::tensor(squares, at::kDouble));
  inputs.magnitudes = inputs.moments.diagonal().sqrt();
  QuantizeOptions options;
  options.inputs = &inputs;
  const std::vector<float> table = codebookFor(QuantConfig::parse("int3-b32-sfp32"));
  const at::Tensor column = at::tensor(squares, at::kFloat);
  const auto error = [&](const at::Tensor& result) {
    return ((result - weight).square() * column).sum(1);
  };
  const at::Tensor plain = error(roundTrip(weight, "int3-b32-sfp32-mse"));
  const at::Tensor weighted = error(roundTrip(weight, "int3-b32-sfp32-wmse", options));
  for (int block = 0; block < 4; ++block) {
    const double best = exhaustive(weight[block], table, squares);
    EXPECT_LE(weighted[block].item<double>(), plain[block].item<double>() * (1 + 1e-6));
    EXPECT_LE(weighted[block].item<double>(), best * 1.25 + 1e-9) << block;
  }
  EXPECT_THROW(roundTrip(weight, "int3-b32-wmse"), Error);
}

TEST(Axes, ScaleSearchOverPowersOfTwo) {
  const at::Tensor weight = normals({50, 32});
  const at::Tensor plain = (roundTrip(weight, "mxfp4") - weight).square().sum(1);
  const at::Tensor searched = (roundTrip(weight, "mxfp4-mse") - weight).square().sum(1);
  EXPECT_TRUE((searched <= plain * (1 + 1e-6)).all().item<bool>());
  EXPECT_LT(searched.sum().item<double>(), plain.sum().item<double>());
}

TEST(Axes, LearnedTablesBeatAllOthers) {
  const at::Tensor weight = normals({256, 256});
  const auto error = [&](const std::string& spec) {
    return (roundTrip(weight, spec) - weight).square().mean().item<double>();
  };
  for (const int bits : {2, 3, 4}) {
    const std::string k = std::to_string(bits);
    const double learned = error("learned" + k + "-b64");
    for (const char* type : {"int", "nf", "snf", "af", "float", "quantile", "nquantile", "dynamic"})
      EXPECT_LT(learned, error(type + k + "-b64") * 1.0001) << type << bits;
  }
}

TEST(Axes, NotFiniteWeightsAreClampedWhenAsked) {
  at::Tensor weight = normals({4, 64});
  weight[0][5] = std::numeric_limits<float>::quiet_NaN();
  weight[2][7] = -std::numeric_limits<float>::infinity();
  QuantizeOptions options;
  options.nonFinite = NonFinite::Clamp;
  std::int64_t clamped = -1;
  options.clamped = &clamped;
  at::Tensor clean = weight.clone();
  clean[0][5] = 0.0;
  clean[2][7] = -clean[2].abs().masked_fill(clean[2].isinf(), 0.0).max();
  for (const char* spec : {"int4-b64", "nf4-b64-sdq", "quantile4-b64", "int4-b64-mean", "nvfp4"}) {
    EXPECT_TRUE(at::equal(roundTrip(weight, spec, options), roundTrip(clean, spec))) << spec;
    EXPECT_EQ(clamped, 2) << spec;
    try {
      roundTrip(weight, spec);
      ADD_FAILURE() << spec;
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()), "value 5 of 256 is nan") << spec;
    }
  }
  EXPECT_TRUE(at::equal(roundTrip(clean, "int4-b64", options), roundTrip(clean, "int4-b64")));
  EXPECT_EQ(clamped, 0);
}

}  // namespace
}  // namespace bitfrontier
