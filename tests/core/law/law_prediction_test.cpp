// SPDX-License-Identifier: GPL-3.0-or-later
// Predictions of laws and their two intervals, against the delta method by hand.

#include "core/law/inference/law_prediction.h"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>

#include "core/base/error.h"
#include "core/law/fit/joint_fit.h"
#include "tests/core/law/noisy_sweep.h"

namespace bitfrontier {
namespace {

using test::keepSizes;
using test::sweep;
using test::Sweep;
using testing::HasSubstr;
using testing::StartsWith;

constexpr double kNormal = 1.959963985;  // 97.5 % quantile

/// g' C g of any function of the parameters, with the gradient by central differences.
double deltaVariance(const JointFit& fit,
                     const std::function<double(const std::vector<double>&)>& function) {
  const std::size_t k = fit.parameters.size();
  std::vector<double> gradient(k);
  for (std::size_t i = 0; i < k; ++i) {
    std::vector<double> low = fit.values(), high = fit.values();
    low[i] -= 1e-5;
    high[i] += 1e-5;
    gradient[i] = (function(high) - function(low)) / 2e-5;
  }
  double variance = 0;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      variance += gradient[i] * fit.covariance[i * k + j] * gradient[j];
    }
  }
  return variance;
}

/// Accuracy by J1's formula, written out here.
double byJ1(const JointFit& fit, const std::vector<double>& values, const LawPrediction& at) {
  const auto value = [&](const std::string& name) { return values[fit.find(name).value()]; };
  const std::string& format = fit.context.formats[at.format].label;
  const double shift = at.format == 0 ? 0 : value("lnrho_" + format);
  return 1 - value("E") -
         std::exp(value("lnA0") - value("alpha") * (std::log(at.size / fit.context.size0) + shift));
}

TEST(LawPrediction, KnownErrorsByTheDeltaMethod) {
  Sweep s = sweep("J1", 1);
  s.options.estimateTau = false;
  s.options.tau = 0.004;
  const JointFit fit = fitJoint(s.points, s.options);
  const std::vector<double> sizes{5e7, 1.3e9, 3 * fit.maxSize};
  for (const auto& [level, quantile] : {std::pair{0.95, kNormal}, {0.5, 0.6744897502}}) {
    const auto predictions = predictAt(fit, sizes, level);
    ASSERT_EQ(predictions.size(), 12u);
    for (std::size_t i = 0; i < predictions.size(); ++i) {
      const LawPrediction& p = predictions[i];
      EXPECT_EQ(p.size, sizes[i / 4]);
      EXPECT_EQ(p.format, i % 4);
      EXPECT_EQ(p.level, level);
      // 16 bits, and an int format has a 16 bit number for each block of 64.
      const double bits[] = {16, 8.25, 4.25, 3.25};
      EXPECT_NEAR(p.totalBits / (p.size * bits[p.format]), 1, 1e-9);
      const double variance = deltaVariance(
          fit, [&](const std::vector<double>& values) { return byJ1(fit, values, p); });
      const double curve = quantile * std::sqrt(variance);
      const double whole = quantile * std::sqrt(variance + 0.004 * 0.004 + 0.003 * 0.003);
      EXPECT_NEAR(p.value, byJ1(fit, fit.values(), p), 1e-12);
      EXPECT_NEAR((p.value - p.curveLower) / curve, 1, 1e-6);
      EXPECT_NEAR((p.curveUpper - p.value) / curve, 1, 1e-6);
      EXPECT_NEAR((p.value - p.newLower) / whole, 1, 1e-6);
      EXPECT_NEAR((p.newUpper - p.value) / whole, 1, 1e-6);
      EXPECT_NEAR(p.ownSe, 0.003, 1e-12);
      EXPECT_EQ(p.remark.has_value(), i >= 8);
    }
  }
  // The truth, half a point off at most.
  EXPECT_NEAR(predictAt(fit, sizes)[4].value,
              1 - 0.25 - std::exp(-1.6 - 0.25 * std::log(1.3e9 / fit.context.size0)), 0.005);
}

