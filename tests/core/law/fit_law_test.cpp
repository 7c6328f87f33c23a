// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/law/data/scaling_law.h"

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

TEST(FitLaw, RecoversPlantedParametersExactly) {
  for (const Truth truth :
       {Truth{LawMetric::Accuracy, 0.8, 0.15, 0.25}, Truth{LawMetric::Accuracy, 0.62, 0.1, 0.4},
        Truth{LawMetric::CrossEntropy, 1.8, 0.7, 0.12},
        Truth{LawMetric::CrossEntropy, 0.5, 2, 1.1}}) {
    for (const double se : {0.01, LawPoint::kAbsent}) {
      FitOptions options;
      options.metric = truth.metric;
      const LawFit fit = fitLaw(planted(truth, 7, 4, se), options);
      ASSERT_TRUE(fit.usable) << fit.note;
      EXPECT_NEAR(fit.values[0], truth.c, 1e-6 * truth.c);
      EXPECT_NEAR(fit.values[1], truth.a, 1e-5 * truth.a);
      EXPECT_NEAR(fit.values[2], truth.alpha, 1e-5 * truth.alpha);
      EXPECT_NEAR(fit.r2, 1, 1e-10);
      EXPECT_GE(fit.convergedStarts, fit.starts / 2);
      EXPECT_EQ(fit.n, 7);
      EXPECT_NEAR(fit.b0, 1e9 * 64, 1);
      for (const LawPoint& p : planted(truth, 7, 4, se).points) {
        EXPECT_NEAR(fit.predict(p.totalBits), metricOf(p, truth.metric), 1e-8);
      }
    }
  }
}

TEST(FitLaw, StandardErrorsCoverTheTruth) {
  // 200 sets with known errors: 95 % intervals must cover between 90 and 98.5 %
  // (three binomial deviations around 95 are 90.4 and 99.6).
  const Truth truth{LawMetric::Accuracy, 0.75, 0.15, 0.3};
  const double budgets[] = {3e9, 1e11, 3e12};
  Rng rng(7);
  int covered[6] = {}, counted[6] = {};
  FitOptions options;
  options.starts = 4;
  for (int set = 0; set < 200; ++set) {
    const LawFit fit = fitLaw(planted(truth, 10, 3, 0.003, &rng), options);
    ASSERT_TRUE(fit.usable) << fit.note;
    const double values[] = {truth.c, truth.a, truth.alpha};
    for (int k = 0; k < 3; ++k) {
      const auto i = static_cast<std::size_t>(k);
      if (std::isnan(fit.standardErrors[i])) continue;
      ++counted[k];
      covered[k] += std::abs(fit.values[i] - values[k]) < 1.96 * fit.standardErrors[i] ? 1 : 0;
    }
    for (int k = 0; k < 3; ++k) {
      ++counted[3 + k];
      const double expected = truth.at(budgets[k] / fit.b0);
      covered[3 + k] +=
          std::abs(fit.predict(budgets[k]) - expected) < 1.96 * fit.predictSe(budgets[k]) ? 1 : 0;
    }
  }
  for (int k = 0; k < 6; ++k) {
    EXPECT_GE(counted[k], 195);
    EXPECT_GE(covered[k], 0.90 * counted[k]) << k;
    EXPECT_LE(covered[k], 0.995 * counted[k]) << k;
  }
}

TEST(FitLaw, ErrorsFromTheScatterWhenNoneAreKnown) {
  const Truth truth{LawMetric::CrossEntropy, 2, 0.8, 0.3};
  FitOptions options;
  options.metric = truth.metric;
  options.starts = 4;
  Rng rng(11);
  double sumSquares = 0, sumVariance = 0;
  for (int set = 0; set < 200; ++set) {
    LawSeries series = planted(truth, 10, 3, 0.01, &rng);
    for (LawPoint& p : series.points) p.crossEntropySe = LawPoint::kAbsent;
    const LawFit fit = fitLaw(series, options);
    ASSERT_TRUE(fit.usable);
    EXPECT_THAT(fit.note, HasSubstr("not weighted"));
    const double error = fit.predict(fit.b0) - truth.at(1);
    sumSquares += error * error;
    sumVariance += fit.predictSe(fit.b0) * fit.predictSe(fit.b0);
  }
  EXPECT_NEAR(sumVariance / sumSquares, 1, 0.3);  // three standard errors of a variance from 200
}

TEST(FitLaw, PrecisePointsCountMore) {
  LawSeries series = planted({LawMetric::Accuracy, 0.8, 0.15, 0.25}, 8, 4, 1e-4);
  series.points[3].accuracy += 0.05;
  series.points[3].accuracySe = 0.5;
  const LawFit fit = fitLaw(series, {});
  EXPECT_NEAR(fit.values[2], 0.25, 1e-3);
  FitOptions plain;
  plain.weighted = false;
  EXPECT_GT(std::abs(fitLaw(series, plain).values[2] - 0.25), 1e-2);
}

