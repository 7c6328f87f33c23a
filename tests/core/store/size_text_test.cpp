// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/size_text.h"

#include <gtest/gtest.h>

#include <cmath>

namespace bitfrontier {
namespace {

double value(std::string_view cell, DecimalMark mark = DecimalMark::Point) {
  const auto number = parseQuantity(cell, mark);
  return number ? number->value : std::nan("");
}

TEST(SizeText, NumbersAsPeopleWriteThem) {
  EXPECT_DOUBLE_EQ(value("6.2332 \u00b1 0.0378"), 6.2332);
  EXPECT_DOUBLE_EQ(value(" ~20 GB"), 20);
  EXPECT_DOUBLE_EQ(value("1,625.1 GB"), 1625.1);
  EXPECT_DOUBLE_EQ(value("1.625,1 GB"), 1625.1);
  EXPECT_DOUBLE_EQ(value("17,631"), 17631);
  EXPECT_DOUBLE_EQ(value("17,631", DecimalMark::Comma), 17.631);
  EXPECT_DOUBLE_EQ(value("17.631", DecimalMark::Comma), 17631);
  EXPECT_DOUBLE_EQ(value("125,239,296", DecimalMark::Comma), 125239296);
  EXPECT_DOUBLE_EQ(value("4,58 GB"), 4.58);
  EXPECT_DOUBLE_EQ(value("0,375"), 0.375);  // no thousands begin with a zero
  EXPECT_DOUBLE_EQ(value("8.03e9"), 8.03e9);
  EXPECT_DOUBLE_EQ(value("1e+3 x"), 1000);
  EXPECT_DOUBLE_EQ(value("-0.5"), -0.5);
  EXPECT_DOUBLE_EQ(value("17\u202f631"), 17631);
  EXPECT_TRUE(parseQuantity("+0.0569")->relative);
  EXPECT_EQ(parseQuantity("98.75 %")->unit, "%");
  for (const char* cell : {"", "-", "N/A", "nan", "\u2014", "baseline", "1,2,3", "1.2.3", "."}) {
    EXPECT_FALSE(parseQuantity(cell)) << cell;
  }
  EXPECT_DOUBLE_EQ(errorInCell("6.4 +/- 0.039", DecimalMark::Point), 0.039);
  EXPECT_DOUBLE_EQ(errorInCell("6,4 \u00b1 0,039", DecimalMark::Comma), 0.039);
  EXPECT_TRUE(std::isnan(errorInCell("6.4 (0.039)", DecimalMark::Point)));
}

TEST(SizeText, UnitsOfSizes) {
  const double gib = 8.0 * (std::int64_t{1} << 30);
  EXPECT_DOUBLE_EQ(*bitsOfSizeUnit("GiB"), gib);
  EXPECT_DOUBLE_EQ(*bitsOfSizeUnit("G"), gib);
  EXPECT_DOUBLE_EQ(*bitsOfSizeUnit("gb"), 8e9);
  EXPECT_DOUBLE_EQ(*bitsOfSizeUnit("MB"), 8e6);
  EXPECT_DOUBLE_EQ(*bitsOfSizeUnit("MiB"), gib / 1024);
  EXPECT_DOUBLE_EQ(*bitsOfSizeUnit("KB"), 8e3);
  EXPECT_DOUBLE_EQ(*bitsOfSizeUnit("TB"), 8e12);
  EXPECT_DOUBLE_EQ(*bitsOfSizeUnit("bytes"), 8);
  EXPECT_DOUBLE_EQ(*bitsOfSizeUnit("Gbit"), 1e9);
  EXPECT_FALSE(bitsOfSizeUnit("x"));
  EXPECT_DOUBLE_EQ(*bitsOfSizeColumn("Size (MB)"), 8e6);
  EXPECT_DOUBLE_EQ(*bitsOfSizeColumn("Model size [GiB]"), gib);
  EXPECT_DOUBLE_EQ(*bitsOfSizeColumn("size_gb"), 8e9);
  EXPECT_DOUBLE_EQ(*bitsOfSizeColumn("Bytes"), 8);
  EXPECT_FALSE(bitsOfSizeColumn("Size"));
  EXPECT_FALSE(bitsOfSizeColumn("Bits"));
}

TEST(SizeText, TheDecimalMarkFollowsFromTheNumbersThatSayIt) {
  const auto of = [](std::vector<std::string_view> cells, DecimalMark fallback) {
    return decimalMarkOf(cells, fallback);
  };
  EXPECT_EQ(of({"1,234", "4,58"}, DecimalMark::Point), DecimalMark::Comma);
  EXPECT_EQ(of({"1,234", "4.58"}, DecimalMark::Comma), DecimalMark::Point);
  EXPECT_EQ(of({"1.234,5"}, DecimalMark::Point), DecimalMark::Comma);
  EXPECT_EQ(of({"5.906", "6.157"}, DecimalMark::Comma), DecimalMark::Point);
  EXPECT_EQ(of({"5,906"}, DecimalMark::Comma), DecimalMark::Comma);
  EXPECT_EQ(of({"abc", "7"}, DecimalMark::Comma), DecimalMark::Comma);
}

}  // namespace
}  // namespace bitfrontier
