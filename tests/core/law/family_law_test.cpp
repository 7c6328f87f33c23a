// SPDX-License-Identifier: GPL-3.0-or-later
// J1 over families whose format shifts have a common mean.

#include "core/law/pooled/family_law.h"

#include <gmock/gmock.h>

#include <cmath>

#include "core/base/error.h"
#include "core/law/fit/joint_fit.h"
#include "tests/core/law/planted_families.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

JointOptions fewStarts() {
  JointOptions options;
  options.starts = 9;
  return options;
}

double shiftOf(const JointFit& fit, int bits) {
  return fit.parameters[*fit.find("lnrho_int" + std::to_string(bits) + "-b64")].value;
}

TEST(FamilyLaw, ExactDataGiveTheTruth) {
  const auto drawn = test::PlantedFamilies{.se = 1e-5, .tau = 0}.draw(1);
  JointOptions options = fewStarts();
  options.estimateTau = false;
  const FamilyFit fit = fitFamilies(drawn.points, options, 0.2);
  ASSERT_TRUE(fit.usable) << joinRemarks(fit.remarks);
  ASSERT_EQ(fit.families.size(), 5u);
  ASSERT_EQ(fit.shifts.size(), 3u);
  EXPECT_EQ(fit.n, 140);
  EXPECT_EQ(fit.freeParameters, 3 + 5 * 6);
  for (const JointFit& family : fit.families) {
    for (const int bits : {8, 4, 3}) {
      EXPECT_NEAR(shiftOf(family, bits), drawn.shifts.at(family.family).at(bits), 2e-3);
    }
    EXPECT_NEAR(family.parameters[0].value, drawn.bases.at(family.family)[0], 1e-3);
    EXPECT_NEAR(family.parameters[2].value, drawn.bases.at(family.family)[2], 1e-3);
  }
  // With shifts known exactly their mean is the arithmetic one, known to spread / sqrt(families).
  for (const SharedShift& shift : fit.shifts) {
    double mean = 0;
    for (const JointFit& family : fit.families) mean += shiftOf(family, shift.format[3] - '0') / 5;
    EXPECT_NEAR(shift.mean, mean, 1e-4) << shift.format;
    EXPECT_NEAR(shift.se, 0.2 / std::sqrt(5.0), 1e-3);
    EXPECT_NEAR(shift.newFamilySe, 0.2 * std::sqrt(1.2), 1e-3);
    EXPECT_EQ(shift.families, 5);
  }
}

TEST(FamilyLaw, NoisyFamiliesBorrowFromTheOthers) {
  // Shifts of 8 bits are smaller than their error: pooling makes them better, by more where the
  // spread is small. Intervals of shifts and of the common mean cover.
  double pooled = 0, alone = 0;
  int covered = 0, counted = 0, means = 0, meanCount = 0;
  constexpr double kSpread = 0.1;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const test::PlantedFamilies planted{
        .families = 6, .spread = kSpread, .se = 0.006, .tau = 0.001};
    const auto drawn = planted.draw(seed);
    JointOptions options = fewStarts();
    options.estimateTau = false;
    options.tau = 0.001;
    const FamilyFit fit = fitFamilies(drawn.points, options, kSpread);
    if (fit.families.size() != 6) continue;
    for (const JointFit& family : fit.families) {
      std::vector<LawPoint> own;
      for (const LawPoint& p : drawn.points) {
        if (p.family == family.family) own.push_back(p);
      }
      const JointFit single = fitJoint(own, options);
      for (const int bits : {8, 4, 3}) {
        const double truth = drawn.shifts.at(family.family).at(bits);
        pooled += std::pow(shiftOf(family, bits) - truth, 2);
        alone += std::pow(shiftOf(single, bits) - truth, 2);
        const double se =
            family.parameters[*family.find("lnrho_int" + std::to_string(bits) + "-b64")].se;
        covered += std::abs(shiftOf(family, bits) - truth) <= 1.96 * se ? 1 : 0;
        ++counted;
      }
    }
    for (const SharedShift& shift : fit.shifts) {
      const double truth = planted.mu.at(shift.format[3] - '0');
      means += std::abs(shift.mean - truth) <= 1.96 * shift.se ? 1 : 0;
      ++meanCount;
    }
  }
  ASSERT_GT(counted, 900);
  EXPECT_LT(pooled, 0.8 * alone);
  EXPECT_NEAR(double(covered) / counted, 0.95, 0.025);
  EXPECT_NEAR(double(means) / meanCount, 0.95, 0.05);
}

TEST(FamilyLaw, ANewFamilyLiesWithinTheStatedSpread) {
  int covered = 0, counted = 0;
  for (std::uint64_t seed = 1; seed <= 80; ++seed) {
    auto drawn = test::PlantedFamilies{.families = 6, .spread = 0.2, .se = 0.002}.draw(seed);
    std::erase_if(drawn.points, [](const LawPoint& p) { return p.family == "family5"; });
    const FamilyFit fit = fitFamilies(drawn.points, fewStarts(), 0.2);
    for (const SharedShift& shift : fit.shifts) {
      const double truth = drawn.shifts.at("family5").at(shift.format[3] - '0');
      // Truths above the law's bound of 0.5 cannot be fitted; none is drawn here.
      covered += std::abs(shift.mean - truth) <= 1.96 * shift.newFamilySe ? 1 : 0;
      ++counted;
    }
  }
  ASSERT_EQ(counted, 240);
  EXPECT_NEAR(double(covered) / counted, 0.95, 0.035);
}

TEST(FamilyLaw, SaysWhoIsLeftOut) {
  auto drawn = test::PlantedFamilies{.families = 4}.draw(2);
  std::erase_if(drawn.points, [](const LawPoint& p) {
    return (p.family == "family0" && p.model > "family0-2") ||
           (p.family == "family1" && p.bits == 16);
  });
  FamilyFit fit = fitFamilies(drawn.points, fewStarts());
  ASSERT_FALSE(fit.remarks.empty());
  EXPECT_EQ(fit.remarks[0].text,
            "family0 is left out: 3 sizes are too few for an exponent (4 are needed): the curve is "
            "interpolated and not continued");
  EXPECT_EQ(fit.remarks[1].text,
            "family1 is left out: its formats are compared with int8-b64, those of the others with "
            "fp16");
  EXPECT_EQ(fit.families.size(), 2u);
  EXPECT_TRUE(fit.usable);
  std::erase_if(drawn.points, [](const LawPoint& p) { return p.family > "family0"; });
  fit = fitFamilies(drawn.points, fewStarts());
  EXPECT_FALSE(fit.usable);
  EXPECT_EQ(fit.remarks.back().text,
            "no family with a law of its own: two are needed to share format shifts");
  EXPECT_THROW(fitFamilies(drawn.points, fewStarts(), 0), Error);
}

TEST(FamilyLaw, FamiliesWithLittleInCommonAreNamedSo) {
  const auto drawn = test::PlantedFamilies{.spread = 0.6, .se = 0.0005, .tau = 0}.draw(5);
  const FamilyFit fit = fitFamilies(drawn.points, fewStarts(), 0.1);
  const LawRemark* remark = findRemark(fit.remarks, RemarkCode::DoesNotDescribe);
  ASSERT_NE(remark, nullptr) << joinRemarks(fit.remarks);
  EXPECT_THAT(remark->text, StartsWith("format shifts differ between families by 0."));
  EXPECT_THAT(remark->text, HasSubstr("families have little in common"));
}

}  // namespace
}  // namespace bitfrontier
