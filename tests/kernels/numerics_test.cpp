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

TEST(BlockConstant, SaturatesAndVanishes) {
  EXPECT_EQ(roundConstant(1.0F, BF_FP16), 1.0F);
  EXPECT_EQ(roundConstant(1.0F + 0x1p-11F, BF_FP16), 1.0F);            // tie to even
  EXPECT_EQ(roundConstant(1.0F + 0x3p-11F, BF_FP16), 1.0F + 0x1p-9F);  // tie to even, upwards
  EXPECT_EQ(roundConstant(65519.0F, BF_FP16), 65504.0F);
  EXPECT_EQ(roundConstant(1e30F, BF_FP16), 65504.0F);
  EXPECT_EQ(roundConstant(0x1p-24F, BF_FP16), 0x1p-24F);
  EXPECT_EQ(roundConstant(0x1p-25F, BF_FP16), 0.0F);
  EXPECT_EQ(roundConstant(0.0F, BF_FP16), 0.0F);
  EXPECT_EQ(roundConstant(1e30F, BF_FP32), 1e30F);
  EXPECT_EQ(roundConstant(1e-44F, BF_FP32), 0.0F);  // its reciprocal is infinite
  EXPECT_EQ(roundConstant(std::numeric_limits<float>::max(), BF_BF16), floatFromBits(0x7f7f0000U));
}

TEST(BlockCount, RoundsUp) {
  EXPECT_EQ(blockCount(0, 64), 0);
  EXPECT_EQ(blockCount(0, 0), 0);
  EXPECT_EQ(blockCount(1, 64), 1);
  EXPECT_EQ(blockCount(64, 64), 1);
  EXPECT_EQ(blockCount(65, 64), 2);
  EXPECT_EQ(blockCount(1000000, 0), 1);
}

}  // namespace
}  // namespace bitfrontier
