// SPDX-License-Identifier: GPL-3.0-or-later
// Published code tables, planted as numbers.
#include "kernels/codebook.h"
#include "kernels/numerics.h"
#include "tests/kernels/quantile_codebook.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>
#include <stdexcept>

namespace bitfrontier {
namespace {

using Values = std::vector<double>;

void expectTable(const std::vector<float>& table, const Values& expected, double tolerance) {
  ASSERT_EQ(table.size(), expected.size());
  for (std::size_t i = 0; i < table.size(); ++i)
    EXPECT_NEAR(table[i], expected[i], tolerance) << "value " << i;
}

/// Negatives of the positive half, the half itself; one zero.
Values mirrored(Values positive, double scale = 1.0) {
  std::set<double> all;
  for (const double value : positive) {
    all.insert(value / scale);
    all.insert(-value / scale == 0.0 ? 0.0 : -value / scale);
  }
  return {all.begin(), all.end()};
}

TEST(IntCodebook, IsTheTruncatedRange) {
  expectTable(intCodebook(3), {-1, -2 / 3., -1 / 3., 0, 1 / 3., 2 / 3., 1}, 1e-6);
  expectTable(intCodebook(4), mirrored({0, 1, 2, 3, 4, 5, 6, 7}, 7), 1e-6);
  EXPECT_EQ(intCodebook(2), (std::vector<float>{-1, 0, 1}));
  EXPECT_EQ(intCodebook(8).size(), 255U);
  EXPECT_NEAR(intCodebook(8)[128], 1 / 127., 1e-7);
}

TEST(FloatCodebook, PapersFormats) {
  expectTable(floatCodebook(2, 0), mirrored({0, 0.25, 0.5, 1}), 1e-6);
  expectTable(floatCodebook(3, 0), mirrored({0, 1 / 64., 1 / 32., 1 / 16., 1 / 8., 0.25, 0.5, 1}),
              1e-6);
  expectTable(floatCodebook(3, 1),
              mirrored({0, .5, 1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96}, 96), 1e-6);
  expectTable(floatCodebook(2, 2),
              mirrored({0, .25, .5, .75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6, 7}, 7), 1e-6);
  const std::vector<int> exponents = {2, 3, 3, 3, 3, 3};
  for (int bits = 3; bits <= 8; ++bits) {
    const int e = paperExponentBits(bits);
    EXPECT_EQ(e, exponents[bits - 3]);
    EXPECT_EQ(floatCodebook(e, bits - 1 - e).size(), (1U << bits) - 1) << bits;
  }
}

TEST(FloatCodebook, SubnormalRules) {
  const Values normal = {1, 1.5, 2, 3, 4, 6};
  for (const auto& [rule, subnormal] : {std::pair{Subnormals::Ieee, 0.5},
                                        {Subnormals::BiasText, 0.125},
                                        {Subnormals::BiasPlusOne, 0.03125}}) {
    Values positive = normal;
    positive.insert(positive.end(), {0, subnormal});
    expectTable(floatCodebook(2, 1, rule), mirrored(positive, 6), 1e-6);
  }
  // bitsandbytes' FP4 in units of 1/12.
  expectTable(floatCodebook(2, 1, Subnormals::BiasPlusOne),
              mirrored({0, 0.0625, 8, 12, 4, 6, 2, 3}, 12), 1e-6);
  for (const int exponent : {2, 3, 4})
    EXPECT_EQ(floatCodebook(exponent, 0, Subnormals::Ieee),
              floatCodebook(exponent, 0, Subnormals::BiasPlusOne));
}

TEST(DynamicCodebook, ReleasedAndPrintedIntervals) {
  expectTable(dynamicCodebook(3), {-.775, -.325, -.055, 0, .055, .325, .775, 1}, 1e-6);
  expectTable(dynamicCodebook(4),
              {-.8875, -.6625, -.4375, -.2125, -.0775, -.0325, -.0055, 0, .0055, .0325, .0775,
               .2125, .4375, .6625, .8875, 1},
              1e-6);
  expectTable(dynamicCodebook(4, 0.9),
              {-.8, -.6, -.4, -.2, -.07, -.03, -.005, 0, .005, .03, .07, .2, .4, .6, .8, 1}, 1e-6);
  // 8 bits: 7 decades, 64 parts in the last one.
  const std::vector<float> eight = dynamicCodebook(8);
  EXPECT_EQ(eight.size(), 256U);
  EXPECT_NEAR(eight[254], 1 - 0.9 / 128, 1e-6);
  EXPECT_NEAR(eight[128], 0.55e-6, 1e-12);
}

TEST(NormalFloatCodebook, PublishedNf4AndItsContinuation) {
  expectTable(normalFloatCodebook(4),
              {-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453,
               -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0,
               0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
               0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0},
              1e-7);
  expectTable(normalFloatCodebook(3), {-1, -.535, -.2469, 0, .1833, .382, .623, 1}, 5e-4);
  expectTable(normalFloatCodebook(2), {-1, 0, .4358, 1}, 5e-5);
}

TEST(SymmetricNormalFloatCodebook, PrintedTables) {
  expectTable(symmetricNormalFloatCodebook(2), {-1, -.277, .277, 1}, 5e-4);
  expectTable(symmetricNormalFloatCodebook(3), {-1, -.5783, -.3186, -.1025, .1025, .3186, .5783, 1},
              5e-5);
  expectTable(symmetricNormalFloatCodebook(4),
              {-1, -.7076, -.5422, -.4168, -.3109, -.2159, -.1273, -.0421, .0421, .1273, .2159,
               .3109, .4168, .5422, .7076, 1},
              5e-5);
}

TEST(AbsoluteFloatCodebook, PublishedAf4) {
  // Yoshida, arXiv 2306.06965, appendix: AF4 for three block sizes.
  expectTable(absoluteFloatCodebook(4, 64),
              {-1, -.69441008, -.51243739, -.3736951, -.25607552, -.14982478, -.04934812, 0,
               .04273164, .12934483, .21961274, .31675666, .42563882, .55496234, .72424863, 1},
              1e-7);
  expectTable(absoluteFloatCodebook(4, 128),
              {-1, -.66495284, -.48589589, -.3529405, -.24139225, -.14109901, -.04645526, 0,
               .04021689, .12176897, .2068883, .29877409, .40238482, .52697805, .69496104, 1},
              1e-7);
  expectTable(absoluteFloatCodebook(4, 1024),
              {-1, -.58348586, -.41884827, -.30229144, -.20614334, -.12032288, -.03959127, 0,
               .034251, .10374994, .17644691, .25528724, .34502762, .45517148, .61198895, 1},
              1e-7);
  // Of its table for 256 only some values are legible.
  const std::vector<float> b256 = absoluteFloatCodebook(4, 256);
  const std::vector<double> legible = {-.63630214, -.46141631, -.33419526, -.22826385, -.13333677};
  for (std::size_t i = 0; i < legible.size(); ++i) EXPECT_NEAR(b256[i + 1], legible[i], 1e-7);
}

TEST(AbsoluteFloatCodebook, OtherWidthsMeetTheirDefinition) {
  for (const int bits : {2, 3, 5, 8}) {
    const std::vector<float> table = absoluteFloatCodebook(bits, 64);
    ASSERT_EQ(table.size(), 1U << bits);
    EXPECT_TRUE(std::is_sorted(table.begin(), table.end()));
    EXPECT_EQ(table.front(), -1.0F);
    EXPECT_EQ(table[(1U << (bits - 1)) - 1], 0.0F);
    EXPECT_EQ(table.back(), 1.0F);
  }
  // Each inner code is the median of its cell: count normalised samples on its two sides.
  const std::vector<float> table = absoluteFloatCodebook(5, 32);
  std::mt19937 random(4);
  std::normal_distribution<double> draw;
  std::vector<int> below(table.size());
  std::vector<int> above(table.size());
  for (int block = 0; block < 40000; ++block) {
    std::vector<double> x(32);
    double largest = 0;
    for (double& value : x) largest = std::max(largest, std::abs(value = draw(random)));
    for (const double value : x) {
      const double y = std::abs(value / largest);
      if (y == 1.0) continue;
      std::size_t nearest = 16;  // first positive code; zero is not part of a side's cells
      for (std::size_t i = 16; i < table.size(); ++i)
        if (std::abs(table[i] - y) < std::abs(table[nearest] - y)) nearest = i;
      ++(y < table[nearest] ? below : above)[nearest];
    }
  }
  for (std::size_t i = 16; i + 1 < table.size(); ++i) {
    const double total = below[i] + above[i];
    EXPECT_NEAR(below[i] / total, 0.5, 3 * 0.5 / std::sqrt(total)) << i;
  }
  EXPECT_THROW(absoluteFloatCodebook(9, 64), std::invalid_argument);
  EXPECT_THROW(absoluteFloatCodebook(4, 1), std::invalid_argument);
}

TEST(FloatCodebook, OcpFp8) {
  EXPECT_EQ(ocpFp8Codebook(4).size(), 253U);
  EXPECT_EQ(ocpFp8Codebook(5).size(), 247U);
  EXPECT_NEAR(ocpFp8Codebook(4)[127], std::exp2(-9) / 448, 1e-12);
  EXPECT_NEAR(ocpFp8Codebook(5)[124], std::exp2(-16) / 57344, 1e-15);
  EXPECT_THROW(ocpFp8Codebook(3), std::invalid_argument);
}

TEST(QuantileCodebook, StandardNormal) {
  expectTable(normalQuantileCodebook(3), {-1, -.5442, -.2499, -.0029, 0, .2499, .5364, 1}, 5.1e-5);
  expectTable(normalQuantileCodebook(4),
              {-1, -.7013, -.531, -.4011, -.2909, -.1862, -.093, -.0025, 0, .0879, .1809, .2851,
               .3946, .523, .69, 1},
              5.1e-5);
}

/// Straight from the definition: sort each full chunk, read its order statistics, average.
std::vector<float> naiveQuantileCodebook(const std::vector<float>& values, int bits) {
  const std::size_t chunk = std::min<std::size_t>(values.size(), 4096);
  std::vector<double> quantiles(256, 0.0);
  for (std::size_t begin = 0; begin + chunk <= values.size(); begin += chunk) {
    std::vector<float> part(values.begin() + begin, values.begin() + begin + chunk);
    std::sort(part.begin(), part.end());
    for (std::size_t j = 0; j < 256; ++j) {
      const double offset = 1.0 / (2.0 * ((1 << bits) - 1));
      const double p = offset + j * (1 - 2 * offset) / 255;
      quantiles[j] += part[static_cast<std::size_t>(std::floor(p * (chunk - 1) + 0.5))];
    }
  }
  std::vector<double> picked = {0.0};
  const int count = (1 << bits) - 1;
  for (int i = 0; i < count; ++i) picked.push_back(quantiles[255 * i / (count - 1)]);
  std::sort(picked.begin(), picked.end());
  const double largest = std::max(std::abs(picked.front()), std::abs(picked.back()));
  std::vector<float> table;
  for (const double value : picked) table.push_back(static_cast<float>(value / largest));
  return table;
}

TEST(QuantileCodebook, EqualsSortingByHand) {
  std::mt19937 random(11);
  std::student_t_distribution<float> draw(4.0F);
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{7}, std::size_t{4095}, std::size_t{4096}, std::size_t{4097},
        std::size_t{3 * 4096 + 100}}) {
    std::vector<float> values(size);
    for (float& value : values) value = draw(random);
    if (size > 2) values[1] = -0.0F;
    for (const int bits : {2, 3, 5, 8})
      expectTable(
          test::quantileCodebook(values, bits),
          [&] {
            const auto naive = naiveQuantileCodebook(values, bits);
            return Values(naive.begin(), naive.end());
          }(),
          1e-6);
  }
}