TEST(LawPrediction, UnknownScatterByStudentsT) {
  Sweep s = sweep("J1", 1);
  s.options.weighting = Weighting::Equal;
  const JointFit fit = fitJoint(s.points, s.options);
  ASSERT_EQ(fit.n - fit.freeParameters, 26);
  constexpr double kStudent26 = 2.055529439;  // 97.5 % quantile with 26 degrees of freedom
  double squares = 0;
  for (const FittedPoint& p : fit.points) squares += std::pow(p.value - p.fitted, 2);
  for (const LawPrediction& p : predictAt(fit, std::vector{4e8, 7e10})) {
    const double variance =
        deltaVariance(fit, [&](const std::vector<double>& values) { return byJ1(fit, values, p); });
    EXPECT_NEAR((p.curveUpper - p.value) / (kStudent26 * std::sqrt(variance)), 1, 1e-6);
    EXPECT_NEAR((p.newUpper - p.value) / (kStudent26 * std::sqrt(variance + squares / 26)), 1,
                1e-6);
  }
}

TEST(LawPrediction, LogarithmicResidualsHaveTheirLackOfFitInLogarithms) {
  test::PlantedData planted = test::plant(test::planted("chinchilla"));
  CounterRng rng(11, 0);
  for (LawPoint& p : planted.points) p.crossEntropy *= std::exp(0.01 * rng.normal());
  JointOptions options = planted.options;
  const auto checked = [&](const JointFit& fit, double quantile) {
    ASSERT_GT(fit.tau, 0.004) << joinRemarks(fit.remarks);
    for (const LawPrediction& p : predictAt(fit, std::vector{4e8, 2e10})) {
      const LawRow row = fit.row(p.format, p.size);
      const double variance = deltaVariance(fit, [&](const std::vector<double>& values) {
        return std::log(fit.predict(row, values.data()));
      });
      EXPECT_NEAR((p.curveUpper - p.value) / p.value, quantile * std::sqrt(variance), 1e-6);
      EXPECT_NEAR(
          (p.newUpper - p.value) / p.value,
          quantile * std::sqrt(variance + fit.tau * fit.tau + std::pow(p.ownSe / p.value, 2)),
          1e-6);
      EXPECT_NEAR(p.ownSe, fit.weighting == Weighting::Equal ? 0 : 0.003, 1e-12);
    }
  };
  options.estimateTau = false;
  options.tau = 0.01;
  checked(fitJoint(planted.points, options), kNormal);
  options.weighting = Weighting::Equal;
  checked(fitJoint(planted.points, options),
          2.570581836);  // Student's t, 10 - 5 degrees of freedom
  // Errors that are as good as none: the lack of fit is all there is, as with equal weights.
  const JointFit equal = fitJoint(planted.points, options);
  for (LawPoint& p : planted.points) p.crossEntropySe = 1e-8;
  options.weighting = Weighting::Errors;
  options.estimateTau = true;
  const JointFit restricted = fitJoint(planted.points, options);
  ASSERT_FALSE(restricted.restricted.empty());
  const auto expected = predictAt(equal, std::vector{2e10});
  const auto got = predictAt(restricted, std::vector{2e10});
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_NEAR(got[i].newUpper, expected[i].newUpper, 1e-4);
    EXPECT_NEAR(got[i].curveUpper, expected[i].curveUpper, 1e-4);
  }
}

TEST(LawPrediction, IntervalsHoldTheCurveAndNewModels) {
  test::PlantedData planted = test::plant(test::planted("V"));
  planted.options.estimateTau = true;
  planted.options.starts = 2;
  constexpr int kSweeps = 1000;
  for (const double tau : {0.0, 0.0015, 0.006}) {
    int curve = 0, whole = 0;
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      CounterRng rng(78, static_cast<std::uint64_t>(sweep));
      const auto measured = [&](double truth) {
        return truth + 0.003 * rng.normal() + tau * rng.normal();
      };
      std::vector<LawPoint> points = planted.points;
      for (LawPoint& p : points) p.accuracy = measured(p.accuracy);
      const JointFit fit = fitJoint(points, planted.options);
      const LawPrediction p = predictAt(fit, std::vector{3e9})[2];
      const double truth = fit.predict(fit.row(2, 3e9), planted.values.data());
      curve += truth >= p.curveLower && truth <= p.curveUpper ? 1 : 0;
      const double model = measured(truth);
      whole += model >= p.newLower && model <= p.newUpper ? 1 : 0;
    }
    // Three binomial errors: 2.1 %. A lack of fit that is not there can only be overestimated.
    const double three = 3 * std::sqrt(0.95 * 0.05 / kSweeps);
    EXPECT_GT(double(curve) / kSweeps, 0.95 - three) << tau;
    EXPECT_GT(double(whole) / kSweeps, 0.95 - three) << tau;
    if (tau == 0) continue;
    EXPECT_LT(double(curve) / kSweeps, 0.95 + three) << tau;
    EXPECT_LT(double(whole) / kSweeps, 0.95 + three) << tau;
  }
}

