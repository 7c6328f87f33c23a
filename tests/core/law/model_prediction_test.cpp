// SPDX-License-Identifier: GPL-3.0-or-later
// Predictions of known models: planted deviations that all formats of a model share.

#include "core/law/inference/model_prediction.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "core/law/fit/joint_fit.h"
#include "core/law/inference/law_prediction.h"
#include "core/law/numeric/counter_rng.h"

namespace bitfrontier {
namespace {

const std::vector<std::string> kFormats{"fp16", "int8", "int5", "int4", "int3"};

/// Six models of cross-entropy 1.6 + (1 + cost) (N / 1e9)^-0.2 under five formats, and what each
/// model and each cell deviates by.
std::vector<LawPoint> plantedModels(double shared, double own, std::uint64_t seed) {
  std::vector<LawPoint> points;
  CounterRng rng(seed, 1);
  for (int m = 0; m < 6; ++m) {
    const double size = 0.5e9 * std::pow(2.4, m), deviation = shared * rng.normal();
    for (std::size_t f = 0; f < kFormats.size(); ++f) {
      LawPoint p;
      p.family = "m";
      p.model = "m-" + std::to_string(m);
      p.config = kFormats[f];
      p.bits = f == 0 ? 16 : f == 1 ? 8 : 6 - static_cast<int>(f) + 1;
      p.dataType = f == 0 ? "fp16" : "int";
      p.parameters = size;
      p.totalBits = size * p.bits;
      const double costs[]{0, 0.005, 0.02, 0.06, 0.2};
      p.crossEntropy =
          1.6 + (1 + costs[f]) * std::pow(size / 1e9, -0.2) + deviation + own * rng.normal();
      points.push_back(p);
    }
  }
  return points;
}

JointFit fitCrossEntropy(const std::vector<LawPoint>& points) {
  JointOptions options;
  options.metric = LawMetric::CrossEntropy;
  return fitJoint(points, options);
}

TEST(ModelPrediction, AnOutlierOfOneModelDoesNotMoveTheOthers) {
  double errors = 0, cells = 0;
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    const std::vector<LawPoint> all = plantedModels(0.05, 0.004, seed);
    constexpr std::size_t kOutlier = 2 * 5 + 4;
    std::vector<LawPoint> run;
    for (std::size_t c = 0; c < all.size(); ++c) {
      if (c % 5 == 4 && c > kOutlier && c != all.size() - 1) continue;  // int3 of two models
      run.push_back(all[c]);
      if (c == kOutlier) run.back().crossEntropy += 0.3;
    }
    const JointFit fit = fitCrossEntropy(run);
    const ModelPredictor models(fit);
    for (std::size_t c = kOutlier + 5; c < all.size() - 1; c += 5) {
      const auto prediction = models.predict(all[c].model, fit.findFormat("int3").value(), 0.95);
      ASSERT_TRUE(prediction);
      errors += std::abs(prediction->value - all[c].crossEntropy);
      cells += 1;
    }
  }
  EXPECT_LT(errors / cells, 0.02);
}

TEST(ModelPrediction, UsesWhatTheModelsOtherCellsDeviateBy) {
  double alone = 0, known = 0;
  int cells = 0, inside = 0;
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    const std::vector<LawPoint> all = plantedModels(0.05, 0.004, seed);
    std::vector<LawPoint> run;
    for (std::size_t c = 0; c < all.size(); ++c) {
      if (c % 5 == 0 || (c / 5 + c % 5) % 2 == 0) run.push_back(all[c]);
    }
    const JointFit fit = fitCrossEntropy(run);
    ASSERT_FALSE(fit.parameters.empty());
    const ModelPredictor models(fit);
    for (std::size_t c = 0; c < all.size(); ++c) {
      const auto format = fit.findFormat(all[c].config);
      ASSERT_TRUE(format);
      const auto prediction = models.predict(all[c].model, *format, 0.95);
      if (c % 5 == 0 || (c / 5 + c % 5) % 2 == 0) {
        EXPECT_FALSE(prediction) << all[c].model << all[c].config;  // measured
        continue;
      }
      ASSERT_TRUE(prediction);
      ++cells;
      alone += std::abs(fit.predict(fit.row(*format, all[c].parameters)) - all[c].crossEntropy);
      known += std::abs(prediction->value - all[c].crossEntropy);
      inside += all[c].crossEntropy >= prediction->lower && all[c].crossEntropy <= prediction->upper
                    ? 1
                    : 0;
    }
  }
  EXPECT_LT(known, 0.35 * alone) << known / cells << " " << alone / cells;
  EXPECT_GE(inside, 0.88 * cells);
}

TEST(ModelPrediction, IsTheLawsWhereNothingIsShared) {
  double alone = 0, known = 0;
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    const std::vector<LawPoint> all = plantedModels(0, 0.02, seed);
    std::vector<LawPoint> run;
    for (std::size_t c = 0; c < all.size(); ++c) {
      if (c % 5 == 0 || (c / 5 + c % 5) % 2 == 0) run.push_back(all[c]);
    }
    const JointFit fit = fitCrossEntropy(run);
    const ModelPredictor models(fit);
    for (const LawPoint& p : all) {
      const auto format = fit.findFormat(p.config);
      const auto prediction = models.predict(p.model, format.value(), 0.95);
      if (!prediction) continue;
      alone += std::abs(fit.predict(fit.row(*format, p.parameters)) - p.crossEntropy);
      known += std::abs(prediction->value - p.crossEntropy);
    }
  }
  EXPECT_LT(known, 1.15 * alone);
}

TEST(ModelPrediction, StandsBesideTheCurveWhereAModelOfThatSizeIsKnown) {
  std::vector<LawPoint> points = plantedModels(0.05, 0.004, 3);
  points.erase(points.begin() + 18);  // m-3 under int4
  const JointFit fit = fitCrossEntropy(points);
  const double size = 0.5e9 * std::pow(2.4, 3);
  const std::vector<double> sizes{size, size * 1.02, size * 1.4};
  const std::vector<LawPrediction> predictions = predictAt(fit, sizes);
  ASSERT_EQ(predictions.size(), 15u);
  int known = 0;
  for (const LawPrediction& p : predictions) {
    if (!p.known) continue;
    ++known;
    EXPECT_EQ(p.known->model, "m-3");
    EXPECT_EQ(fit.context.formats[p.format].label, "int4");
    EXPECT_LT(p.size, size * 1.1);
  }
  EXPECT_EQ(known, 2);  // at its own size and at the rounded one
}

TEST(ModelPrediction, NothingWhereThePointsDoNotTell) {
  // One cell of each model: shared and own deviations cannot be told apart.
  const std::vector<LawPoint> all = plantedModels(0.05, 0.004, 3);
  std::vector<LawPoint> run;
  for (std::size_t c = 0; c < all.size(); c += 5) run.push_back(all[c]);
  const JointFit fit = fitCrossEntropy(run);
  EXPECT_FALSE(ModelPredictor(fit).predict("m-3", 0, 0.95));
  const JointFit whole = fitCrossEntropy(all);
  EXPECT_FALSE(ModelPredictor(whole).predict("another", 0, 0.95));
  EXPECT_FALSE(ModelPredictor(whole).predict("m-3", 99, 0.95));
}

}  // namespace
}  // namespace bitfrontier