TEST(FitLaw, SameSeedSameResult) {
  Rng rng(3);
  const LawSeries series = planted({LawMetric::Accuracy, 0.7, 0.1, 0.4}, 8, 3, 0.004, &rng);
  const LawFit a = fitLaw(series, {}), b = fitLaw(series, {});
  EXPECT_EQ(a.values, b.values);
  EXPECT_EQ(a.convergedStarts, b.convergedStarts);
}

TEST(FitLaw, RefusesWithAReason) {
  const Truth truth{LawMetric::Accuracy, 0.8, 0.15, 0.25};
  LawFit fit = fitLaw(planted(truth, 3, 4, 0.01), {});
  EXPECT_FALSE(fit.usable);
  EXPECT_EQ(fit.note, "3 model sizes with accuracy are too few for a law, 4 are needed");
  EXPECT_TRUE(std::isnan(fit.predict(1e9)));

  fit = fitLaw({}, {});
  EXPECT_FALSE(fit.usable);

  LawSeries series = planted(truth, 6, 4, 0.01);
  for (LawPoint& p : series.points) p.accuracy = 0.5;
  EXPECT_EQ(fitLaw(series, {}).note, "accuracy is the same at all sizes");

  series = planted(truth, 6, 4, 0.01);
  for (LawPoint& p : series.points) p.totalBits = 1e9;
  EXPECT_EQ(fitLaw(series, {}).note, "all points have the same total bits");

  series = planted(truth, 6, 4, 0.01);
  series.points[2].accuracy = 1.5;
  EXPECT_THAT(fitLaw(series, {}).note, HasSubstr("accuracy of m2 is 1.5, outside its range"));

  // Six models of which three have no usable number.
  series = planted(truth, 6, 4, 0.01);
  series.points[0].accuracy = LawPoint::kAbsent;
  series.points[1].totalBits = 0;
  series.points[2].totalBits = INFINITY;
  EXPECT_THAT(fitLaw(series, {}).note, HasSubstr("3 model sizes"));

  // Six configurations of three models are three sizes.
  series = planted(truth, 6, 4, 0.01);
  for (std::size_t i = 0; i < 6; ++i) series.points[i].parameters = 1e8 * double(1 + i / 2);
  EXPECT_THAT(fitLaw(series, {}).note, HasSubstr("3 model sizes"));

  FitOptions options;
  options.starts = 0;
  EXPECT_THROW(fitLaw(series, options), Error);
}

TEST(FitLaw, FallingAccuracyIsNoLaw) {
  LawSeries series = planted({LawMetric::Accuracy, 0.8, 0.15, 0.25}, 6, 4, 0.001);
  for (LawPoint& p : series.points) p.accuracy = 1 - p.accuracy;
  const LawFit fit = fitLaw(series, {});
  EXPECT_FALSE(fit.usable);
  EXPECT_THAT(fit.note, HasSubstr("accuracy does not rise with total bits"));
}

TEST(FitLaw, CeilingAtItsBoundIsSaid) {
  // Straight in log bits: no ceiling below 1 describes it.
  LawSeries series = planted({LawMetric::Accuracy, 0.8, 0.15, 0.25}, 8, 4, 0.001);
  for (std::size_t i = 0; i < 8; ++i) series.points[i].accuracy = 0.3 + 0.05 * double(i);
  const LawFit fit = fitLaw(series, {});
  EXPECT_TRUE(fit.usable);
  EXPECT_NEAR(fit.values[0], 1, 1e-9);
  EXPECT_TRUE(std::isnan(fit.standardErrors[0]));
  EXPECT_FALSE(std::isnan(fit.standardErrors[2]));
  EXPECT_THAT(fit.note, HasSubstr("c is at its bound 1"));
}

TEST(FitLaw, ScatterBeyondTheErrorsIsSaid) {
  LawSeries series = planted({LawMetric::Accuracy, 0.8, 0.15, 0.25}, 8, 4, 0.001);
  series.points[4].accuracy += 0.02;
  EXPECT_THAT(fitLaw(series, {}).note, HasSubstr("points scatter more than their standard errors"));
}

TEST(FitLaw, StopRequestCancels) {
  std::stop_source source;
  source.request_stop();
  JobContext job;
  job.stop = source.get_token();
  try {
    fitLaw(planted({LawMetric::Accuracy, 0.8, 0.15, 0.25}, 8, 4, 0.001), {}, job);
    FAIL() << "not cancelled";
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::Cancelled);
  }
}

}  // namespace
}  // namespace bitfrontier
