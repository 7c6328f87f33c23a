// SPDX-License-Identifier: GPL-3.0-or-later
// What a joint law refuses or qualifies, each with the sentence that a person reads.

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <random>

#include "core/law/fit/joint_fit.h"
#include "core/law/fit/law_outliers.h"
#include "core/law/inference/law_comparison.h"
#include "core/law/inference/law_profile.h"
#include "tests/core/law/law_cases.h"
#include "tests/core/law/noisy_sweep.h"

namespace bitfrontier {
namespace {

using test::keepSizes;
using test::Sweep;
using test::sweep;
using test::text;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Refusals, NothingToSayAboutAGoodSweep) {
  const Sweep s = sweep();
  const JointFit fit = fitJoint(s.points, s.options);
  EXPECT_TRUE(fit.usable);
  EXPECT_EQ(joinRemarks(fit.remarks), "");
  EXPECT_FALSE(fit.judgePrediction(fit.maxSize).has_value());
}

TEST(Refusals, OneSizeOfAFormat) {
  Sweep s = sweep();
  std::erase_if(s.points, [](const LawPoint& p) { return p.bits == 3 && p.model != "m2"; });
  const JointFit fit = fitJoint(s.points, s.options);
  EXPECT_EQ(text(fit, RemarkCode::TooFewSizes, false),
            "int3-b64 has one size: its points are shown, no curve");
  EXPECT_TRUE(fit.usable);
  EXPECT_FALSE(fit.findFormat("int3-b64").has_value());
}

TEST(Refusals, OneToThreeSizes) {
  Sweep s = sweep();
  keepSizes(s, 3);
  JointFit fit = fitJoint(s.points, s.options);
  EXPECT_FALSE(fit.usable);
  EXPECT_EQ(text(fit, RemarkCode::InterpolateOnly, true),
            "3 sizes are too few for an exponent (4 are needed): the curve is interpolated and not "
            "continued");
  EXPECT_TRUE(std::isnan(fit.predict(fit.row(0, 1e9))));
  keepSizes(s, 1);
  fit = fitJoint(s.points, s.options);
  EXPECT_FALSE(fit.usable);
  EXPECT_THAT(text(fit, RemarkCode::TooFewSizes, false), HasSubstr("one size"));
}

TEST(Refusals, FourOrFiveSizes) {
  Sweep s = sweep();
  keepSizes(s, 5);
  const JointFit joint = fitJoint(s.points, s.options);
  EXPECT_TRUE(joint.usable) << joinRemarks(joint.remarks);
  EXPECT_EQ(text(joint, RemarkCode::FewSizes, false),
            "with 5 sizes the exponent is weakly determined: nothing beyond one doubling of size");
  EXPECT_FALSE(joint.judgePrediction(1.9 * joint.maxSize)->refusal);
  EXPECT_EQ(joint.judgePrediction(1.9 * joint.maxSize)->text,
            "1.9 times outside the measured range");
  const auto far = joint.judgePrediction(3 * joint.maxSize);
  EXPECT_TRUE(far->refusal);
  EXPECT_THAT(far->text, StartsWith("3 times outside the measured range, 2 times is the most with "
                                    "5 sizes"));

  // One format alone is refused.
  std::erase_if(s.points, [](const LawPoint& p) { return p.bits != 4; });
  s.options.form = "power";
  const JointFit one = fitJoint(s.points, s.options);
  EXPECT_FALSE(one.usable);
  EXPECT_EQ(text(one, RemarkCode::TooFewSizes, true),
            "5 sizes are too few for the 3 parameters of power in one format (6 are needed): use a "
            "joint law");
}

TEST(Refusals, EightSizesOverThreeDecades) {
  const Sweep s = sweep();
  const JointFit fit = fitJoint(s.points, s.options);
  EXPECT_FALSE(fit.judgePrediction(3.9 * fit.maxSize)->refusal);
  const auto far = fit.judgePrediction(fit.minSize / 5);
  EXPECT_TRUE(far->refusal);
  EXPECT_EQ(far->text, "5 times outside the measured range, 4 times is the most");
}

TEST(Refusals, FloorAtItsBound) {
  // Straight in logarithms down to no error at all: E wants to be negative.
  Sweep s = sweep("J1", 0);
  for (LawPoint& p : s.points)
    p.accuracy = 0.35 + 0.06 * std::log(p.parameters / 5e7) + 0.002 * (p.bits - 16);
  const JointFit fit = fitJoint(s.points, s.options);
  EXPECT_EQ(text(fit, RemarkCode::AtBound, false),
            "E at bound 0: not identified, predictions hold inside the measured range only");
  EXPECT_TRUE(std::isnan(fit.parameters[0].se));
  EXPECT_TRUE(fit.judgePrediction(1.5 * fit.maxSize)->refusal);
  EXPECT_FALSE(fit.judgePrediction(0.9 * fit.maxSize).has_value());
}

TEST(Refusals, ProfileThatDoesNotClose) {
  // Four sizes within a factor of 2: the ceiling cannot be told from the exponent.
  Sweep s = sweep("J1", 1);
  keepSizes(s, 4);
  for (LawPoint& p : s.points) p.accuracySe = 0.02;
  const JointFit fit = fitJoint(s.points, s.options);
  const auto intervals = profileIntervals(s.points, s.options, fit, {.parameters = {"E"}});
  ASSERT_EQ(intervals.size(), 1u);
  EXPECT_FALSE(intervals[0].closedBelow);
  const auto remarks = judgeProfiles(intervals);
  ASSERT_EQ(remarks.size(), 1u);
  EXPECT_THAT(remarks[0].text, StartsWith("the interval of E does not close"));
  EXPECT_THAT(remarks[0].text, HasSubstr("not identified"));
}

TEST(Refusals, ALawThatDoesNotDescribe) {
  // Known errors and no lack of fit allowed: chi2 says no.
  Sweep s = sweep("J1", 8);
  s.options.estimateTau = false;
  JointFit fit = fitJoint(s.points, s.options);
  EXPECT_FALSE(fit.usable);
  EXPECT_THAT(text(fit, RemarkCode::DoesNotDescribe, true),
              StartsWith("the law does not describe the data: chi2"));
  // A lack of fit above one point of accuracy.
  s.options.estimateTau = true;
  fit = fitJoint(s.points, s.options);
  EXPECT_FALSE(fit.usable);
  EXPECT_THAT(text(fit, RemarkCode::DoesNotDescribe, true),
              HasSubstr("points of accuracy beyond their errors; the interpolated curve does"));
}

TEST(Refusals, OneBadPointIsNamed) {
  Sweep s = sweep();
  for (LawPoint& p : s.points) {
    if (p.model == "m5" && p.bits == 4) p.accuracy -= 0.06;
  }
  const JointFit fit = fitJoint(s.points, s.options);
  EXPECT_THAT(text(fit, RemarkCode::Outlier, false), StartsWith("m5 int4-b64 (-"));
  EXPECT_THAT(text(fit, RemarkCode::Outlier, false),
              HasSubstr("does not fit: compare the robust fit and the fit without it"));
  const auto refits = refitForOutliers(s.points, s.options, fit);
  ASSERT_TRUE(refits.has_value());
  const auto shift = [](const JointFit& f) {
    return f.parameters[*f.find("lnrho_int4-b64")].value;
  };
  EXPECT_NEAR(shift(refits->without), -0.14, 0.05);
  EXPECT_NEAR(shift(refits->robust), -0.14, 0.1);
  EXPECT_LT(shift(fit), -0.19);
  EXPECT_EQ(refits->without.n, fit.n - 1);
}

TEST(Refusals, OnePointThatCarriesTheLaw) {
  Sweep s = sweep();
  s.options.estimateTau = false;
  for (LawPoint& p : s.points) p.accuracySe = p.model == "m7" && p.bits == 16 ? 1e-5 : 0.05;
  const JointFit fit = fitJoint(s.points, s.options);
  EXPECT_FALSE(fit.usable);
  EXPECT_THAT(text(fit, RemarkCode::DominatingPoint, true),
              StartsWith("the law rests on one point: m7 fp16 (leverage"));
}

TEST(Refusals, FormatAtChance) {
  Sweep s = sweep();
  for (LawPoint& p : s.points) {
    p.chance = 0.3;
    if (p.bits == 3 && p.model < "m5") p.accuracy = 0.301;
  }
  JointFit fit = fitJoint(s.points, s.options);
  EXPECT_EQ(text(fit, RemarkCode::AtChance, false),
            "int3-b64 is at chance (5 of 8 points within 2 standard errors of guessing) and left "
            "out of the law");
  EXPECT_FALSE(fit.findFormat("int3-b64").has_value());
  // A single one says nothing about a law without a floor.
  s = sweep();
  for (LawPoint& p : s.points) {
    p.chance = 0.1;
    if (p.bits == 3 && p.model == "m0") p.accuracy = 0.102;
  }
  fit = fitJoint(s.points, s.options);
  EXPECT_EQ(text(fit, RemarkCode::NearChance, false),
            "m0 int3-b64 within 2 standard errors of guessing says nothing about the law and is "
            "left out");
}

TEST(Refusals, ItemsThatAreNotTheSame) {
  Sweep s = sweep();
  s.options.unpairedBecause = "m1 and m2 were scored on different items of hellaswag";
  JointFit fit = fitJoint(s.points, s.options);
  EXPECT_EQ(fit.weighting, Weighting::Errors);
  EXPECT_EQ(text(fit, RemarkCode::DifferentItems, false),
            "not paired: m1 and m2 were scored on different items of hellaswag; errors are taken "
            "as independent");
  s.options.unpairedBecause.clear();
  s.options.weighting = Weighting::Paired;
  fit = fitJoint(s.points, s.options);
  EXPECT_EQ(text(fit, RemarkCode::DifferentItems, false),
            "no outcomes of items are there, so configurations are not paired; errors are taken "
            "as independent");
}

/// Errors of 1.2 points that the points of one model share but for a hundredth of their variance.
SymmetricMatrix sharedWithinModels(const std::vector<LawPoint>& points) {
  const std::size_t n = points.size();
  SymmetricMatrix matrix{n, std::vector<double>(n * n)};
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < n; ++k) {
      const bool same = points[i].model == points[k].model;
      matrix.values[i * n + k] = 0.012 * 0.012 * (i == k ? 1 : same ? 0.99 : 0);
    }
  }
  return matrix;
}

