// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/analysis.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/analysis/curve_text.h"
#include "core/law/fit/joint_fit.h"
#include "core/law/numeric/counter_rng.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr double kChance = 0.25;

struct Format {
  int bits;
  double shift;  ///< ln of the effective size
};
const std::vector<Format> kFormats{{16, 0}, {8, -0.02}, {4, -0.2}, {3, -0.9}};

/// Points of eight sizes; `accuracy` of ln(N / 1e9) with the format's shift.
template <typename Accuracy>
std::vector<LawPoint> family(const std::string& name, const Accuracy& accuracy, double se = 0.003,
                             int sizes = 8) {
  std::vector<LawPoint> points;
  std::uint64_t stream = 0;
  for (int s = 0; s < sizes; ++s) {
    for (const Format& f : kFormats) {
      LawPoint p;
      p.model = name + std::to_string(s);
      p.family = name;
      p.bits = f.bits;
      p.dataType = f.bits == 16 ? "fp16" : "int";
      p.config = p.dataType + std::to_string(f.bits);
      p.parameters = 3e7 * std::pow(3.0, s);
      p.totalBits = p.parameters * f.bits;
      CounterRng rng(7, stream++);
      p.accuracy = accuracy(std::log(p.parameters / 1e9) + f.shift) + se * rng.normal();
      p.accuracySe = se;
      p.chance = kChance;
      p.tasks = "a, b";
      points.push_back(p);
    }
  }
  return points;
}

double powerOf(double z) { return 1 - (0.2 + 0.25 * std::exp(-0.25 * z)); }
double logisticOf(double z) { return kChance + (1 - kChance) / (1 + std::exp(-(0.4 + 0.9 * z))); }

Analysis choose(const std::vector<LawPoint>& points, SeriesKey key = SeriesKey::Bits) {
  return analyse(ChosenRequest{LawMetric::Accuracy, key}, {points, {}});
}

TEST(ChosenLaw, IsTheUsableOneWithTheLowestAicc) {
  const std::vector<LawPoint> points = family("F", powerOf);
  const Analysis analysis = choose(points);
  ASSERT_EQ(analysis.chosen.size(), 1u);
  const LawChoice& choice = analysis.chosen[0].choice;
  ASSERT_NE(choice.law(), nullptr) << choice.reason;
  EXPECT_TRUE(analysis.fitted);
  EXPECT_THAT(choice.reason, HasSubstr("the lowest AICc of "));
  for (std::size_t i = 1; i < choice.candidates.size(); ++i) {
    if (!choice.candidates[i].fit.usable) continue;
    EXPECT_LE(choice.candidates[0].aicc, choice.candidates[i].aicc);
  }
  // The same law by name is the same law.
  JointOptions options;
  options.form = std::string(choice.law()->form->info().name);
  options.formatKey = SeriesKey::Bits;
  options.weighting = Weighting::Errors;
  EXPECT_EQ(fitJoint(points, options).values(), choice.law()->values());
}

// Points that start at chance are S-shaped: the curves go through them, and none falls below
// chance.
TEST(ChosenLaw, CurvesGoThroughTheirPoints) {
  for (const auto& accuracy : {&logisticOf, &powerOf}) {
    const std::vector<LawPoint> points = family("F", accuracy);
    const Analysis analysis = choose(points);
    ASSERT_EQ(analysis.chosen.size(), 1u);
    ASSERT_EQ(analysis.chosen[0].curves.size(), kFormats.size());
    for (const LawCurve& curve : analysis.chosen[0].curves) {
      ASSERT_NE(curve.law, nullptr) << curve.note;
      ASSERT_GT(curve.inside.size(), 50u);
      for (const LawPoint& p : curve.series.points) {
        const auto near = std::min_element(curve.inside.begin(), curve.inside.end(),
                                           [&](const auto& a, const auto& b) {
                                             return std::abs(std::log(a.totalBits / p.totalBits)) <
                                                    std::abs(std::log(b.totalBits / p.totalBits));
                                           });
        if (std::abs(std::log(near->totalBits / p.totalBits)) > 0.05) continue;  // guesses
        EXPECT_NEAR(near->value, p.accuracy, 5 * 0.003 + 0.005) << curve.series.label;
        EXPECT_LT(near->lower, near->value);
        EXPECT_LT(near->value, near->upper);
      }
      for (const CurvePoint& p : curve.inside) {
        EXPECT_GE(p.value, kChance) << curve.series.label;
      }
      EXPECT_TRUE(std::is_sorted(curve.inside.begin(), curve.inside.end(),
                                 [](const auto& a, const auto& b) { return a.value < b.value; }));
      for (const auto* beyond : {&curve.below, &curve.above}) {
        for (const CurvePoint& p : *beyond) {
          EXPECT_LT(std::abs(std::log(p.totalBits / curve.means.totalBits.front())), 15);
        }
      }
    }
  }
}

