// SPDX-License-Identifier: GPL-3.0-or-later
// What a joint law refuses or qualifies, each with the sentence that a person reads.

#include <gmock/gmock.h>

#include <cmath>

#include "core/base/error.h"
#include "core/law/law_comparison.h"
#include "core/law/law_outliers.h"
#include "core/law/law_profile.h"
#include "tests/core/law/law_cases.h"
#include "tests/core/law/planted_law.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// J1 on 8 sizes x 4 formats over three decades, with a little independent noise.
struct Sweep {
  std::vector<LawPoint> points;
  JointOptions options;
};

Sweep sweep(const std::string& form = "J1", double noise = 0.3) {
  const test::PlantedData planted = test::plant(test::planted(form));
  Sweep s{planted.points, planted.options};
  s.options.estimateTau = true;
  CounterRng rng(3, 0);
  for (LawPoint& p : s.points) {
    p.accuracy += noise * p.accuracySe * rng.normal();
    p.crossEntropy += noise * p.crossEntropySe * rng.normal();
  }
  return s;
}

/// Keeps sizes m0 .. m(count-1).
void keepSizes(Sweep& s, int count) {
  std::erase_if(s.points, [&](const LawPoint& p) { return std::stoi(p.model.substr(1)) >= count; });
}

std::string text(const JointFit& fit, RemarkCode code, bool refusal) {
  const LawRemark* remark = findRemark(fit.remarks, code);
  if (remark == nullptr) return "nothing said; instead: " + joinRemarks(fit.remarks);
  EXPECT_EQ(remark->refusal, refusal) << remark->text;
  return remark->text;
}

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

TEST(BadData, GetsASentenceAndNeverAnAbort) {
  const Sweep good = sweep();
  const auto fitWith = [&](auto change) {
    Sweep s = good;
    change(s);
    return fitJoint(s.points, s.options);
  };
  JointFit fit = fitWith([](Sweep& s) { s.points[0].accuracy = LawPoint::kAbsent; });
  EXPECT_EQ(text(fit, RemarkCode::AbsentValues, false), "1 of 32 points have no accuracy");
  EXPECT_TRUE(fit.usable);
  fit = fitWith([](Sweep& s) { s.points[1].totalBits = 0; });
  EXPECT_EQ(text(fit, RemarkCode::BadValues, false), "left out: m0 int8-b64 has 0 total bits");
  fit = fitWith([](Sweep& s) { s.points[1].accuracy = 1.7; });
  EXPECT_EQ(text(fit, RemarkCode::BadValues, false), "left out: accuracy of m0 int8-b64 is 1.7");
  fit = fitWith([](Sweep& s) { s.points[1].parameters = INFINITY; });
  EXPECT_THAT(text(fit, RemarkCode::BadValues, false), HasSubstr("m0 int8-b64 has inf parameters"));
  fit = fitWith([](Sweep& s) { s.points[1].accuracySe = -1; });
  EXPECT_THAT(text(fit, RemarkCode::BadValues, false), HasSubstr("the standard error of"));
  fit = fitWith([](Sweep& s) { s.points.push_back(s.points[2]); });
  EXPECT_EQ(text(fit, RemarkCode::Duplicates, false), "m0 int4-b64 is there twice and counts once");
  EXPECT_EQ(fit.n, 32);
  fit = fitWith([](Sweep& s) {
    s.points.push_back(s.points[2]);
    s.points.back().accuracy += 0.01;
  });
  EXPECT_THAT(text(fit, RemarkCode::Duplicates, false), HasSubstr("both count"));
  EXPECT_EQ(fit.n, 33);
  fit = fitWith([](Sweep& s) { s.points[1].parameters *= 2; });
  EXPECT_THAT(text(fit, RemarkCode::ContradictorySizes, true), StartsWith("model m0 has"));
  EXPECT_FALSE(fit.usable);
  fit = fitWith([](Sweep& s) {
    for (LawPoint& p : s.points) p.accuracy = 0.5;
  });
  EXPECT_EQ(text(fit, RemarkCode::NoSpread, true), "accuracy is the same at all points");
  fit = fitWith([](Sweep& s) {
    for (LawPoint& p : s.points) p.accuracySe = LawPoint::kAbsent;
  });
  EXPECT_THAT(text(fit, RemarkCode::NoErrors, false), StartsWith("points without standard errors"));
  EXPECT_EQ(fit.weighting, Weighting::Equal);
  fit = fitWith([](Sweep& s) { s.points.clear(); });
  EXPECT_EQ(text(fit, RemarkCode::TooFewPoints, true), "no point has a usable accuracy");
  fit = fitWith([](Sweep& s) { s.options.metric = LawMetric::Accuracy, s.options.form = "kumar"; });
  EXPECT_EQ(text(fit, RemarkCode::MissingVariable, true),
            "the law kumar does not describe accuracy");
  fit = fitWith([](Sweep& s) {
    for (LawPoint& p : s.points) p.accuracy = 1 - p.accuracy;
  });
  EXPECT_EQ(text(fit, RemarkCode::NotRising, true), "accuracy does not rise with size");
}

TEST(BadData, ContradictoryConstantsAreErrors) {
  const auto message = [](auto change) -> std::string {
    Sweep s = sweep();
    change(s.options);
    try {
      fitJoint(s.points, s.options);
    } catch (const Error& e) {
      EXPECT_EQ(e.kind(), ErrorKind::InvalidArgument);
      return e.what();
    }
    return "no error";
  };
  EXPECT_EQ(message([](JointOptions& o) { o.fixed["E"] = 1.5; }),
            "E is held at 1.5, but 0 to 0.95 are possible");
  EXPECT_EQ(message([](JointOptions& o) { o.fixed["alpha"] = LawPoint::kAbsent; }),
            "alpha is held at nan, but 0.005 to 3 are possible");
  EXPECT_EQ(message([](JointOptions& o) { o.fixed["zeta"] = 1; }),
            "the law J1 has no parameter zeta");
  EXPECT_EQ(message([](JointOptions& o) { o.tau = -1; }), "a lack of fit of -1");
  EXPECT_THAT(message([](JointOptions& o) { o.starts = 0; }), StartsWith("a fit with 0 starts"));
  EXPECT_THAT(message([](JointOptions& o) {
                o.loss = RobustLoss::Huber;
                o.weighting = Weighting::Paired;
              }),
              HasSubstr("not on paired (GLS) residuals"));
  EXPECT_EQ(message([](JointOptions& o) {
              o.covariance = SymmetricMatrix{2, {1, 0.9, 0, 1}};
            }),
            "the covariance of points 1 and 0 is not symmetric");
  EXPECT_EQ(message([](JointOptions& o) {
              o.covariance = SymmetricMatrix{2, {1, 0, 0, -1}};
            }),
            "the variance of point 1 is -1");
  EXPECT_THAT(message([](JointOptions& o) { o.form = "J7"; }), StartsWith("unknown law 'J7'"));
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

}  // namespace
}  // namespace bitfrontier