TEST(Refusals, LawsThatMissWholeModels) {
  Sweep s = sweep();
  s.options.covariance = sharedWithinModels(s.points);
  EXPECT_EQ(findRemark(fitJoint(s.points, s.options).remarks, RemarkCode::MissesModels), nullptr);
  for (LawPoint& p : s.points) {
    if (p.model == "m3") p.accuracy -= 0.08;
    if (p.model == "m5") p.accuracy += 0.08;
  }
  const JointFit fit = fitJoint(s.points, s.options);
  EXPECT_EQ(fit.weighting, Weighting::Paired);
  EXPECT_LT(fit.tau, 0.01);  // what hid it
  EXPECT_FALSE(fit.usable);
  EXPECT_THAT(text(fit, RemarkCode::MissesModels, true),
              testing::MatchesRegex("the law misses whole models: m[35] lies [+-][0-9.]+ points "
                                    "off on average, models by [0-9.]+ points beyond the errors "
                                    "that their points share; the interpolated curve does not"));
  // Decisions give every model a deviation of its own.
  s.options.modelsDeviate = true;
  const JointFit qualified = fitJoint(s.points, s.options);
  EXPECT_TRUE(qualified.usable) << joinRemarks(qualified.remarks);
  EXPECT_THAT(text(qualified, RemarkCode::MissesModels, false),
              StartsWith("models deviate from the law as a whole: m"));
}

