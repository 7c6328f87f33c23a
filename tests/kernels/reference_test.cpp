// SPDX-License-Identifier: GPL-3.0-or-later
// The scalar back end against searches by distance and hand-made cases.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "kernels/blocks.h"
#include "kernels/codebook.h"
#include "kernels/numerics.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

struct Encoded {
  std::vector<std::uint8_t> codes;
  std::vector<std::uint16_t> constants;
  std::int64_t firstBad = -2;
  std::int32_t status = -1;
};

bf_format formatOf(const std::vector<float>& table, std::int64_t block) {
  bf_format format{};
  format.struct_size = sizeof format;
  format.codebook = table.data();
  format.codebook_size = static_cast<std::int32_t>(table.size());
  format.block_size = block;
  format.constant_type = BF_FP16;
  return format;
}

Encoded encode(const std::vector<float>& x, std::int64_t block, const std::vector<float>& table) {
  Encoded result;
  result.codes.assign(x.size(), 255);
  result.constants.assign(static_cast<std::size_t>(blockCount(std::ssize(x), block)), 0xffff);
  bf_quantize_args args{};
  args.struct_size = sizeof args;
  args.input = x.data();
  args.count = std::ssize(x);
  const bf_format format = formatOf(table, block);
  args.format = &format;
  args.codes = result.codes.data();
  args.constants = result.constants.data();
  args.first_bad_index = &result.firstBad;
  result.status = referenceKernels().quantize(&args);
  return result;
}

std::vector<float> decode(const Encoded& encoded, std::int64_t block,
                          const std::vector<float>& table) {
  std::vector<float> output(encoded.codes.size(), -99.0F);
  bf_dequantize_args args{};
  args.struct_size = sizeof args;
  args.codes = encoded.codes.data();
  args.constants = encoded.constants.data();
  args.count = std::ssize(encoded.codes);
  const bf_format format = formatOf(table, block);
  args.format = &format;
  args.output = output.data();
  EXPECT_EQ(referenceKernels().dequantize(&args), BF_OK);
  return output;
}

bf_round_trip_args roundTripArgs(const bf_format& format, std::int64_t count) {
  bf_round_trip_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.count = count;
  return args;
}

std::vector<float> roundTrip(const std::vector<float>& x, std::int64_t block,
                             const std::vector<float>& table) {
  std::vector<float> output(x.size(), -99.0F);
  const bf_format format = formatOf(table, block);
  bf_round_trip_args args = roundTripArgs(format, std::ssize(x));
  args.input = x.data();
  args.output = output.data();
  EXPECT_EQ(referenceKernels().round_trip(&args), BF_OK);
  return output;
}

std::vector<float> normals(std::size_t count, unsigned seed, float scale = 0.02F) {
  std::mt19937 random(seed);
  std::normal_distribution<float> draw(0.0F, scale);
  std::vector<float> values(count);
  for (float& value : values) value = draw(random);
  return values;
}

std::vector<std::vector<float>> tables() {
  return {intCodebook(2),           intCodebook(3),         intCodebook(8),
          floatCodebook(3, 0),      floatCodebook(3, 1),    floatCodebook(2, 1),
          dynamicCodebook(3),       dynamicCodebook(6),     dynamicCodebook(8),
          normalFloatCodebook(4),   normalFloatCodebook(7), symmetricNormalFloatCodebook(1),
          normalQuantileCodebook(5)};
}

TEST(Reference, CodesAreTheNearestValues) {
  const std::vector<float> x = normals(1000, 1);
  for (const auto& table : tables()) {
    for (const std::int64_t block : {1, 16, 64, 333, 0}) {
      const Encoded encoded = encode(x, block, table);
      ASSERT_EQ(encoded.status, BF_OK);
      EXPECT_EQ(encoded.firstBad, -1);
      const std::int64_t run = block == 0 ? std::ssize(x) : block;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double constant = halfToFloat(encoded.constants[i / run]);
        const double y = x[i] / constant;
        double best = std::numeric_limits<double>::infinity();
        for (const float value : table) best = std::min(best, std::abs(y - value));
        ASSERT_LT(encoded.codes[i], table.size());
        // fp32 rounding of y and of midpoints may prefer the other side of a near tie.
        ASSERT_LE(std::abs(y - table[encoded.codes[i]]), best + 2e-7) << i;
      }
    }
  }
}

TEST(Reference, ConstantsAreRoundedBlockMaxima) {
  const std::vector<float> x = normals(150, 2);
  const Encoded encoded = encode(x, 64, intCodebook(4));
  ASSERT_EQ(encoded.constants.size(), 3U);
  for (std::size_t block = 0; block < 3; ++block) {
    float largest = 0.0F;
    for (std::size_t i = block * 64; i < std::min<std::size_t>(150, block * 64 + 64); ++i)
      largest = std::max(largest, std::abs(x[i]));
    EXPECT_EQ(encoded.constants[block], floatToHalf(largest));
  }
}

TEST(Reference, RoundTripIsDequantizeOfQuantize) {
  const std::vector<float> x = normals(777, 3);
  for (const auto& table : tables())
    for (const std::int64_t block : {16, 64, 0})
      EXPECT_EQ(roundTrip(x, block, table), decode(encode(x, block, table), block, table));
}

TEST(Reference, HandMadeBlock) {
  // Constant 2: y = -1, -0.5, 0.25, 1/3 of the way, and a tie between 1/7 and 2/7.
  const std::vector<float> x = {-2.0F, -1.0F, 0.5F, 0.0F};
  const Encoded encoded = encode(x, 0, floatCodebook(2, 0));
  EXPECT_EQ(encoded.constants[0], floatToHalf(2.0F));
  EXPECT_EQ(encoded.codes, (std::vector<std::uint8_t>{0, 1, 4, 3}));
  EXPECT_EQ(decode(encoded, 0, floatCodebook(2, 0)), x);
}

