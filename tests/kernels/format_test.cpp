// SPDX-License-Identifier: GPL-3.0-or-later
// Every choice of bf_format through the reference: constants, means, rows, packed codes, values
// that are not finite. Truths are hand-made blocks and searches by distance in fp64.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "kernels/blocks.h"
#include "kernels/codebook.h"
#include "kernels/numerics.h"
#include "kernels/packing.h"
#include "kernels/registry.h"
#include "tests/kernels/call_arguments.h"

namespace bitfrontier {
namespace {

constexpr float kInf = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

bf_format formatOf(const std::vector<float>& table, std::int64_t block, std::int64_t row = 0) {
  bf_format format{};
  format.struct_size = sizeof format;
  format.codebook = table.data();
  format.codebook_size = static_cast<std::int32_t>(table.size());
  format.block_size = block;
  format.row_length = row;
  format.constant_type = BF_FP16;
  return format;
}

struct Encoded {
  std::vector<std::uint8_t> codes;
  std::vector<std::uint8_t> constants;  // bytes
  std::vector<std::uint16_t> means;
  std::int64_t firstBad = -2;
  std::int64_t badCount = -2;
  std::int32_t status = -1;

  Parts parts() const { return {codes.data(), constants.data(), means.data()}; }
};

/// Quantizes; `given` supplies constants and means where the format reads them.
Encoded encode(const std::vector<float>& x, const bf_format& format, std::int32_t flags = 0,
               const Encoded& given = {}) {
  const std::int64_t count = std::ssize(x);
  const std::int64_t blocks = blockCount(count, format.block_size, format.row_length);
  Encoded result = given;
  result.codes.assign(codeBytes(count, format.code_layout, format.code_bits), 0xee);
  result.constants.resize(blocks * typeBytes(format.constant_type), 0xee);
  result.means.resize(blocks, 0xeeee);
  bf_quantize_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.input = x.data();
  args.count = count;
  args.codes = result.codes.data();
  args.constants = result.constants.data();
  args.means = result.means.data();
  args.first_bad_index = &result.firstBad;
  args.bad_count = &result.badCount;
  args.flags = flags;
  result.status = referenceKernels().quantize(&args);
  return result;
}

std::vector<float> decode(const Encoded& encoded, const bf_format& format, std::int64_t count) {
  std::vector<float> output(count, -99.0F);
  const bf_dequantize_args args = dequantizeArgs(format, encoded.parts(), count, output.data());
  EXPECT_EQ(referenceKernels().dequantize(&args), BF_OK);
  return output;
}

std::vector<float> roundTrip(const std::vector<float>& x, const bf_format& format,
                             std::int32_t flags = 0) {
  std::vector<float> output(x.size(), -99.0F);
  bf_round_trip_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.input = x.data();
  args.output = output.data();
  args.count = std::ssize(x);
  args.flags = flags;
  EXPECT_EQ(referenceKernels().round_trip(&args), BF_OK);
  return output;
}

std::vector<float> normals(std::size_t count, unsigned seed, float mean = 0.0F) {
  std::mt19937 random(seed);
  std::normal_distribution<float> draw(mean, 0.02F);
  std::vector<float> values(count);
  for (float& value : values) value = draw(random);
  return values;
}

std::vector<float> e2m1() {  // as OCP prints it
  return {-6, -4, -3, -2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3, 4, 6};
}

TEST(Format, CodesAreNearestUnderEveryConstantAndMean) {
  const std::vector<float> x = normals(840, 1, 0.005F);
  const std::vector<float> e2m1Table = e2m1();
  const std::vector<float> nf = normalFloatCodebook(4);
  for (const auto* table : {&e2m1Table, &nf}) {
    for (const std::int32_t type : {BF_FP32, BF_FP16, BF_BF16, BF_E8M0, BF_E4M3}) {
      for (const std::int32_t rule : {BF_CONSTANT_ABSMAX, BF_CONSTANT_SIGNED_MAX}) {
        if (type == BF_E8M0 && rule == BF_CONSTANT_SIGNED_MAX) continue;
        for (const std::int32_t mean : {BF_MEAN_NONE, BF_MEAN_TENSOR, BF_MEAN_BLOCK}) {
          for (const std::int64_t row : {0, 60, 84}) {
            bf_format format = formatOf(*table, 32, row);
            format.constant_type = type;
            format.constant_rule = rule;
            format.mean_rule = mean;
            format.tensor_mean = 0.0049F;
            format.tensor_scale = 1e-4F;
            const Encoded encoded = encode(x, format);
            ASSERT_EQ(encoded.status, BF_OK);
            const std::vector<float> y = decode(encoded, format, 840);
            EXPECT_EQ(roundTrip(x, format), y);
            const BlockGrid grid = blockGrid(840, 32, row);
            for (std::int64_t b = 0; b < grid.blocks; ++b) {
              const double c =
                  readConstant(encoded.constants.data(), b, type, format.tensor_scale).value;
              const double m = mean == BF_MEAN_NONE     ? 0.0
                               : mean == BF_MEAN_TENSOR ? format.tensor_mean
                                                        : halfToFloat(encoded.means[b]);
              for (std::int64_t i = grid.begin(b); i < grid.end(b); ++i) {
                double best = kInf;
                for (const float value : *table)
                  best = std::min(best, std::abs(x[i] - (value * c + m)));
                // A near tie may go either way in fp32, an exact value is off by its rounding.
                ASSERT_LE(std::abs(x[i] - y[i]), best + 1e-7 * (std::abs(m) + std::abs(c) * 6));
              }
            }
          }
        }
      }
    }
  }
}

TEST(Format, MxBlockByHand) {
  // max 5: 2^(2 - 2) = 1; 5 ties between 4 and 6, towards zero; 7 saturates in the second block.
  const std::vector<float> x = {5, -1.6F, 0.2F, 0.26F, 7, -7.9F, 2.6F, 0, 0, 0, 0, 0};
  const std::vector<float> table = e2m1();
  bf_format format = formatOf(table, 4);
  format.constant_type = BF_E8M0;
  const Encoded encoded = encode(x, format);
  EXPECT_EQ(encoded.constants, (std::vector<std::uint8_t>{127, 127, 0}));
  EXPECT_EQ(decode(encoded, format, 12),
            (std::vector<float>{4, -1.5F, 0, 0.5F, 6, -6, 3, 0, 0, 0, 0, 0}));
}

TEST(Format, SignedMaximumReachesTheTopOfTheCodebook) {
  const std::vector<float> table = {-0.75F, -0.25F, 0, 0.5F, 1};
  bf_format format = formatOf(table, 4);
  format.constant_rule = BF_CONSTANT_SIGNED_MAX;
  const std::vector<float> x = {1, -2, 0.5F, 0, 2, -2, 1, 0, 0, 0, 0, 0};
  const Encoded encoded = encode(x, format);
  const auto* constants = reinterpret_cast<const std::uint16_t*>(encoded.constants.data());
  EXPECT_EQ(halfToFloat(constants[0]), -2.0F);
  EXPECT_EQ(halfToFloat(constants[1]), 2.0F);
  EXPECT_EQ(halfToFloat(constants[2]), 0.0F);
  EXPECT_EQ(decode(encoded, format, 12), (std::vector<float>{0.5F, -2, 0.5F, 0,  //
                                                             2, -1.5F, 1, 0, 0, 0, 0, 0}));
}

TEST(Format, GivenConstantsAndMeansAreUsed) {
  const std::vector<float> x = normals(200, 2);
  const std::vector<float> table = intCodebook(4);
  bf_format format = formatOf(table, 64);
  format.mean_rule = BF_MEAN_BLOCK;
  const Encoded computed = encode(x, format);
  format.constant_rule = BF_CONSTANT_GIVEN;
  format.mean_rule = BF_MEAN_BLOCK_GIVEN;
  const Encoded again = encode(x, format, 0, computed);
  EXPECT_EQ(again.codes, computed.codes);
  EXPECT_EQ(again.constants, computed.constants);
  EXPECT_EQ(again.means, computed.means);
  // Constants that cannot divide give the code of 0.
  Encoded odd = computed;
  auto* constants = reinterpret_cast<std::uint16_t*>(odd.constants.data());
  constants[0] = 0;
  constants[1] = 0x7c00;  // infinite
  constants[2] = 0x7e00;  // not a number
  constants[3] = floatToHalf(-1.0F);
  const Encoded result = encode(x, format, 0, odd);
  for (std::size_t i = 0; i < 192; ++i) ASSERT_EQ(result.codes[i], 7) << i;
}

TEST(Format, BlockMeansAreTheMeans) {
  const std::vector<float> x = normals(1000, 3, 0.3F);
  const std::vector<float> table = intCodebook(4);
  for (const std::int64_t block : {1, 16, 64, 100, 0}) {
    bf_format format = formatOf(table, block);
    format.mean_rule = BF_MEAN_BLOCK;
    const Encoded encoded = encode(x, format);
    const BlockGrid grid = blockGrid(1000, block, 0);
    for (std::int64_t b = 0; b < grid.blocks; ++b) {
      double sum = 0.0;
      for (std::int64_t i = grid.begin(b); i < grid.end(b); ++i) sum += x[i];
      const double mean = sum / static_cast<double>(grid.end(b) - grid.begin(b));
      EXPECT_NEAR(halfToFloat(encoded.means[b]), mean, std::abs(mean) * 0x1.001p-11);
    }
  }
  // One value is its own mean, up to fp16: nothing is left to code but that rounding.
  bf_format format = formatOf(table, 1);
  format.mean_rule = BF_MEAN_BLOCK;
  const std::vector<float> y = roundTrip(x, format);
  for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(y[i], x[i], 1e-6);
}

TEST(Format, CenteredValuesThatOverflowSaturate) {
  constexpr float kMost = std::numeric_limits<float>::max();
  const std::vector<float> table = intCodebook(2);
  bf_format format = formatOf(table, 0);
  format.constant_type = BF_FP32;
  format.mean_rule = BF_MEAN_TENSOR;
  format.tensor_mean = -kMost;
  const Encoded encoded = encode({kMost, -kMost}, format);
  EXPECT_EQ(encoded.codes, (std::vector<std::uint8_t>{2, 1}));
  EXPECT_EQ(decode(encoded, format, 2), (std::vector<float>{0, -kMost}));
}

TEST(Format, RowsAreTensorsOfTheirOwn) {
  const std::vector<float> x = normals(7 * 100, 4);
  const std::vector<float> table = dynamicCodebook(5);
  for (const std::int64_t block : {0, 16, 64, 100, 128}) {
    const std::vector<float> whole = roundTrip(x, formatOf(table, block, 100));
    for (int row = 0; row < 7; ++row) {
      const std::vector<float> part(x.begin() + row * 100, x.begin() + (row + 1) * 100);
      const std::vector<float> alone = roundTrip(part, formatOf(table, block));
      EXPECT_TRUE(std::equal(alone.begin(), alone.end(), whole.begin() + row * 100));
    }
  }
}

TEST(Format, PackedCodesAreTheSameCodes) {
  for (int bits = 1; bits <= 8; ++bits) {
    const std::vector<float> table = symmetricNormalFloatCodebook(bits);
    for (const std::int64_t count : {0, 1, 31, 64, 1001}) {
      const std::vector<float> x = normals(count, 5);
      bf_format format = formatOf(table, 33);
      const Encoded bytes = encode(x, format);
      const std::vector<float> expected = decode(bytes, format, count);
      format.code_layout = BF_CODES_PACKED;
      format.code_bits = bits;
      const Encoded packed = encode(x, format);
      EXPECT_EQ(packed.constants, bytes.constants);
      for (std::int64_t i = 0; i < count; ++i)
        ASSERT_EQ(packedCode(packed.codes.data(), i, bits), bytes.codes[i]);
      EXPECT_EQ(decode(packed, format, count), expected);
    }
  }
}

TEST(Format, NotFiniteValuesAreCounted) {
  std::vector<float> x = normals(300, 6);
  for (const std::size_t i : {137, 140, 299}) x[i] = i == 140 ? -kInf : kNan;
  const std::vector<float> table = intCodebook(4);
  for (const std::int64_t block : {16, 64, 0}) {
    const Encoded encoded = encode(x, formatOf(table, block));
    EXPECT_EQ(encoded.status, BF_NOT_FINITE);
    EXPECT_EQ(encoded.firstBad, 137);
    EXPECT_EQ(encoded.badCount, 3);
    EXPECT_NE(std::string(referenceKernels().last_error()).find("137"), std::string::npos);
    const Encoded clamped = encode(x, formatOf(table, block), BF_CLAMP_NOT_FINITE);
    EXPECT_EQ(clamped.status, BF_OK);
    EXPECT_EQ(clamped.firstBad, 137);
    EXPECT_EQ(clamped.badCount, 3);
  }
}

TEST(Format, ClampingReplacesByZeroAndTheBlocksLargest) {
  const std::vector<float> table = intCodebook(4);
  const std::vector<float> x = {kNan, 1,    -3.5F, kInf, -kInf, 0.5F, 0,    0,
                                kNan, kInf, -kInf, kNan, 1,     2,    3.5F, kInf};
  const std::vector<float> clean = {0, 1, -3.5F, 3.5F, -3.5F, 0.5F, 0,    0,
                                    0, 0, 0,     0,    1,     2,    3.5F, 3.5F};
  for (const std::int64_t block : {4, 0}) {
    if (block == 0) {
      std::vector<float> wide = clean;
      for (const std::size_t i : {9, 10}) wide[i] = i == 9 ? 3.5F : -3.5F;
      EXPECT_EQ(roundTrip(x, formatOf(table, block), BF_CLAMP_NOT_FINITE),
                roundTrip(wide, formatOf(table, block)));
      continue;
    }
    std::vector<float> narrow = clean;
    narrow[4] = -0.5F;  // the largest finite magnitude of its own block of four
    EXPECT_EQ(roundTrip(x, formatOf(table, block), BF_CLAMP_NOT_FINITE),
              roundTrip(narrow, formatOf(table, block)));
  }
}

TEST(Format, RoundTripCanGiveItsConstants) {
  const std::vector<float> x = normals(200, 7, 0.1F);
  const std::vector<float> table = intCodebook(3);
  bf_format format = formatOf(table, 64);
  format.mean_rule = BF_MEAN_BLOCK;
  const Encoded expected = encode(x, format);
  std::vector<std::uint8_t> constants(8);
  std::vector<std::uint16_t> means(4);
  std::vector<float> output(200);
  bf_round_trip_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.input = x.data();
  args.output = output.data();
  args.count = 200;
  args.constants = constants.data();
  args.means = means.data();
  ASSERT_EQ(referenceKernels().round_trip(&args), BF_OK);
  EXPECT_EQ(constants, expected.constants);
  EXPECT_EQ(means, expected.means);
}

}  // namespace
}  // namespace bitfrontier