// What shared errors explain is no miss.
TEST(Refusals, ModelsOffByTheirSharedErrorAreNotMissed) {
  std::mt19937_64 random(20261130);
  std::normal_distribution<double> normal;
  int missed = 0;
  for (int round = 0; round < 100; ++round) {
    Sweep s = sweep();
    s.options.covariance = sharedWithinModels(s.points);
    std::map<std::string, double> shared;
    for (LawPoint& p : s.points) {
      const double common = shared.try_emplace(p.model, 0.012 * normal(random)).first->second;
      p.accuracy += common + 0.0012 * normal(random);
    }
    const JointFit fit = fitJoint(s.points, s.options);
    missed += findRemark(fit.remarks, RemarkCode::MissesModels) != nullptr ? 1 : 0;
  }
  EXPECT_LE(missed, 1);
}

TEST(Refusals, PointsThatWereNotScoredAlike) {
  Sweep s = sweep();
  s.points[3].evaluator = "7";
  JointFit fit = fitJoint(s.points, s.options);
  EXPECT_FALSE(fit.usable);
  EXPECT_THAT(text(fit, RemarkCode::MixedSources, true),
              StartsWith("points of 2 evaluator versions"));
  s = sweep();
  s.points[3].source = "a paper";
  fit = fitJoint(s.points, s.options);
  EXPECT_EQ(text(fit, RemarkCode::MixedSources, true),
            "points of 2 sources (measured here, a paper) were not scored alike and are not "
            "pooled");
  s = sweep();
  s.points[3].family = "other";
  fit = fitJoint(s.points, s.options);
  EXPECT_EQ(text(fit, RemarkCode::MixedFamilies, true),
            "points of 2 families (other, planted): one law holds for one family");
}