TEST(Reference, SymmetricTablesGiveSymmetricCodes) {
  std::vector<float> x = normals(640, 4);
  for (int i = 0; i < 64; ++i) x[i] = static_cast<float>(i - 32) / 32.0F;  // many exact ties
  std::vector<float> negative = x;
  for (float& value : negative) value = -value;
  for (const auto& table :
       {intCodebook(3), intCodebook(8), floatCodebook(3, 0), floatCodebook(2, 2)}) {
    const std::vector<float> plus = roundTrip(x, 64, table);
    const std::vector<float> minus = roundTrip(negative, 64, table);
    for (std::size_t i = 0; i < x.size(); ++i) ASSERT_EQ(plus[i], -minus[i]) << i;
  }
}

TEST(Reference, ZeroBlocksStayZero) {
  std::vector<float> x(48, 0.0F);
  x[20] = 0.5F;
  x[3] = -0.0F;
  for (const auto& table : tables()) {
    const std::vector<float> result = roundTrip(x, 16, table);
    for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(result[i], 0.0F);
    for (std::size_t i = 32; i < 48; ++i) EXPECT_EQ(result[i], 0.0F);
  }
}

TEST(Reference, BlockOfOneKeepsTheHalf) {
  const std::vector<float> x = {0.1F, -3.3F, 0.0F, 1e-5F};
  const std::vector<float> result = roundTrip(x, 1, intCodebook(4));
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_EQ(result[i], halfToFloat(floatToHalf(x[i])));
}

TEST(Reference, HugeValuesSaturateAndTinyOnesVanish) {
  const std::vector<float> huge = {1e30F, -3e38F, 0.0F, 65504.0F};
  EXPECT_EQ(roundTrip(huge, 4, intCodebook(8)),
            (std::vector<float>{65504.0F, -65504.0F, 0.0F, 65504.0F}));
  const std::vector<float> tiny = {1e-30F, -1e-44F, 1e-9F, 0.0F};
  EXPECT_EQ(roundTrip(tiny, 4, intCodebook(8)), std::vector<float>(4, 0.0F));
  // Within fp16's subnormals the constant is coarse, yet never off by more than half a step.
  const std::vector<float> small = {1e-6F, -5e-7F};
  const std::vector<float> result = roundTrip(small, 2, intCodebook(8));
  for (std::size_t i = 0; i < 2; ++i) EXPECT_NEAR(result[i], small[i], 0x1p-25 + 1e-6 / 254);
}

TEST(Reference, ReportsTheFirstValueThatIsNotFinite) {
  for (const float bad :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
        -std::numeric_limits<float>::infinity()}) {
    std::vector<float> x = normals(300, 5);
    x[137] = bad;
    x[299] = bad;
    for (const std::int64_t block : {16, 64, 0}) {
      const Encoded encoded = encode(x, block, intCodebook(4));
      EXPECT_EQ(encoded.status, BF_NOT_FINITE);
      EXPECT_EQ(encoded.firstBad, 137);
      EXPECT_NE(std::string(referenceKernels().last_error()).find("137"), std::string::npos);
    }
  }
}

TEST(Reference, SixteenBitInputsAndOutputs) {
  const std::vector<float> wide = normals(200, 6);
  std::vector<std::uint16_t> half(200), bfloat(200), output(200);
  std::vector<float> fromHalf(200), fromBfloat(200);
  for (std::size_t i = 0; i < 200; ++i) {
    half[i] = floatToHalf(wide[i]);
    bfloat[i] = floatToBfloat(wide[i]);
    fromHalf[i] = halfToFloat(half[i]);
    fromBfloat[i] = bfloatToFloat(bfloat[i]);
  }
  const std::vector<float> table = normalFloatCodebook(4);
  const bf_format format = formatOf(table, 64);
  bf_round_trip_args args = roundTripArgs(format, 200);
  args.input = half.data();
  args.input_type = BF_FP16;
  args.output = output.data();
  args.output_type = BF_FP16;
  ASSERT_EQ(referenceKernels().round_trip(&args), BF_OK);
  const std::vector<float> expected = roundTrip(fromHalf, 64, table);
  for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(output[i], floatToHalf(expected[i]));
  args.input = bfloat.data();
  args.input_type = args.output_type = BF_BF16;
  ASSERT_EQ(referenceKernels().round_trip(&args), BF_OK);
  const std::vector<float> expectedB = roundTrip(fromBfloat, 64, table);
  for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(output[i], floatToBfloat(expectedB[i]));
}

TEST(Reference, WorksInPlace) {
  std::vector<float> x = normals(500, 7);
  const std::vector<float> table = dynamicCodebook(5);
  const std::vector<float> expected = roundTrip(x, 64, table);
  const bf_format format = formatOf(table, 64);
  bf_round_trip_args args = roundTripArgs(format, 500);
  args.input = x.data();
  args.output = x.data();
  ASSERT_EQ(referenceKernels().round_trip(&args), BF_OK);
  EXPECT_EQ(x, expected);
}

TEST(Reference, DamagedCodesReadAsZero) {
  Encoded encoded;
  encoded.codes = {0, 7, 200, 255};
  encoded.constants = {floatToHalf(2.0F)};
  EXPECT_EQ(decode(encoded, 0, intCodebook(3)), (std::vector<float>{-2.0F, 0.0F, 0.0F, 0.0F}));
}

TEST(Reference, NothingToDoIsFine) {
  const Encoded encoded = encode({}, 64, intCodebook(4));
  EXPECT_EQ(encoded.status, BF_OK);
  EXPECT_EQ(encoded.firstBad, -1);
}

}  // namespace
}  // namespace bitfrontier
