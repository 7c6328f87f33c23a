// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/law/fit/series_law.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;

struct Truth {
  LawMetric metric;
  double c, a, alpha;
  double at(double x) const {
    const double term = a * std::pow(x, -alpha);
    return metric == LawMetric::Accuracy ? c - term : c + term;
  }
};

/// Total bits 1e9 ... of `sizes` models, each `step` times the one before.
LawSeries planted(const Truth& truth, int sizes, double step, double se, Rng* noise = nullptr) {
  LawSeries series;
  series.family = "planted";
  series.label = "4 bit";
  const double b0 = 1e9 * std::pow(step, (sizes - 1) / 2.0);
  for (int i = 0; i < sizes; ++i) {
    LawPoint p;
    p.model = "m" + std::to_string(i);
    p.parameters = 1e8 * std::pow(step, i);
    p.totalBits = 1e9 * std::pow(step, i);
    double y = truth.at(p.totalBits / b0);
    if (noise != nullptr) {
      y += se * std::sqrt(-2 * std::log(1 - noise->uniform())) *
           std::cos(2 * std::numbers::pi * noise->uniform());
    }
    (truth.metric == LawMetric::Accuracy ? p.accuracy : p.crossEntropy) = y;
    (truth.metric == LawMetric::Accuracy ? p.accuracySe : p.crossEntropySe) = se;
    series.points.push_back(p);
  }
  return series;
}

SeriesLaw fitted(const LawSeries& series, LawMetric metric = LawMetric::Accuracy) {
  return fitSeries(series, seriesOptions(metric));
}

std::string notes(const SeriesLaw& law) { return joinRemarks(law.fit.remarks); }

TEST(SeriesLaw, RecoversPlantedParametersExactly) {
  for (const Truth truth :
       {Truth{LawMetric::Accuracy, 0.8, 0.15, 0.25}, Truth{LawMetric::Accuracy, 0.62, 0.1, 0.4},
        Truth{LawMetric::CrossEntropy, 1.8, 0.7, 0.12},
        Truth{LawMetric::CrossEntropy, 0.5, 2, 1.1}}) {
    for (const double se : {0.01, LawPoint::kAbsent}) {
      const SeriesLaw one = fitted(planted(truth, 7, 4, se), truth.metric);
      ASSERT_EQ(one.fit.parameters.size(), 3u) << notes(one);
      // The steepest law rests on its smallest size alone, which is found and refused.
      const bool steep = truth.alpha > 1;
      EXPECT_EQ(one.fit.usable, !steep) << notes(one);
      EXPECT_EQ(steep, notes(one).find("the law rests on one point") != std::string::npos);
      const PowerLaw law = powerLawOf(one.fit).value();
      EXPECT_NEAR(law.values[0], truth.c, 1e-6 * truth.c);
      EXPECT_NEAR(law.values[1], truth.a, 1e-5 * truth.a);
      EXPECT_NEAR(law.values[2], truth.alpha, 1e-5 * truth.alpha);
      EXPECT_NEAR(one.fit.r2, 1, 1e-10);
      EXPECT_GE(one.fit.agreed, one.fit.starts / 2);
      EXPECT_EQ(one.fit.n, 7);
      EXPECT_NEAR(law.b0, 1e9 * 64, 1);
      for (const LawPoint& p : planted(truth, 7, 4, se).points) {
        EXPECT_NEAR(law.predict(p.totalBits), metricOf(p, truth.metric), 1e-8);
        EXPECT_NEAR(one.fit.predict(one.fit.row(0, p.totalBits)), law.predict(p.totalBits), 1e-12);
      }
    }
  }
}