TEST(QuantileCodebook, ZeroTensorGivesZeros) {
  const std::vector<float> zeros(100, 0.0F);
  EXPECT_EQ(test::quantileCodebook(zeros, 3), std::vector<float>(8, 0.0F));
}

TEST(Codebooks, AreAscendingNormalisedAndFit) {
  for (int bits = 2; bits <= 8; ++bits) {
    std::vector<std::vector<float>> tables = {
        intCodebook(bits), dynamicCodebook(bits), normalFloatCodebook(bits),
        symmetricNormalFloatCodebook(bits), normalQuantileCodebook(bits)};
    for (int exponent = 1; exponent < bits; ++exponent)
      for (const auto rule : {Subnormals::Ieee, Subnormals::BiasText, Subnormals::BiasPlusOne})
        tables.push_back(floatCodebook(exponent, bits - 1 - exponent, rule));
    for (const auto& table : tables) {
      EXPECT_TRUE(std::is_sorted(table.begin(), table.end()));
      EXPECT_LE(table.size(), std::size_t{1} << bits);
      EXPECT_GE(table.size(), (std::size_t{1} << bits) - 1);
      EXPECT_EQ(std::max(-table.front(), table.back()), 1.0F);
    }
  }
}

TEST(Codebooks, RefuseWhatDoesNotExist) {
  for (const int bits : {-1, 0, 1, 9, 64}) {
    EXPECT_THROW(intCodebook(bits), std::invalid_argument);
    EXPECT_THROW(dynamicCodebook(bits), std::invalid_argument);
    EXPECT_THROW(normalFloatCodebook(bits), std::invalid_argument);
    EXPECT_THROW(normalQuantileCodebook(bits), std::invalid_argument);
  }
  EXPECT_THROW(floatCodebook(0, 3), std::invalid_argument);
  EXPECT_THROW(floatCodebook(3, -1), std::invalid_argument);
  EXPECT_THROW(floatCodebook(5, 3), std::invalid_argument);
}

TEST(ThresholdBetween, SendTiesTowardsZero) {
  const std::vector<float> table = {-1, -0.5, 0, 0.5, 1};
  std::vector<float> thresholds;
  for (std::size_t i = 0; i + 1 < table.size(); ++i)
    thresholds.push_back(thresholdBetween(table[i], table[i + 1]));
  const auto code = [&](float y) {
    return std::count_if(thresholds.begin(), thresholds.end(), [y](float t) { return y > t; });
  };
  EXPECT_EQ(code(0.25F), 2);
  EXPECT_EQ(code(-0.25F), 2);
  EXPECT_EQ(code(0.75F), 3);
  EXPECT_EQ(code(-0.75F), 1);
  EXPECT_EQ(code(std::nextafter(0.25F, 1.0F)), 3);
  EXPECT_EQ(code(std::nextafter(-0.25F, -1.0F)), 1);
}

}  // namespace
}  // namespace bitfrontier