TEST(Refusals, SizesTrainedOnDifferentTokens) {
  Sweep s = sweep();
  for (const LawPoint& p : s.points)
    s.options.trainingTokens[p.model] = p.model < "m4" ? 1e12 : 1.4e12;
  JointFit fit = fitJoint(s.points, s.options);
  EXPECT_EQ(text(fit, RemarkCode::DifferentTokens, false),
            "sizes were trained on different numbers of tokens (1e+12 to 1.4e+12), so size and "
            "data are confounded; a law L(N, D) separates them");
  s.options.form = "gadre";
  s.options.metric = LawMetric::CrossEntropy;
  s.options.trainingTokens.erase("m0");
  fit = fitJoint(s.points, s.options);
  EXPECT_EQ(text(fit, RemarkCode::MissingVariable, true),
            "the law gadre needs the training tokens of every model");
}

TEST(Refusals, PriorsAreNeverSilent) {
  Sweep s = sweep("kumar");
  s.options.publishedPriors = true;
  const JointFit with = fitJoint(s.points, s.options);
  EXPECT_THAT(text(with, RemarkCode::PriorUsed, false),
              StartsWith("published constants took part as priors of relative width 0.3: alpha = "
                         "0.4965 (Kumar et al. 2024, table 2)"));
  s.options.publishedPriors = false;
  const JointFit without = fitJoint(s.points, s.options);
  EXPECT_EQ(findRemark(without.remarks, RemarkCode::PriorUsed), nullptr);
  EXPECT_NE(with.parameters[4].value, without.parameters[4].value);
}

class RefusalReference : public test::LawCases {};

TEST_F(RefusalReference, Opt66BIsNamedAndBothRefitsAreThere) {
  const auto points = gptq("OPT");
  const JointFit fit = fitJoint(points, {});
  EXPECT_FALSE(fit.usable);
  EXPECT_THAT(text(fit, RemarkCode::DoesNotDescribe, true), HasSubstr("1.67 points of accuracy"));
  EXPECT_THAT(text(fit, RemarkCode::Outlier, false), HasSubstr("OPT-66B"));
  ASSERT_TRUE(refitForOutliers(points, {}, fit).has_value());
}