TEST(SeriesLaw, StandardErrorsCoverTheTruth) {
  // 200 sets with known errors: 95 % intervals must cover between 90 and 98.5 %
  // (three binomial deviations around 95 are 90.4 and 99.6).
  const Truth truth{LawMetric::Accuracy, 0.75, 0.15, 0.3};
  const double budgets[] = {3e9, 1e11, 3e12};
  Rng rng(7);
  int covered[6] = {}, counted[6] = {};
  JointOptions options = seriesOptions(truth.metric);
  options.starts = 4;
  options.estimateTau = false;  // the errors are known to be all there is
  for (int set = 0; set < 200; ++set) {
    const SeriesLaw one = fitSeries(planted(truth, 10, 3, 0.003, &rng), options);
    const JointFit& fit = one.fit;
    ASSERT_EQ(fit.parameters.size(), 3u) << notes(one);
    const PowerLaw law = powerLawOf(fit).value();
    const double values[] = {truth.c, truth.a, truth.alpha};
    for (int k = 0; k < 3; ++k) {
      const auto i = static_cast<std::size_t>(k);
      if (std::isnan(law.standardErrors[i])) continue;
      ++counted[k];
      covered[k] += std::abs(law.values[i] - values[k]) < 1.96 * law.standardErrors[i] ? 1 : 0;
    }
    for (int k = 0; k < 3; ++k) {
      ++counted[3 + k];
      const double expected = truth.at(budgets[k] / law.b0);
      const double se = fit.predictSe(fit.row(0, budgets[k]));
      covered[3 + k] += std::abs(law.predict(budgets[k]) - expected) < 1.96 * se ? 1 : 0;
    }
  }
  for (int k = 0; k < 6; ++k) {
    EXPECT_GE(counted[k], 195);
    EXPECT_GE(covered[k], 0.90 * counted[k]) << k;
    EXPECT_LE(covered[k], 0.995 * counted[k]) << k;
  }
}

TEST(SeriesLaw, ErrorsFromTheScatterWhenNoneAreKnown) {
  const Truth truth{LawMetric::CrossEntropy, 2, 0.8, 0.3};
  JointOptions options = seriesOptions(truth.metric);
  options.starts = 4;
  Rng rng(11);
  double sumSquares = 0, sumVariance = 0;
  for (int set = 0; set < 200; ++set) {
    LawSeries series = planted(truth, 10, 3, 0.01, &rng);
    for (LawPoint& p : series.points) p.crossEntropySe = LawPoint::kAbsent;
    const SeriesLaw one = fitSeries(series, options);
    ASSERT_TRUE(one.fit.usable);
    EXPECT_THAT(notes(one), HasSubstr("points without standard errors: all count equally"));
    const LawRow middle = one.fit.row(0, one.fit.context.size0);
    const double error = one.fit.predict(middle) - truth.at(1);
    sumSquares += error * error;
    sumVariance += one.fit.predictSe(middle) * one.fit.predictSe(middle);
  }
  EXPECT_NEAR(sumVariance / sumSquares, 1, 0.3);  // three standard errors of a variance from 200
}

TEST(SeriesLaw, PrecisePointsCountMore) {
  LawSeries series = planted({LawMetric::Accuracy, 0.8, 0.15, 0.25}, 8, 4, 1e-4);
  series.points[3].accuracy += 0.05;
  series.points[3].accuracySe = 0.5;
  EXPECT_NEAR(powerLawOf(fitted(series).fit)->values[2], 0.25, 1e-3);
  JointOptions plain = seriesOptions(LawMetric::Accuracy);
  plain.weighting = Weighting::Equal;
  EXPECT_GT(std::abs(powerLawOf(fitSeries(series, plain).fit)->values[2] - 0.25), 1e-2);
}

TEST(SeriesLaw, SameSeedSameResult) {
  Rng rng(3);
  const LawSeries series = planted({LawMetric::Accuracy, 0.7, 0.1, 0.4}, 8, 3, 0.004, &rng);
  const JointFit a = fitted(series).fit, b = fitted(series).fit;
  EXPECT_EQ(a.values(), b.values());
  EXPECT_EQ(a.agreed, b.agreed);
}