TEST(LawPrediction, BeyondAFactorOfFourThereIsAReasonAndNoNumber) {
  const Sweep s = sweep();
  const JointFit fit = fitJoint(s.points, s.options);
  const auto far = predictAt(fit, std::vector{3.9 * fit.maxSize, 4.1 * fit.maxSize});
  ASSERT_EQ(far.size(), 8u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(std::isfinite(far[i].value));
    EXPECT_FALSE(far[i].remark->refusal);
    EXPECT_EQ(far[i].remark->text, "3.9 times outside the measured range");
  }
  for (std::size_t i = 4; i < 8; ++i) {
    for (const double value :
         {far[i].value, far[i].curveLower, far[i].curveUpper, far[i].newLower, far[i].newUpper}) {
      EXPECT_TRUE(std::isnan(value));
    }
    EXPECT_TRUE(far[i].remark->refusal);
    EXPECT_EQ(far[i].remark->text, "4.1 times outside the measured range, 4 times is the most");
    EXPECT_GT(far[i].totalBits, 0);
  }
  EXPECT_EQ(predictAt(fit, std::vector{1.002 * fit.maxSize})[0].remark->text,
            "just outside the measured range");
}

TEST(LawPrediction, ARefusedLawIsShownInsideTheMeasuredRangeOnly) {
  Sweep s = sweep("J1", 8);
  const JointFit fit = fitJoint(s.points, s.options);
  ASSERT_FALSE(fit.usable);
  const auto predictions = predictAt(fit, std::vector{1e9, 1.1 * fit.maxSize});
  EXPECT_TRUE(std::isfinite(predictions[0].value));
  EXPECT_FALSE(predictions[0].remark.has_value());
  EXPECT_TRUE(std::isnan(predictions[4].value));
  EXPECT_THAT(predictions[4].remark->text, StartsWith("the law was refused"));
  keepSizes(s, 3);
  EXPECT_TRUE(predictAt(fitJoint(s.points, s.options), std::vector{1e9}).empty());
}

TEST(LawPrediction, LawsThatAreNotOverSizesAndImpossibleSizes) {
  const auto refusal = [](const JointFit& fit, double size, double level = 0.95) {
    try {
      predictAt(fit, std::vector{size}, level);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::InvalidArgument);
      return std::string(error.what());
    }
    return std::string();
  };
  for (const auto& [law, variable] :
       {std::pair{"offset", "total bits"}, {"link-exp", "cross-entropy"}}) {
    const test::PlantedData planted = test::plant(test::planted(law));
    const JointFit fit = fitJoint(planted.points, planted.options);
    ASSERT_FALSE(fit.parameters.empty()) << joinRemarks(fit.remarks);
    EXPECT_THAT(refusal(fit, 1e9), HasSubstr(std::string("the law ") + law + " is over " +
                                             variable + ", so it predicts nothing"));
  }
  Sweep s = sweep();
  const JointFit fit = fitJoint(s.points, s.options);
  EXPECT_THAT(refusal(fit, -5), HasSubstr("a model of -5 parameters"));
  EXPECT_THAT(refusal(fit, NAN), HasSubstr("a model of nan parameters"));
  EXPECT_THAT(refusal(fit, 1e9, 1), HasSubstr("an interval of level 1"));
  s.options.axis = LawAxis::TotalBits;
  EXPECT_THAT(refusal(fitJoint(s.points, s.options), 1e9), HasSubstr("is over total bits"));
}

}  // namespace
}  // namespace bitfrontier
