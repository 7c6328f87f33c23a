// SPDX-License-Identifier: GPL-3.0-or-later
// Bad data get a sentence and never an abort: single cases with their sentence, then every law with
// every bad input.

#include <gmock/gmock.h>

#include <cctype>
#include <cmath>
#include <functional>

#include "core/base/error.h"
#include "core/law/fit/joint_fit.h"
#include "core/law/fit/law_outliers.h"
#include "core/law/inference/law_bootstrap.h"
#include "core/law/inference/law_comparison.h"
#include "core/law/inference/law_profile.h"
#include "tests/core/law/noisy_sweep.h"

namespace bitfrontier {
namespace {

using test::Sweep;
using test::sweep;
using test::text;
using testing::HasSubstr;
using testing::StartsWith;

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
  fit = fitWith([](Sweep& s) {
    for (LawPoint& p : s.points) p.tasks = p.model == "m3" ? "arc, piqa" : "arc";
  });
  EXPECT_EQ(text(fit, RemarkCode::MixedSources, true),
            "points of 2 sets of tasks (arc; arc, piqa) were not scored alike and are not pooled");
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

constexpr double kNaN = LawPoint::kAbsent;
constexpr double kInfinity = HUGE_VAL;

/// What is done to good data, and words of the sentence that every law then says; empty where laws
/// differ.
struct BadInput {
  const char* name;
  std::function<void(Sweep&)> spoil;
  const char* says = "";
};

/// The metric of the law, of one point or all.
void setMetric(Sweep& s, double value, bool all) {
  for (LawPoint& p : s.points) {
    (s.options.metric == LawMetric::Accuracy ? p.accuracy : p.crossEntropy) = value;
    if (!all) return;
  }
}
void setErrors(Sweep& s, double value, bool all) {
  for (LawPoint& p : s.points) {
    p.accuracySe = p.crossEntropySe = value;
    if (!all) return;
  }
}
void setCovariance(Sweep& s, double diagonal, double other) {
  const std::size_t n = s.points.size();
  SymmetricMatrix matrix{n, std::vector<double>(n * n, other)};
  for (std::size_t i = 0; i < n; ++i) matrix.values[i * n + i] = diagonal;
  s.options.covariance = std::move(matrix);
}

const std::vector<BadInput>& badInputs() {
  static const std::vector<BadInput> kInputs{
      {"no points", [](Sweep& s) { s.points.clear(); }, "no point has a usable"},
      {"one point", [](Sweep& s) { s.points.resize(1); }},
      {"two points", [](Sweep& s) { s.points.resize(2); }},
      {"no value", [](Sweep& s) { setMetric(s, kNaN, true); }, "no point has a usable"},
      {"one value missing", [](Sweep& s) { setMetric(s, kNaN, false); }, "points have no"},
      {"infinite value", [](Sweep& s) { setMetric(s, kInfinity, false); }, "left out: "},
      {"negative value", [](Sweep& s) { setMetric(s, -0.5, false); }, "left out: "},
      {"huge value", [](Sweep& s) { setMetric(s, 1e300, false); }},
      {"equal values", [](Sweep& s) { setMetric(s, 0.5, true); }},
      {"values of 0", [](Sweep& s) { setMetric(s, 0, true); }},
      {"values of 1", [](Sweep& s) { setMetric(s, 1, true); }},
      {"NaN parameters",
       [](Sweep& s) {
         for (LawPoint& p : s.points) p.parameters = kNaN;
       }},
      {"zero parameters", [](Sweep& s) { s.points[0].parameters = 0; }},
      {"huge parameters", [](Sweep& s) { s.points[0].parameters = 1e300; }},
      {"zero bits in total", [](Sweep& s) { s.points[0].totalBits = 0; }, "0 total bits"},
      {"negative total bits", [](Sweep& s) { s.points[0].totalBits = -1; }, "-1 total bits"},
      {"zero bits of a weight",
       [](Sweep& s) {
         for (LawPoint& p : s.points) p.bits = p.bits == 16 ? 16 : 0;
       }},
      {"zero bits everywhere",
       [](Sweep& s) {
         for (LawPoint& p : s.points) p.bits = 0;
       }},
      {"a thousand bits", [](Sweep& s) { s.points.back().bits = 1000; }},
      {"blocks of minus one",
       [](Sweep& s) {
         for (LawPoint& p : s.points) p.blockSize = -1;
       }},
      {"blocks of one",
       [](Sweep& s) {
         for (LawPoint& p : s.points) p.blockSize = 1;
       }},
      {"no names",
       [](Sweep& s) {
         for (LawPoint& p : s.points) p.model = p.config = p.dataType = "";
       }},
      {"the same twice", [](Sweep& s) { s.points.push_back(s.points[1]); }, "there twice"},
      {"all twice",
       [](Sweep& s) {
         const std::vector<LawPoint> copy = s.points;
         s.points.insert(s.points.end(), copy.begin(), copy.end());
       },
       "there twice"},
      {"two sizes of a model",
       [](Sweep& s) {
         s.points.push_back(s.points[0]);
         s.points.back().parameters *= 3;
         s.points.back().config += "x";
       },
       " parameters"},
      {"one size",
       [](Sweep& s) {
         std::erase_if(s.points, [](const LawPoint& p) { return p.model != "m0"; });
       }},
      {"two sizes",
       [](Sweep& s) {
         std::erase_if(s.points,
                       [](const LawPoint& p) { return p.model != "m0" && p.model != "m1"; });
       }},
      {"all of one size by other names",
       [](Sweep& s) {
         for (LawPoint& p : s.points) p.parameters = p.totalBits = 1e9;
       }},
      {"falling with size",
       [](Sweep& s) {
         for (LawPoint& p : s.points)
           p.accuracy = 1 - p.accuracy, p.crossEntropy = 9 - p.crossEntropy;
       }},
      {"errors of NaN", [](Sweep& s) { setErrors(s, kNaN, true); }},
      {"errors of 0", [](Sweep& s) { setErrors(s, 0, true); }},
      {"negative error", [](Sweep& s) { setErrors(s, -1, false); }, "the standard error of"},
      {"infinite error", [](Sweep& s) { setErrors(s, kInfinity, false); }, "the standard error of"},
      {"tiny error", [](Sweep& s) { setErrors(s, 1e-300, false); }},
      {"tiny errors", [](Sweep& s) { setErrors(s, 1e-300, true); }},
      {"huge errors", [](Sweep& s) { setErrors(s, 1e150, true); }},
      {"chance of NaN",
       [](Sweep& s) {
         for (LawPoint& p : s.points) p.chance = kNaN;
       }},
      {"chance of 1",
       [](Sweep& s) {
         for (LawPoint& p : s.points) p.chance = 1;
       }},
      {"covariance of another size",
       [](Sweep& s) {
         s.options.covariance = SymmetricMatrix{1, {1e-6}};
       }},
      {"covariance without values",
       [](Sweep& s) {
         s.options.covariance = SymmetricMatrix{3, {}};
       },
       "not a square matrix"},
      {"covariance of zeros", [](Sweep& s) { setCovariance(s, 0, 0); }},
      {"covariance of equals", [](Sweep& s) { setCovariance(s, 1e-6, 1e-6); }},
      {"indefinite covariance", [](Sweep& s) { setCovariance(s, 1e-6, -9e-7); }},
      {"impossible covariance", [](Sweep& s) { setCovariance(s, 1e-6, 1); },
       "more than their variances"},
      {"covariance of NaN", [](Sweep& s) { setCovariance(s, kNaN, kNaN); },
       "the variance of point"},
      {"infinite covariance", [](Sweep& s) { setCovariance(s, kInfinity, 0); },
       "the variance of point"},
      {"every parameter held",
       [](Sweep& s) {
         const test::PlantedData data = test::plant(test::planted(s.options.form));
         const auto parameters = lawForm(s.options.form).parameters(data.data.context);
         for (std::size_t k = 0; k < parameters.size(); ++k) {
           s.options.fixed[parameters[k].name] = data.values[k];
         }
       }},
      {"a parameter held beyond its bound",
       [](Sweep& s) {
         const test::PlantedData data = test::plant(test::planted(s.options.form));
         const LawParameter first = lawForm(s.options.form).parameters(data.data.context)[0];
         s.options.fixed[first.name] = first.upper + 1;
       },
       "are possible"},
      {"a parameter that is none", [](Sweep& s) { s.options.fixed["zeta"] = 1; },
       "has no parameter zeta"},
      {"a huge lack of fit",
       [](Sweep& s) { s.options.estimateTau = false, s.options.tau = 1e150; }},
      {"a reference that is none", [](Sweep& s) { s.options.reference = "int99"; }},
      {"tokens of NaN",
       [](Sweep& s) {
         for (const LawPoint& p : s.points) s.options.trainingTokens[p.model] = kNaN;
       },
       "has nan training tokens"},
      {"tokens of 0", [](Sweep& s) { s.options.trainingTokens["m0"] = 0; },
       "has 0 training tokens"},
      {"equal tokens",
       [](Sweep& s) {
         for (const LawPoint& p : s.points) s.options.trainingTokens[p.model] = 1e12;
       }},
      {"weight errors of NaN",
       [](Sweep& s) {
         for (const LawPoint& p : s.points) s.options.formatNoise[p.config] = kNaN;
       }},
      {"negative weight errors",
       [](Sweep& s) {
         for (const LawPoint& p : s.points) s.options.formatNoise[p.config] = -1;
       }},
      {"weight errors of 0",
       [](Sweep& s) {
         for (const LawPoint& p : s.points) s.options.formatNoise[p.config] = 0;
       }},
      {"infinite weight errors",
       [](Sweep& s) {
         for (const LawPoint& p : s.points) s.options.formatNoise[p.config] = kInfinity;
       }},
      {"cross-entropies of NaN",
       [](Sweep& s) {
         for (LawPoint& p : s.points) p.crossEntropy = kNaN;
       }},
      {"one cross-entropy of 0", [](Sweep& s) { s.points[0].crossEntropy = 0; }},
      {"one cross-entropy of 1e300", [](Sweep& s) { s.points[0].crossEntropy = 1e300; }},
      {"equal cross-entropies", [](Sweep& s) {
         for (LawPoint& p : s.points) p.crossEntropy = 3;
       }}};
  return kInputs;
}

class EachLawWithBadData : public testing::TestWithParam<std::string> {
 protected:
  /// Sentences start in lower case or with a name of the data or the law, and end without a period.
  static void checkSentence(const std::string& sentence, const std::string& where) {
    ASSERT_GT(sentence.size(), 10u) << where;
    EXPECT_NE(sentence.back(), '.') << where << ": " << sentence;
    EXPECT_EQ(sentence.find('\n'), std::string::npos) << where << ": " << sentence;
  }