TEST(SeriesLaw, RefusesWithAReason) {
  const Truth truth{LawMetric::Accuracy, 0.8, 0.15, 0.25};
  SeriesLaw one = fitted(planted(truth, 3, 4, 0.01));
  EXPECT_FALSE(one.fit.usable);
  EXPECT_THAT(notes(one), HasSubstr("3 sizes are too few for an exponent (4 are needed)"));
  EXPECT_FALSE(powerLawOf(one.fit).has_value());

  EXPECT_FALSE(fitted({}).fit.usable);

  LawSeries series = planted(truth, 6, 4, 0.01);
  for (LawPoint& p : series.points) p.accuracy = 0.5;
  EXPECT_THAT(notes(fitted(series)), HasSubstr("accuracy is the same at all points"));

  series = planted(truth, 6, 4, 0.01);
  for (LawPoint& p : series.points) p.totalBits = 1e9;
  one = fitted(series);
  EXPECT_FALSE(one.fit.usable);
  EXPECT_THAT(notes(one), HasSubstr("all points have the same total bits"));

  // A value that cannot be is left out and said; five sizes are too few for three parameters.
  series = planted(truth, 6, 4, 0.01);
  series.points[2].accuracy = 1.5;
  EXPECT_THAT(notes(fitted(series)), HasSubstr("left out: accuracy of m2 is 1.5"));
  EXPECT_THAT(notes(fitted(series)), HasSubstr("5 sizes are too few for the 3 parameters"));

  // Six models of which three have no usable number.
  series = planted(truth, 6, 4, 0.01);
  series.points[0].accuracy = LawPoint::kAbsent;
  series.points[1].totalBits = 0;
  series.points[2].totalBits = INFINITY;
  EXPECT_THAT(notes(fitted(series)), HasSubstr("3 sizes"));

  // Six configurations of three models are three sizes.
  series = planted(truth, 6, 4, 0.01);
  for (std::size_t i = 0; i < 6; ++i) series.points[i].parameters = 1e8 * double(1 + i / 2);
  EXPECT_THAT(notes(fitted(series)), HasSubstr("3 sizes"));

  JointOptions options = seriesOptions(LawMetric::Accuracy);
  options.starts = 0;
  EXPECT_THROW(fitSeries(series, options), Error);
}

TEST(SeriesLaw, FallingAccuracyIsNoLaw) {
  LawSeries series = planted({LawMetric::Accuracy, 0.8, 0.15, 0.25}, 6, 4, 0.001);
  for (LawPoint& p : series.points) p.accuracy = 1 - p.accuracy;
  const SeriesLaw one = fitted(series);
  EXPECT_FALSE(one.fit.usable);
  EXPECT_THAT(notes(one), HasSubstr("accuracy does not rise with size"));
}

TEST(SeriesLaw, CeilingAtItsBoundIsSaid) {
  // Straight in log bits: no ceiling below 1 describes it.
  LawSeries series = planted({LawMetric::Accuracy, 0.8, 0.15, 0.25}, 8, 4, 0.001);
  for (std::size_t i = 0; i < 8; ++i) series.points[i].accuracy = 0.3 + 0.05 * double(i);
  const SeriesLaw one = fitted(series);
  const PowerLaw law = powerLawOf(one.fit).value();
  EXPECT_NEAR(law.values[0], 1, 1e-9);
  EXPECT_TRUE(std::isnan(law.standardErrors[0]));
  EXPECT_FALSE(std::isnan(law.standardErrors[2]));
  EXPECT_THAT(notes(one), HasSubstr("E at bound 0"));
}

TEST(SeriesLaw, ScatterBeyondTheErrorsIsALackOfFit) {
  LawSeries series = planted({LawMetric::Accuracy, 0.8, 0.15, 0.25}, 8, 4, 0.001);
  series.points[4].accuracy += 0.02;
  const SeriesLaw one = fitted(series);
  EXPECT_GT(one.fit.tau, 0.003);
  JointOptions known = seriesOptions(LawMetric::Accuracy);
  known.estimateTau = false;
  EXPECT_THAT(notes(fitSeries(series, known)), HasSubstr("the law does not describe the data"));
  // The law's errors have it in them.
  const LawRow middle = one.fit.row(0, one.fit.context.size0);
  EXPECT_GT(one.fit.predictSe(middle), 2 * fitSeries(series, known).fit.predictSe(middle));
}

TEST(SeriesLaw, StopRequestCancels) {
  std::stop_source source;
  source.request_stop();
  JobContext job;
  job.stop = source.get_token();
  try {
    fitSeries(planted({LawMetric::Accuracy, 0.8, 0.15, 0.25}, 8, 4, 0.001),
              seriesOptions(LawMetric::Accuracy), job);
    FAIL() << "not cancelled";
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::Cancelled);
  }
}

}  // namespace
}  // namespace bitfrontier
