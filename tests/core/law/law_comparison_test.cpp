// SPDX-License-Identifier: GPL-3.0-or-later
// Comparisons of laws where the answer is known: data without noise, formats that collapse.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/law/fit/left_out_formats.h"
#include "core/law/inference/law_comparison.h"
#include "tests/core/law/noisy_sweep.h"
#include "tests/core/law/planted_law.h"

namespace bitfrontier {
namespace {

using testing::IsEmpty;

std::vector<LawPoint> exactPoints(const std::string& form) {
  std::vector<LawPoint> points = test::plant(test::planted(form)).points;
  for (LawPoint& p : points) p.accuracySe = LawPoint::kAbsent;
  return points;
}

const NestedTest& nestedTest(const LawComparison& comparison, const std::string& inner,
                             const std::string& outer) {
  for (const NestedTest& t : comparison.tests) {
    if (t.inner == inner && t.outer == outer) return t;
  }
  throw std::runtime_error("there is no test of " + inner + " in " + outer);
}

TEST(LawComparison, OfLawsThroughEveryPointNoneIsBetter) {
  const std::vector<std::string> forms{"S0", "J1", "J2"};
  const LawComparison comparison = compareLaws(exactPoints("J1"), forms, {});
  const NestedTest& richer = nestedTest(comparison, "J1", "J2");
  EXPECT_EQ(richer.kind, "F");
  // What J2 wins is rounding.
  EXPECT_LT(richer.statistic, 4);
  EXPECT_GT(richer.p, 0.05);
  const NestedTest& poorer = nestedTest(comparison, "S0", "J1");
  EXPECT_TRUE(std::isfinite(poorer.statistic));
  EXPECT_LT(poorer.p, 1e-12);
  for (const NestedTest& t : comparison.tests) {
    EXPECT_GE(t.p, 0) << t.inner << " in " << t.outer;
    EXPECT_LE(t.p, 1) << t.inner << " in " << t.outer;
  }
}

TEST(LawComparison, ARefusedLawIsNeverTheBest) {
  const std::vector<std::string> forms{"S0", "J1", "J2"};
  LawComparison comparison = compareLaws(test::sweep().points, forms, test::sweep().options);
  for (std::size_t i = 0; i < 3; ++i) {
    comparison.rows[i].fit.usable = true;
    comparison.rows[i].deltaAicc = 10 * static_cast<double>(i);
  }
  const auto name = [&](std::size_t i) {
    return std::string(comparison.rows[i].fit.form->info().name);
  };
  conclude(comparison);
  EXPECT_EQ(comparison.verdicts[0], fmt::format("{} describes the data best (AICc lower by 10.0 "
                                                "than {})",
                                                name(0), name(1)));
  comparison.rows[0].fit.usable = false;
  conclude(comparison);
  EXPECT_EQ(comparison.verdicts[0],
            fmt::format("{} describes the data best (AICc lower by 10.0 than {}); refused with a "
                        "lower AICc: {}",
                        name(1), name(2), name(0)));
  comparison.rows[1].fit.usable = false;
  conclude(comparison);
  EXPECT_EQ(comparison.verdicts[0], name(2) + " is the only law that is not refused");
}

/// Makes a format worse by points that rise with the size, as formats do that collapse.
void collapse(std::vector<LawPoint>& points, const std::string& config, double most) {
  double size = 0;
  for (const LawPoint& p : points) size = std::max(size, p.parameters);
  for (LawPoint& p : points) {
    if (p.config == config) p.accuracy -= most * std::pow(p.parameters / size, 2);
  }
}

TEST(LeftOutFormats, CollapsedOnesUntilTheLawDescribesTheRest) {
  const std::vector<std::string> forms{"J1"};
  std::vector<LawPoint> points = exactPoints("J1");
  DescribedFits described = fitDescribed(points, {}, forms);
  EXPECT_TRUE(described.fits.at(0).usable);
  EXPECT_THAT(described.leftOut, IsEmpty());

  collapse(points, "int3-b64", 0.15);
  described = fitDescribed(points, {}, forms);
  ASSERT_EQ(described.leftOut.size(), 1u);
  EXPECT_EQ(described.leftOut[0].format, "int3-b64");
  EXPECT_GT(described.leftOut[0].scatter, 0.01);
  EXPECT_TRUE(described.fits.at(0).usable);
  EXPECT_LT(described.fits.at(0).tau, 1e-9);
  EXPECT_EQ(described.fits.at(0).context.formats.size(), 3u);
  EXPECT_EQ(listLeftOut(described.leftOut, LawMetric::Accuracy),
            fmt::format("int3-b64 (with it points scatter by {:.2f} points)",
                        100 * described.leftOut[0].scatter));
}

TEST(LeftOutFormats, NoneWhenMoreThanHalfWouldHaveToGo) {
  const std::vector<std::string> forms{"J1", "J2"};
  std::vector<LawPoint> points = exactPoints("J1");
  collapse(points, "int3-b64", 0.3);
  collapse(points, "int4-b64", 0.25);
  collapse(points, "int8-b64", 0.2);
  const DescribedFits described = fitDescribed(points, {}, forms);
  EXPECT_THAT(described.leftOut, IsEmpty());
  for (const JointFit& fit : described.fits) {
    EXPECT_FALSE(fit.usable);
    EXPECT_EQ(fit.context.formats.size(), 4u);
  }
}

}  // namespace
}  // namespace bitfrontier