  /// Everything that may follow a fit.
  static void useFit(const Sweep& s, const JointFit& fit) {
    if (fit.parameters.empty()) return;
    profileIntervals(s.points, s.options, fit);
    bootstrapJoint(s.points, s.options, fit, nullptr, {.replicates = 10});
    refitForOutliers(s.points, s.options, fit);
    fit.draws(5, 1);
    fit.judgePrediction(2 * fit.maxSize);
    leaveOneSizeOut(s.points, s.options);
    leaveLargestOut(s.points, s.options);
    leaveOneFamilyOut(s.points, s.options);
  }

  static void check(const BadInput& bad, Sweep s, const std::string& where) {
    s.options.starts = 3;
    JointFit fit;
    std::string said;
    try {
      fit = fitJoint(s.points, s.options);
      useFit(s, fit);
      said = joinRemarks(fit.remarks);
    } catch (const Error& e) {
      said = e.what();
      checkSentence(said, where);
      EXPECT_THAT(said, HasSubstr(bad.says)) << where;
      return;
    }
    EXPECT_THAT(said, HasSubstr(bad.says)) << where;
    for (const LawRemark& remark : fit.remarks) checkSentence(remark.text, where);
    const bool refused = std::any_of(fit.remarks.begin(), fit.remarks.end(),
                                     [](const LawRemark& r) { return r.refusal; });
    EXPECT_EQ(fit.usable, !refused) << where << ": " << said;
    if (!fit.usable) return;
    for (const FittedParameter& p : fit.parameters) {
      EXPECT_TRUE(std::isfinite(p.value)) << where << " " << p.name;
    }
    for (const FittedPoint& p : fit.points) EXPECT_TRUE(std::isfinite(p.fitted)) << where;
  }
};

TEST_P(EachLawWithBadData, GetsASentenceAndNeverAnAbort) {
  for (const BadInput& bad : badInputs()) {
    Sweep s = sweep(GetParam());
    bad.spoil(s);
    check(bad, s, GetParam() + ", " + bad.name);
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, EachLawWithBadData, testing::ValuesIn(test::lawNames()),
                         test::lawTestName);

}  // namespace
}  // namespace bitfrontier