TEST_F(RefusalReference, ThreeSizesOfTheSyntheticSet) {
  auto points = synthetic();
  std::erase_if(points,
                [](const LawPoint& p) { return p.parameters < 1e9 || p.parameters > 1e10; });
  const JointFit fit = fitJoint(points, {});
  EXPECT_FALSE(fit.usable);
  EXPECT_THAT(text(fit, RemarkCode::InterpolateOnly, true), StartsWith("3 sizes are too few"));
}

TEST_F(RefusalReference, AFormatOfTheSyntheticSetAtChance) {
  auto points = synthetic();
  for (LawPoint& p : points) {
    p.chance = 0.3;
    if (p.config == "fp3_b64" && p.parameters < 3e9) p.accuracy = 0.302;
  }
  const JointFit fit = fitJoint(points, {});
  EXPECT_EQ(
      text(fit, RemarkCode::AtChance, false),
      "fp3_b64 is at chance (4 of 6 points within 2 standard errors of guessing) and left out "
      "of the law");
  EXPECT_FALSE(fit.findFormat("fp3_b64").has_value());
}

TEST_F(RefusalReference, ShuffledItemsOfTheSyntheticSet) {
  std::ifstream in(folder_ / "synth" / "synth_A.items.txt");
  std::vector<std::vector<std::uint8_t>> rows;
  std::string line;
  while (std::getline(in, line)) {
    std::vector<std::uint8_t>& row = rows.emplace_back();
    for (const char c : line) row.push_back(c == '1' ? 1 : 0);
  }
  const auto outcomes = [&] {
    ItemOutcomes items(rows.size());
    const std::vector<std::span<const std::uint8_t>> views(rows.begin(), rows.end());
    items.addTask("synthetic", views);
    return items;
  };
  const std::vector<bool> all(rows.size(), true);
  EXPECT_FALSE(outcomes().unlikeAll(all).has_value());
  std::reverse(rows[9].begin(), rows[9].end());
  EXPECT_EQ(outcomes().unlikeAll(all), std::optional<std::size_t>(9));
  // What is shuffled as often as it is measured gives no pairing at all.
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::rotate(rows[i].begin(), rows[i].begin() + std::ptrdiff_t(17 * i), rows[i].end());
  }
  EXPECT_EQ(outcomes().unlikeAll(all), std::optional<std::size_t>(0));
  JointOptions options;
  options.unpairedBecause = "the outcomes of 0.125B f16 agree with those of no other configuration";
  const JointFit fit = fitJoint(synthetic(), options);
  EXPECT_EQ(fit.weighting, Weighting::Errors);
  EXPECT_THAT(text(fit, RemarkCode::DifferentItems, false),
              HasSubstr("errors are taken as independent"));
}

TEST_F(RefusalReference, AccuracyOfOneTaskThatDoesNotFit) {
  // ARC-easy of OPT-1.3B in GPTQ 4 bit is printed as 59.97, 9 points above its 16 bit value.
  const CsvTable table = CsvTable::read(folder_ / "quant_tables" / "gptq_opt_bloom.csv");
  std::vector<LawPoint> points = gptq("OPT-no66B");
  for (LawPoint& p : points) {
    for (const auto& row : table.rows()) {
      if (table.text(row, "family") + "-" + table.text(row, "size") != p.model ||
          (p.bits == 16
               ? table.text(row, "method") != "fp16"
               : table.text(row, "method") != "gptq" || table.integer(row, "k_bits") != p.bits)) {
        continue;
      }
      p.accuracy = table.number(row, "acc_arc_easy") / 100;
      p.accuracySe = std::sqrt(p.accuracy * (1 - p.accuracy) / 2376);
    }
  }
  const JointFit fit = fitJoint(points, {});
  EXPECT_THAT(text(fit, RemarkCode::Outlier, false), HasSubstr("OPT-1.3B gptq4 (+"));
  const auto refits = refitForOutliers(points, {}, fit);
  ASSERT_TRUE(refits.has_value());
  EXPECT_LT(refits->without.tau, fit.tau);
}

}  // namespace
}  // namespace bitfrontier