TEST(ChosenLaw, NothingIsDrawnAsALawThatDoesNotDescribeTheData) {
  std::vector<LawPoint> points = family("F", powerOf);
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i].accuracy += (i / kFormats.size()) % 2 == 0 ? 0.08 : -0.08;
  }
  const Analysis analysis = choose(points);
  const ChosenResult& result = analysis.chosen.at(0);
  EXPECT_EQ(result.choice.law(), nullptr);
  EXPECT_THAT(result.choice.reason, HasSubstr("does not describe the data"));
  EXPECT_TRUE(analysis.fitted);  // by the interpolation
  for (const LawCurve& curve : result.curves) {
    EXPECT_EQ(curve.law, nullptr);
    EXPECT_EQ(curve.name(), "interpolated");
    EXPECT_THAT(curve.note, HasSubstr("does not describe the data"));
    EXPECT_THAT(curve.inside, IsEmpty());
    EXPECT_EQ(curve.means.values.size(), 8u);
  }
}

TEST(ChosenLaw, AFormatThatCollapsesIsInterpolatedAndTheOthersKeepTheirLaw) {
  std::vector<LawPoint> points = family("F", powerOf);
  for (LawPoint& p : points) {
    if (p.bits == 3 && p.parameters > 1e9) p.accuracy -= 0.2;
  }
  const Analysis analysis = choose(points);
  const ChosenResult& result = analysis.chosen.at(0);
  ASSERT_NE(result.choice.law(), nullptr) << result.choice.reason;
  ASSERT_EQ(result.choice.leftOut.size(), 1u);
  EXPECT_EQ(result.choice.leftOut[0].format, "3 bit");
  for (const LawCurve& curve : result.curves) {
    EXPECT_EQ(curve.law == nullptr, curve.series.label == "3 bit") << curve.series.label;
    if (curve.law == nullptr) {
      EXPECT_THAT(curve.note, HasSubstr("points scatter by"));
    }
  }
}

TEST(ChosenLaw, FewSizesSayWhyThereIsNone) {
  const Analysis analysis = choose(family("F", powerOf, 0.003, 3));
  EXPECT_EQ(analysis.chosen.at(0).choice.law(), nullptr);
  EXPECT_THAT(analysis.chosen[0].choice.reason, HasSubstr("3 sizes are too few"));
  for (const LawCurve& curve : analysis.chosen[0].curves) EXPECT_EQ(curve.law, nullptr);
}

TEST(ChosenLaw, ScoringsNeverMerge) {
  std::vector<LawPoint> points = family("F", powerOf);
  std::vector<LawPoint> other = points;
  for (LawPoint& p : other) {
    p.bosProfile = "addbos";
    p.accuracy -= 0.1;
  }
  points.insert(points.end(), other.begin(), other.end());
  const Analysis analysis = choose(points);
  ASSERT_EQ(analysis.chosen.size(), 2u);
  std::set<std::string> labels;
  for (const ChosenResult& result : analysis.chosen) {
    EXPECT_NE(result.choice.law(), nullptr);
    for (const LawCurve& curve : result.curves) {
      EXPECT_EQ(curve.series.points.size(), 8u);
      EXPECT_TRUE(labels.insert(curve.series.label).second) << curve.series.label;
    }
  }
}

TEST(ChosenLaw, OneFormatIsASeriesOverTotalBits) {
  std::vector<LawPoint> points = family("F", powerOf);
  std::erase_if(points, [](const LawPoint& p) { return p.bits != 4; });
  const Analysis analysis = choose(points);
  const ChosenResult& result = analysis.chosen.at(0);
  ASSERT_NE(result.choice.law(), nullptr) << result.choice.reason;
  EXPECT_EQ(result.choice.law()->axis, LawAxis::TotalBits);
  ASSERT_EQ(result.curves.size(), 1u);
  EXPECT_EQ(result.curves[0].n, result.choice.law()->n);
}

TEST(ChosenLaw, TextIsEnoughToPredictWithoutUs) {
  const Analysis analysis = choose(family("F", powerOf));
  const auto& curves = analysis.chosen.at(0).curves;
  const auto json = curvesToJson(curves, LawMetric::Accuracy);
  ASSERT_EQ(json.size(), curves.size());
  for (std::size_t i = 0; i < curves.size(); ++i) {
    EXPECT_EQ(json[i]["law"], std::string(curves[i].name()));
    EXPECT_FALSE(json[i]["expression"].get<std::string>().empty());
    EXPECT_EQ(json[i]["values"].size(), curves[i].law->parameters.size());
  }
  const std::string csv = curvesToCsv(curves, LawMetric::Accuracy);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), std::ptrdiff_t(curves.size()) + 1);
}

TEST(Analysis, SeriesAreTheOneEngine) {
  const std::vector<LawPoint> points = family("F", powerOf);
  const Analysis analysis =
      analyse(SeriesRequest{LawMetric::Accuracy, SeriesKey::Bits}, {points, {}});
  ASSERT_EQ(analysis.series.size(), kFormats.size());
  for (const SeriesResult& r : analysis.series) {
    JointOptions options = seriesOptions(LawMetric::Accuracy);
    EXPECT_EQ(fitJoint(r.law.series.points, options).values(), r.law.fit.values());
  }
}

}  // namespace
}  // namespace bitfrontier
