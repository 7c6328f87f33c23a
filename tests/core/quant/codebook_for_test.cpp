// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of whole configurations: OCP element formats as printed in the Microscaling specification,
// tables that depend on the tensor, and what all tables have in common.
#include "core/quant/codebook_for.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

std::vector<float> tableOf(const std::string& spec) {
  return codebookFor(QuantConfig::parse(spec));
}

/// The positive elements in units of the format: the specification prints their smallest and
/// largest values.
struct OcpFormat {
  const char* spec;
  double unit;  ///< 2^emax: what one of the table stands for
  std::size_t values;
  double smallestSubnormal, largestSubnormal, smallestNormal, largest;
};

TEST(CodebookFor, OcpElementFormatsAreThoseOfTheSpecification) {
  // OCP MX 1.0: tables 2 (FP8), 3 (FP6), 4 (FP4), 5 (INT8).
  const std::vector<OcpFormat> formats = {
      {"mxfp4", 4, 15, 0.5, 0.5, 1, 6},
      {"mxfp6e3m2", 16, 63, 0.0625, 0.1875, 0.25, 28},
      {"mxfp6e2m3", 4, 63, 0.125, 0.875, 1, 7.5},
      {"mxfp8e4m3", 256, 253, std::exp2(-9), 7 * std::exp2(-9), std::exp2(-6), 448},
      {"mxfp8e5m2", 32768, 247, std::exp2(-16), 3 * std::exp2(-16), std::exp2(-14), 57344},
      {"mxint8", 1, 255, 0.015625, 0.015625, 0.03125, 1.984375},
  };
  for (const OcpFormat& format : formats) {
    const std::vector<float> table = tableOf(format.spec);
    ASSERT_EQ(table.size(), format.values) << format.spec;
    const auto zero = std::ranges::find(table, 0.0F);
    ASSERT_EQ(zero - table.begin(), static_cast<std::ptrdiff_t>(table.size() / 2));
    EXPECT_EQ(*(zero + 1) * format.unit, format.smallestSubnormal) << format.spec;
    EXPECT_EQ(table.back() * format.unit, format.largest) << format.spec;
    const auto normal = static_cast<float>(format.smallestNormal / format.unit);
    const auto at = std::ranges::find(table, normal);
    ASSERT_NE(at, table.end()) << format.spec;
    EXPECT_EQ(*(at - 1) * format.unit, format.largestSubnormal) << format.spec;
    for (std::size_t i = 0; i < table.size(); ++i)
      EXPECT_EQ(table[i], -table[table.size() - 1 - i]) << format.spec;
  }
}

TEST(CodebookFor, EveryTypeAndWidthIsAnAscendingTable) {
  for (const DataTypeInfo& info : dataTypes()) {
    if (info.lowestBits == 16) {
      EXPECT_THROW(codebookFor(QuantConfig::make(info.type, 16, 0)), Error);
      continue;
    }
    for (int bits = info.lowestBits; bits <= info.highestBits; ++bits) {
      if (info.type == DataType::AbsoluteFloat && bits > 6) continue;  // a second each
      const std::vector<float> table = codebookFor(QuantConfig::make(info.type, bits, 64));
      EXPECT_LE(table.size(), std::size_t{1} << bits) << info.name << bits;
      EXPECT_GE(table.size(), (std::size_t{1} << bits) - 1) << info.name << bits;
      EXPECT_TRUE(std::ranges::is_sorted(table)) << info.name << bits;
      if (info.type != DataType::Learned) {
        EXPECT_EQ(std::max(-table.front(), table.back()), 1.0F) << info.name << bits;
      }
      EXPECT_LE(std::max(-table.front(), table.back()), 1.0F) << info.name << bits;
    }
  }
}

TEST(CodebookFor, NormalisedQuantilesDependOnTheBlocks) {
  // Two halves of a tensor of very different size: raw quantiles are those of a mixture, quantiles
  // of normalised values those of one normal distribution.
  const at::Tensor plain = at::randn({1024, 64});
  at::Tensor scaled = plain.clone();
  scaled.slice(0, 1, 1024, 2).mul_(1024.0);  // exact, so normalised values are the same
  const QuantConfig normalised = QuantConfig::parse("nquantile4-b64");
  EXPECT_EQ(codebookFor(normalised, scaled), codebookFor(normalised, plain));
  const QuantConfig raw = QuantConfig::parse("quantile4-b64");
  EXPECT_NE(codebookFor(raw, scaled), codebookFor(raw, plain));
  // With one block, normalising changes nothing but the unit.
  const std::vector<float> whole = codebookFor(QuantConfig::parse("nquantile4-tensor"), plain);
  const std::vector<float> released = codebookFor(QuantConfig::parse("quantile4-tensor"), plain);
  ASSERT_EQ(whole.size(), released.size());
  for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_NEAR(whole[i], released[i], 1e-3);
  // Rows count when blocks end with them.
  const QuantConfig rows = QuantConfig::parse("nquantile4-row");
  EXPECT_EQ(codebookFor(rows, scaled), codebookFor(normalised, scaled));
  EXPECT_NE(codebookFor(rows, scaled.view({512, 128})), codebookFor(normalised, scaled));
}

TEST(CodebookFor, MeansAreTakenOffFirst) {
  const at::Tensor plain = at::randn({512, 64});
  const QuantConfig raw = QuantConfig::parse("quantile4-b64-mean");
  const std::vector<float> centered = codebookFor(raw, plain + 2.0, 2.0F);
  const std::vector<float> zero = codebookFor(raw, plain, 0.0F);
  for (std::size_t i = 0; i < zero.size(); ++i) EXPECT_NEAR(centered[i], zero[i], 2e-3);
  const QuantConfig blocks = QuantConfig::parse("learned3-b64-bmean");
  const std::vector<float> shifted = codebookFor(blocks, plain + 2.0);
  const std::vector<float> around = codebookFor(blocks, plain);
  for (std::size_t i = 0; i < around.size(); ++i) EXPECT_NEAR(shifted[i], around[i], 5e-3);
}

}  // namespace
}  // namespace bitfrontier
