// SPDX-License-Identifier: GPL-3.0-or-later
// What a fit says about parameters that the data do not determine.

#include <gmock/gmock.h>

#include <cmath>

#include "core/law/fit/joint_fit.h"
#include "core/law/inference/law_comparison.h"
#include "core/law/inference/law_profile.h"
#include "tests/core/law/noisy_sweep.h"

namespace bitfrontier {
namespace {

using test::keepSizes;
using test::Sweep;
using test::sweep;
using test::text;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

/// The sizes drawn together to a span of `factor`, on the same law.
Sweep narrow(double factor, double noise) {
  test::PlantedData data = test::plant(test::planted("J1"));
  Sweep s{data.points, data.options};
  double low = HUGE_VAL, high = 0;
  for (const LawPoint& p : s.points) {
    low = std::min(low, p.parameters);
    high = std::max(high, p.parameters);
  }
  const double shrink = std::log(factor) / std::log(high / low);
  CounterRng rng(5, 0);
  for (std::size_t i = 0; i < s.points.size(); ++i) {
    LawPoint& p = s.points[i];
    LawRow row = data.data.targets[i].row;
    const double size = std::exp(std::log(low) + shrink * std::log(p.parameters / low));
    p.totalBits *= size / p.parameters;
    p.parameters = size;
    row.logSize = shrink * row.logSize;
    p.accuracy = 1 - lawForm("J1").value(data.data.context, data.values.data(), row, nullptr) +
                 noise * p.accuracySe * rng.normal();
  }
  return s;
}

TEST(Identification, AFewPercentOfSizeAreNoRange) {
  const Sweep s = narrow(1.6, 0.02);
  const JointFit fit = fitJoint(s.points, s.options);
  EXPECT_THAT(
      text(fit, RemarkCode::NotIdentified, false),
      MatchesRegex(".* and .* \\(correlation -?(0\\.99999|1\\.00000|0\\.9999.)\\) are not "
                   "identified separately: predictions hold inside the measured range only"));
  const auto judged = fit.judgePrediction(1.5 * fit.maxSize);
  ASSERT_TRUE(judged.has_value());
  EXPECT_TRUE(judged->refusal);
  EXPECT_EQ(judged->text,
            "1.5 times outside the measured range, where the law's parameters are not identified");
  EXPECT_FALSE(fit.judgePrediction(fit.maxSize).has_value());
}

TEST(Identification, LawsOfManyParametersByTheirCondition) {
  // One break per decade cannot be placed on smooth data: no pair is to blame, all together are.
  Sweep s = sweep("broken", 0.3);
  s.options.metric = LawMetric::CrossEntropy;
  for (LawPoint& p : s.points) {
    p.crossEntropy = 2 + 0.4 * std::pow(p.parameters / 1e9, -0.3);
    p.crossEntropySe = LawPoint::kAbsent;
  }
  const JointFit fit = fitJoint(s.points, s.options);
  const std::string said = text(fit, RemarkCode::NotIdentified, false);
  EXPECT_THAT(said, HasSubstr("predictions hold inside the measured range only"));
  EXPECT_TRUE(fit.judgePrediction(1.5 * fit.maxSize)->refusal);
}

TEST(Identification, SixSizesOverLessThanTwoDecades) {
  const Sweep close = narrow(50, 0.3);
  const JointFit fit = fitJoint(close.points, close.options);
  ASSERT_TRUE(fit.usable) << joinRemarks(fit.remarks);
  EXPECT_EQ(fit.sizes, 8);
  EXPECT_FALSE(fit.judgePrediction(1.9 * fit.maxSize)->refusal);
  const auto far = fit.judgePrediction(2.5 * fit.maxSize);
  EXPECT_TRUE(far->refusal);
  EXPECT_EQ(far->text,
            "2.5 times outside the measured range, 2 times is the most with 8 sizes over 1.7 "
            "decades");
}

TEST(Identification, ThePenaltysExponentNeedsTwoClearFormats) {
  Sweep s = sweep("J2", 0.3);
  std::erase_if(s.points, [](const LawPoint& p) { return p.bits == 3; });
  const JointFit fit = fitJoint(s.points, s.options);
  EXPECT_EQ(text(fit, RemarkCode::NotIdentified, false),
            "gammaN rests on 1 format with a penalty above 3 standard errors (2 are needed): "
            "whether the best precision depends on the budget stays open");
  EXPECT_TRUE(fit.usable);
  const Sweep both = sweep("J2", 0.3);
  EXPECT_EQ(joinRemarks(fitJoint(both.points, both.options).remarks), "");
}

TEST(Identification, TheWeightErrorsExponentNeedsFourFormatsAndASpan) {
  Sweep s = sweep("J3", 0.3);
  const JointFit all = fitJoint(s.points, s.options);
  EXPECT_EQ(findRemark(all.remarks, RemarkCode::NotIdentified), nullptr)
      << joinRemarks(all.remarks);
  std::erase_if(s.points, [](const LawPoint& p) {
    return p.bits == 8 || p.bits == 3 || p.dataType == "float";
  });
  const JointFit few = fitJoint(s.points, s.options);
  EXPECT_EQ(text(few, RemarkCode::NotIdentified, false),
            "eta rests on 2 formats whose weight errors span a factor of 1.5 (4 and 16 are "
            "needed): formats outside that range are not predicted");
}

TEST(Identification, WeightErrorsThatWereNotMeasuredAreModelledAloud) {
  Sweep s = sweep("J3", 0.3);
  s.options.formatNoise.erase("int4-b64");
  const JointFit fit = fitJoint(s.points, s.options);
  EXPECT_EQ(text(fit, RemarkCode::ModelledNoise, false),
            "the weight error of int4-b64 is not known: it is modelled from bit width, data type "
            "and block");
  EXPECT_TRUE(fit.find("c_int").has_value());
  EXPECT_TRUE(fit.find("gG").has_value());
  s.options.formatNoise.clear();
  EXPECT_THAT(text(fitJoint(s.points, s.options), RemarkCode::ModelledNoise, false),
              HasSubstr("(and 8 more)"));
}

TEST(Identification, APointThatCarriesAPairedLaw) {
  // One point known a thousand times better than the others, all errors correlated.
  Sweep s = sweep();
  s.options.estimateTau = false;
  const std::size_t n = s.points.size();
  SymmetricMatrix matrix{n, std::vector<double>(n * n)};
  std::vector<double> sd;
  for (const LawPoint& p : s.points) sd.push_back(p.model == "m7" && p.bits == 16 ? 1e-5 : 0.05);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      matrix.values[i * n + k] = sd[i] * sd[k] * (i == k ? 1 : 0.4);
    }
  }
  s.options.covariance = matrix;
  const JointFit fit = fitJoint(s.points, s.options);
  EXPECT_EQ(fit.weighting, Weighting::Paired);
  EXPECT_THAT(text(fit, RemarkCode::DominatingPoint, true),
              StartsWith("the law rests on one point: m7 fp16 (leverage"));
  // With equal errors none does.
  s.options.covariance.reset();
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      matrix.values[i * n + k] = 9e-6 * (i == k ? 1 : 0.4);
    }
  }
  s.options.covariance = matrix;
  EXPECT_EQ(findRemark(fitJoint(s.points, s.options).remarks, RemarkCode::DominatingPoint),
            nullptr);
}

