// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/number_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace bitfrontier {
namespace {

TEST(NumberText, SizesAndCounts) {
  EXPECT_EQ(formatBytes(8e9), "1 GB");
  EXPECT_EQ(formatBytes(7.9e6), "988 kB");
  EXPECT_EQ(formatBytes(1000), "125 B");
  EXPECT_EQ(formatBytes(8 * 24.06e9), "24.1 GB");
  EXPECT_EQ(formatBytes(8e18), "1000000 TB");
  EXPECT_EQ(formatCount(6.7e9), "6.7B");
  EXPECT_EQ(formatCount(1.234e6), "1.23M");
  EXPECT_EQ(formatCount(12), "12");
}

// What rounds up to a thousand is one of the next unit, never "1e+03k".
TEST(NumberText, RoundingCarriesIntoTheNextUnit) {
  EXPECT_EQ(formatCount(999'700), "1M");
  EXPECT_EQ(formatCount(999'400), "999k");
  EXPECT_EQ(formatBytes(8 * 999.7), "1 kB");
  EXPECT_EQ(formatBytes(8 * 999.9e9), "1 TB");
}

TEST(NumberText, ReadsBackToHalfAPercent) {
  std::mt19937_64 random(5);
  std::uniform_real_distribution<double> exponent(3, 14.9);
  for (int i = 0; i < 10000; ++i) {
    const double value = std::pow(10.0, exponent(random));
    const std::string text = formatCount(value);
    std::size_t end = 0;
    double read = std::stod(text, &end);
    for (const char unit : {'k', 'M', 'B', 'T'}) {
      read *= 1000;
      if (text.substr(end) == std::string(1, unit)) break;
    }
    ASSERT_NEAR(read / value, 1, 0.00501) << text;
    ASSERT_LE(end, 4U) << text;
  }
}

TEST(NumberText, Durations) {
  EXPECT_EQ(formatDuration(3725), "1 h 2 min");
  EXPECT_EQ(formatDuration(250), "4 min 10 s");
  EXPECT_EQ(formatDuration(59.6), "1 min 0 s");
  EXPECT_EQ(formatDuration(12.2), "12 s");
  EXPECT_EQ(formatDuration(0), "less than 1 s");
  EXPECT_EQ(formatDuration(-3), "less than 1 s");
}

}  // namespace
}  // namespace bitfrontier
