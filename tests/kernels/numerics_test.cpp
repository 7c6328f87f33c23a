// SPDX-License-Identifier: GPL-3.0-or-later
// 16-bit formats against the compiler's own half type and against exact neighbours.
#include "kernels/numerics.h"

#include <gtest/gtest.h>

#include <random>

namespace bitfrontier {
namespace {

std::uint16_t compilerHalf(float value) {
  const auto half = static_cast<_Float16>(value);
  std::uint16_t bits;
  std::memcpy(&bits, &half, sizeof bits);
  return bits;
}

float compilerFloat(std::uint16_t bits) {
  _Float16 half;
  std::memcpy(&half, &bits, sizeof half);
  return static_cast<float>(half);
}

TEST(Half, EveryValueReadsAndWritesBack) {
  for (std::uint32_t i = 0; i < 65536; ++i) {
    const auto bits = static_cast<std::uint16_t>(i);
    const float value = halfToFloat(bits);
    if (std::isnan(value)) {
      EXPECT_TRUE(std::isnan(compilerFloat(bits)));
      EXPECT_TRUE(std::isnan(halfToFloat(floatToHalf(value))));
      continue;
    }
    ASSERT_EQ(floatBits(value), floatBits(compilerFloat(bits))) << i;
    ASSERT_EQ(floatToHalf(value), bits) << i;
  }
}

TEST(Half, RoundsAsTheCompilerDoes) {
  std::mt19937 random(3);
  for (int i = 0; i < 500000; ++i) {
    const float value = floatFromBits(static_cast<std::uint32_t>(random()));
    if (std::isnan(value)) continue;
    ASSERT_EQ(floatToHalf(value), compilerHalf(value)) << value;
  }
  // Middles between neighbours and the numbers next to them, subnormals and the overflow included.
  for (std::uint32_t i = 0; i < 0x7c00; ++i) {
    const float low = halfToFloat(static_cast<std::uint16_t>(i));
    const float high = i + 1 == 0x7c00 ? 65536.0F : halfToFloat(static_cast<std::uint16_t>(i + 1));
    const float middle = low + (high - low) / 2;
    for (const float value : {middle, std::nextafter(middle, 0.0F), std::nextafter(middle, 1e9F)}) {
      ASSERT_EQ(floatToHalf(value), compilerHalf(value)) << value;
      ASSERT_EQ(floatToHalf(-value), compilerHalf(-value)) << value;
    }
  }
}

TEST(Bfloat, RoundsToTheNearerNeighbourAndEven) {
  std::mt19937 random(5);
  for (int i = 0; i < 500000; ++i) {
    const float value = floatFromBits(static_cast<std::uint32_t>(random()));
    if (!std::isfinite(value)) continue;
    const std::uint32_t low = floatBits(value) & 0xffff0000U;
    const std::uint32_t rest = floatBits(value) & 0xffffU;
    const bool up = rest > 0x8000U || (rest == 0x8000U && ((low >> 16) & 1U) != 0);
    ASSERT_EQ(floatToBfloat(value), (low + (up ? 0x10000U : 0U)) >> 16) << value;
    ASSERT_EQ(floatBits(bfloatToFloat(static_cast<std::uint16_t>(low >> 16))), low);
  }
  EXPECT_TRUE(std::isnan(bfloatToFloat(floatToBfloat(floatFromBits(0x7f800001U)))));
}

/// What E4M3 stands for, by its definition: codes below NaN ascend.
double e4m3Value(int code) {
  const int exponent = code >> 3;
  const int mantissa = code & 7;
  return exponent == 0 ? std::ldexp(mantissa / 8.0, -6)
                       : std::ldexp(1 + mantissa / 8.0, exponent - 7);
}

TEST(E4m3, EveryValueReadsAndWritesBack) {
  for (int code = 0; code < 127; ++code) {
    const auto positive = static_cast<std::uint8_t>(code);
    const auto negative = static_cast<std::uint8_t>(code | 0x80);
    ASSERT_EQ(e4m3ToFloat(positive), e4m3Value(code));
    ASSERT_EQ(e4m3ToFloat(negative), -e4m3Value(code));
    ASSERT_EQ(floatToE4m3(e4m3ToFloat(positive)), positive);
    ASSERT_EQ(floatToE4m3(e4m3ToFloat(negative)), negative);
  }
  EXPECT_EQ(e4m3ToFloat(0x7e), 448.0F);
  EXPECT_TRUE(std::isnan(e4m3ToFloat(0x7f)));
  EXPECT_TRUE(std::isnan(e4m3ToFloat(0xff)));
}

TEST(E4m3, RoundsToTheNearerNeighbourAndEven) {
  for (int code = 0; code < 126; ++code) {
    const auto middle = static_cast<float>((e4m3Value(code) + e4m3Value(code + 1)) / 2);
    EXPECT_EQ(floatToE4m3(middle), code % 2 == 0 ? code : code + 1);
    EXPECT_EQ(floatToE4m3(std::nextafter(middle, 0.0F)), code);
    EXPECT_EQ(floatToE4m3(-std::nextafter(middle, 1e9F)), (code + 1) | 0x80);
  }
  EXPECT_EQ(floatToE4m3(1e30F), 0x7e);
  EXPECT_EQ(floatToE4m3(-std::numeric_limits<float>::infinity()), 0xfe);
  EXPECT_EQ(floatToE4m3(1e-30F), 0);
  EXPECT_TRUE(std::isnan(e4m3ToFloat(floatToE4m3(std::numeric_limits<float>::quiet_NaN()))));
}

TEST(E8m0, IsAPowerOfTwo) {
  for (int code = 0; code < 255; ++code)
    EXPECT_EQ(static_cast<double>(e8m0ToFloat(static_cast<std::uint8_t>(code))),
              std::ldexp(1.0, code - 127));
  EXPECT_TRUE(std::isnan(e8m0ToFloat(255)));
}

TEST(E8m0, ScalesByTheOcpRuleOrRoundsUp) {
  const auto scale = [](float absmax, float magnitude) {
    return std::log2(e8m0ToFloat(static_cast<std::uint8_t>(e8m0For(absmax, magnitude))));
  };
  // E2M1: largest value 6 = 1.5 * 2^2, so 2^(floor(log2 max) - 2).
  for (const auto& [absmax, expected] :
       {std::pair{6.0F, 0}, {7.99F, 0}, {8.0F, 1}, {4.0F, 0}, {3.99F, -1}, {1.0F, -2}, {0.75F, -3}})
    EXPECT_EQ(scale(absmax, 6.0F), expected) << absmax;
  EXPECT_EQ(scale(500.0F, 448.0F), 0);  // E4M3
  EXPECT_EQ(scale(512.0F, 448.0F), 1);
  EXPECT_EQ(scale(1.99F, 127 / 64.0F), 0);  // MXINT8
  // Normalised codebooks must not be clipped.
  for (const auto& [absmax, expected] :
       {std::pair{1.0F, 0}, {1.01F, 1}, {2.0F, 1}, {0.5F, -1}, {0.51F, 0}, {3.0F, 2}})
    EXPECT_EQ(scale(absmax, 1.0F), expected) << absmax;
  EXPECT_EQ(scale(3.0F, 4.0F), 0);
  EXPECT_EQ(scale(5.0F, 4.0F), 1);
  EXPECT_EQ(scale(0.0F, 1.0F), -127);
  EXPECT_EQ(scale(1e-45F, 1.0F), -127);
  EXPECT_EQ(scale(std::numeric_limits<float>::max(), 1.0F), 127);
  EXPECT_EQ(scale(1.0F, 0.0F), 0);
}

float constantFor(float largest, std::int32_t type) {
  return makeConstant(largest, type, 1.0F, 1.0F).value;
}

TEST(BlockConstant, SaturatesAndVanishes) {
  EXPECT_EQ(constantFor(1.0F, BF_FP16), 1.0F);
  EXPECT_EQ(constantFor(1.0F + 0x1p-11F, BF_FP16), 1.0F);            // tie to even
  EXPECT_EQ(constantFor(1.0F + 0x3p-11F, BF_FP16), 1.0F + 0x1p-9F);  // tie to even, upwards
  EXPECT_EQ(constantFor(65519.0F, BF_FP16), 65504.0F);
  EXPECT_EQ(constantFor(1e30F, BF_FP16), 65504.0F);
  EXPECT_EQ(constantFor(-1e30F, BF_FP16), -65504.0F);
  EXPECT_EQ(constantFor(0x1p-24F, BF_FP16), 0x1p-24F);
  EXPECT_EQ(constantFor(0x1p-25F, BF_FP16), 0.0F);
  EXPECT_EQ(constantFor(0.0F, BF_FP16), 0.0F);
  EXPECT_EQ(constantFor(1e30F, BF_FP32), 1e30F);
  EXPECT_EQ(constantFor(1e-44F, BF_FP32), 0.0F);  // its reciprocal is infinite
  EXPECT_EQ(constantFor(std::numeric_limits<float>::max(), BF_BF16), floatFromBits(0x7f7f0000U));
  EXPECT_EQ(constantFor(-1.0F, BF_BF16), -1.0F);
  EXPECT_EQ(constantFor(500.0F, BF_E4M3), 448.0F);
  EXPECT_EQ(constantFor(1e-4F, BF_E4M3), 0.0F);
}

TEST(BlockConstant, CodebookAndTensorScales) {
  // NVFP4: the largest magnitude of E2M1 is 6, the tensor scale brings constants into range.
  const StoredConstant stored = makeConstant(12.0F, BF_E4M3, 0.25F, 6.0F);
  EXPECT_EQ(e4m3ToFloat(static_cast<std::uint8_t>(stored.bits)), 8.0F);
  EXPECT_EQ(stored.value, 2.0F);
  EXPECT_EQ(makeConstant(3.0F, BF_FP16, 0.0F, 2.0F).value, 1.5F);
  EXPECT_EQ(makeConstant(3.0F, BF_FP16, 0.0F, 0.0F).value, 3.0F);
}

TEST(InverseConstant, IsZeroForWhatCannotDivide) {
  EXPECT_EQ(inverseConstant(4.0F), 0.25F);
  EXPECT_EQ(inverseConstant(-4.0F), -0.25F);
  EXPECT_EQ(inverseConstant(0.0F), 0.0F);
  EXPECT_EQ(inverseConstant(1e-44F), 0.0F);
  EXPECT_EQ(inverseConstant(std::numeric_limits<float>::infinity()), 0.0F);
  EXPECT_EQ(inverseConstant(std::numeric_limits<float>::quiet_NaN()), 0.0F);
}

}  // namespace
}  // namespace bitfrontier