TEST(Identification, FewerSizesThanParameters) {
  Sweep s = sweep("broken", 0.3);
  s.options.metric = LawMetric::CrossEntropy;
  keepSizes(s, 10);
  EXPECT_EQ(text(fitJoint(s.points, s.options), RemarkCode::TooFewSizes, true),
            "10 sizes are too few for the 6 parameters of broken in one format (12 are needed): "
            "use a joint law");
  // Two parameters, the floor being known: five sizes.
  s = sweep("power", 0.3);
  s.options.fixed["E"] = 0.25;
  keepSizes(s, 4);
  EXPECT_EQ(text(fitJoint(s.points, s.options), RemarkCode::TooFewSizes, true),
            "4 sizes are too few for the 2 parameters of power in one format (5 are needed): use "
            "a joint law");
  s = sweep("power", 0.3);
  s.options.fixed["E"] = 0.25;
  keepSizes(s, 5);
  EXPECT_TRUE(fitJoint(s.points, s.options).usable);
}

TEST(Identification, StartsThatEndElsewhereAreSaid) {
  // Three breaks on noise can be anywhere.
  Sweep s = sweep("broken", 0.3);
  s.options.metric = LawMetric::CrossEntropy;
  s.options.breaks = 3;
  s.options.starts = 40;
  CounterRng rng(9, 1);
  for (LawPoint& p : s.points) {
    p.crossEntropy = 2.5 + 0.3 * rng.normal();
    p.crossEntropySe = LawPoint::kAbsent;
  }
  const JointFit fit = fitJoint(s.points, s.options);
  EXPECT_LT(fit.agreed, 5);
  EXPECT_THAT(text(fit, RemarkCode::FewStartsAgree, false),
              MatchesRegex("(only [1-4] of 40 starts ended here|the best of 40 starts had to be "
                           "refined to get here): .*(a law with fewer parameters is safer|with .* "
                           "at a bound the data do not say much about the others)"));
}

TEST(Identification, TwoOptimaWithDifferentWinnersAreAmbiguous) {
  // Formats that differ by less than their noise let the penalty shrink or grow with size equally
  // well. Which of the two wins at large budgets then depends on the optimum.
  int ambiguous = 0;
  std::string said;
  for (std::uint64_t seed = 1; seed <= 200 && ambiguous == 0; ++seed) {
    Sweep s = sweep("J1", 0);
    std::erase_if(s.points, [](const LawPoint& p) { return p.bits != 16 && p.bits != 8; });
    CounterRng rng(seed, 0);
    for (LawPoint& p : s.points) {
      p.accuracySe = 0.004;
      p.totalBits = p.parameters * (p.bits == 16 ? 8.3 : 8.25);
      p.accuracy += p.accuracySe * rng.normal();
    }
    s.options.form = "J2";
    s.options.starts = 32;
    const JointFit fit = fitJoint(s.points, s.options);
    const LawRemark* remark = findRemark(fit.remarks, RemarkCode::Ambiguous);
    if (remark == nullptr) continue;
    ++ambiguous;
    said = remark->text;
    EXPECT_FALSE(remark->refusal);
    EXPECT_GE(fit.minima, 2);
  }
  EXPECT_EQ(ambiguous, 1);
  EXPECT_THAT(said,
              MatchesRegex("ambiguous: [0-9]+ optima fit equally well and name different best "
                           "formats"));
}

}  // namespace
}  // namespace bitfrontier
