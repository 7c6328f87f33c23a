// SPDX-License-Identifier: GPL-3.0-or-later
// What all formats of a model share of their deviations from a law: against dense matrices, and
// with planted deviations.

#include "core/law/inference/shared_deviation.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numeric>
#include <string>

#include "core/law/decide/cell_posterior.h"
#include "core/law/decide/law_mixture.h"
#include "core/law/inference/own_scales.h"
#include "tests/support/planted_sweep.h"

namespace bitfrontier {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

TEST(SharedDeviation, RootsDeterminantAndWhatIsKnownAreThoseOfTheDenseMatrix) {
  const std::vector<std::size_t> model{0, 1, 0, 2, 1, 0, 1};
  const VectorXd scale = (VectorXd(7) << 1, 0.2, 2, 0.5, 1, 0.1, 3).finished();
  VectorXd u(7);
  CounterRng rng(4, 4);
  for (double& x : u) x = rng.normal();
  for (const double share : {0.0, 0.4, 0.98}) {
    MatrixXd d = MatrixXd::Zero(7, 7);
    for (int i = 0; i < 7; ++i) {
      d(i, i) = (1 - share) * scale[i] * scale[i];
      for (int k = 0; k < 7; ++k) {
        if (model[static_cast<std::size_t>(i)] == model[static_cast<std::size_t>(k)]) {
          d(i, k) += share;
        }
      }
    }
    const SharedDeviation deviation(model, scale, share);
    const MatrixXd one = MatrixXd::Identity(7, 7);
    EXPECT_EQ(deviation.models(), 3u);
    EXPECT_LT((deviation.times(one) - d).norm(), 1e-12);
    // (R^-1 D) R'^-1 is the identity.
    EXPECT_LT((deviation.whitened(d * deviation.dualWhitened(one)) - one).norm(), 1e-9);
    EXPECT_LT((deviation.whitened(one).transpose() - deviation.dualWhitened(one)).norm(), 1e-9);
    EXPECT_NEAR(deviation.logDeterminant(), std::log(d.determinant()), 1e-9);
    // Regression of each model's v on u, whose covariance is tau^2 D.
    const double tau = 0.3;
    const auto known = deviation.known(u, tau);
    for (std::size_t m = 0; m < 3; ++m) {
      VectorXd with(7);
      for (std::size_t i = 0; i < 7; ++i) with[static_cast<int>(i)] = model[i] == m ? share : 0;
      EXPECT_NEAR(known[m].mean, with.dot(d.inverse() * u), 1e-9);
      EXPECT_NEAR(known[m].variance, tau * tau * (share - with.dot(d.inverse() * with)), 1e-12);
    }
  }
}

/// Rows of 8 models under formats with these standard deviations of their own.
DeviatingRows plantedRows(const std::vector<double>& own, std::uint64_t seed) {
  constexpr std::size_t kModels = 8;
  DeviatingRows rows;
  rows.formats = own.size();
  const auto n = static_cast<Eigen::Index>(kModels * own.size());
  rows.y.resize(n);
  rows.design = MatrixXd::Zero(n, static_cast<Eigen::Index>(own.size()) + 1);
  rows.sigma = 0.001 * 0.001 * MatrixXd::Identity(n, n);
  CounterRng rng(seed, 2);
  Eigen::Index row = 0;
  for (std::size_t m = 0; m < kModels; ++m) {
    const double shared = 0.06 * rng.normal(), z = 0.5 * static_cast<double>(m);
    for (std::size_t f = 0; f < own.size(); ++f, ++row) {
      rows.model.push_back(m);
      rows.format.push_back(f);
      rows.design(row, 0) = std::exp(-0.3 * z);
      if (f > 0) rows.design(row, static_cast<Eigen::Index>(f)) = rows.design(row, 0);
      rows.design(row, rows.design.cols() - 1) = 1;
      rows.y[row] = 2 + (1 + 0.1 * static_cast<double>(f)) * rows.design(row, 0) + shared +
                    own[f] * rng.normal() + 0.001 * rng.normal();
    }
  }
  return rows;
}

TEST(OwnScales, TellsFormatsThatScatterFromThoseThatDoNot) {
  double wild = 0, tame = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const OwnScales scales = ownScales(plantedRows({0.004, 0.004, 0.004, 0.004, 0.08}, seed), 0.07);
    wild += scales.format[4] / 20;
    for (std::size_t f = 0; f < 4; ++f) tame += scales.format[f] / 80;
    EXPECT_GT(scales.format[4], 3 * scales.format[0]) << seed;
  }
  EXPECT_GT(wild / tame, 8);  // planted: 20, before the pull towards each other
  EXPECT_LT(wild / tame, 25);
}

TEST(OwnScales, FormatsThatAreAlikeStayAlike) {
  double mean = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const OwnScales scales = ownScales(plantedRows({0.02, 0.02, 0.02, 0.02, 0.02}, seed), 0.07);
    EXPECT_LT(scales.logWeight, 0);  // letting them differ is not for nothing
    for (const double scale : scales.format) {
      EXPECT_GT(scale, 0.5);
      EXPECT_LT(scale, 1.8);
      mean += scale / 100;
    }
  }
  EXPECT_NEAR(mean, 1, 0.05);
}

TEST(OwnScales, AnOutlierIsOfItsOwnAndNotOfItsFormat) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    DeviatingRows rows = plantedRows({0.004, 0.004, 0.004, 0.004, 0.004}, seed);
    constexpr Eigen::Index kOutlier = 3 * 5 + 4;
    rows.y[kOutlier] += 0.3;
    const OwnScales scales = ownScales(rows, 0.07);
    for (Eigen::Index row = 4; row < rows.y.size(); row += 5) {
      if (row == kOutlier) continue;
      EXPECT_GT(scales.row[kOutlier], 5 * scales.row[static_cast<std::size_t>(row)]) << seed;
    }
  }
}

/// A sweep of which some cells were run: predictions of the others by the law alone and with what
/// their models deviate by.
struct Halves {
  std::vector<DecisionCell> cells;
  LawMixture alone, shared;
  Draws aloneDraws{0, 0}, sharedDraws{0, 0};

  Halves(const test::PlantedTruth& truth, const test::PlantedSweep& sweep, std::uint64_t seed,
         const std::vector<std::size_t>& run) {
    std::vector<LawPoint> points;
    for (const LawPoint& p : sweep.points) {
      cells.push_back({p.model, p.config, p.parameters, std::nullopt, LawPoint::kAbsent,
                       LawPoint::kAbsent, static_cast<double>(p.bits)});
    }
    for (const std::size_t c : run) {
      cells[c].point = points.size();
      cells[c].value = sweep.points[c].accuracy;
      cells[c].se = sweep.points[c].accuracySe;
      points.push_back(sweep.points[c]);
    }
    JointOptions options;
    options.covariance = sweep.items.subset(run).covariance();
    LawPriors none;
    none.sharedRatio = 0;
    std::string why;
    alone = fitMixture(points, options, why, {}, none);
    shared = fitMixture(points, options, why);
    if (alone.empty() || shared.empty()) {
      ADD_FAILURE() << why << truth.tau;
      return;
    }
    aloneDraws = cellDraws(alone, cells, 1000, seed);
    sharedDraws = cellDraws(shared, cells, 1000, seed);
  }
};

/// All sizes of the reference and of one other format, others of every second size.
std::vector<std::size_t> mostlyRun(const test::PlantedSweep& sweep, std::size_t formats) {
  std::vector<std::size_t> run;
  for (std::size_t c = 0; c < sweep.points.size(); ++c) {
    const std::size_t size = c / formats, format = c % formats;
    if (format == 0 || format == 3 || (size + format) % 2 == 0) run.push_back(c);
  }
  return run;
}

TEST(SharedDeviation, PlantedOnesMoveWhatIsPredictedOfTheirModel) {
  double aloneError = 0, sharedError = 0, share = 0;
  int cells = 0, inside = 0, large = 0, sameSign = 0;
  for (std::uint64_t seed = 400; seed < 412; ++seed) {
    test::PlantedTruth truth = test::drawTruth(seed, false);
    truth.tauModel = 0.007;
    truth.tau = 0.0007;
    truth.items = 60000;
    const test::PlantedSweep sweep = test::plantSweep(truth, seed);
    const Halves h(truth, sweep, seed, mostlyRun(sweep, 5));
    if (h.shared.empty()) return;
    share += h.shared.laws[0].meanShare() / 12;
    for (std::size_t c = 0; c < h.cells.size(); ++c) {
      if (h.cells[c].point) continue;
      const double measured = sweep.points[c].accuracy;
      const double before = h.aloneDraws.mean(c), after = h.sharedDraws.mean(c);
      ++cells;
      aloneError += std::abs(before - measured);
      sharedError += std::abs(after - measured);
      inside += sweep.truth[c] >= h.sharedDraws.quantile(c, 0.025) &&
                        sweep.truth[c] <= h.sharedDraws.quantile(c, 0.975)
                    ? 1
                    : 0;
      if (std::abs(measured - before) < 0.006) continue;
      ++large;
      sameSign += (after - before) * (measured - before) > 0 ? 1 : 0;
    }
  }
  EXPECT_GT(share, 0.75);  // planted: 0.99
  EXPECT_LT(sharedError, 0.5 * aloneError) << sharedError / cells << " " << aloneError / cells;
  EXPECT_GE(inside, 0.88 * cells);
  ASSERT_GT(large, 10);
  EXPECT_GE(sameSign, 0.97 * large);
}

TEST(SharedDeviation, WithoutAnyPredictionsStayAsTheyWere) {
  double share = 0, aloneError = 0, sharedError = 0, moved = 0, spread = 0;
  int families = 0, cells = 0;
  for (std::uint64_t seed = 430; seed < 442; ++seed) {
    test::PlantedTruth truth = test::drawTruth(seed, false);
    truth.tau = 0.006;
    truth.items = 20000;
    const test::PlantedSweep sweep = test::plantSweep(truth, seed);
    const Halves h(truth, sweep, seed, mostlyRun(sweep, 5));
    if (h.shared.empty()) return;
    share += h.shared.laws[0].meanShare();
    ++families;
    for (std::size_t c = 0; c < h.cells.size(); ++c) {
      if (h.cells[c].point) continue;
      ++cells;
      aloneError += std::abs(h.aloneDraws.mean(c) - sweep.points[c].accuracy);
      sharedError += std::abs(h.sharedDraws.mean(c) - sweep.points[c].accuracy);
      moved += std::abs(h.sharedDraws.mean(c) - h.aloneDraws.mean(c));
      spread += std::sqrt(h.aloneDraws.covariance(c, c));
    }
  }
  EXPECT_LT(share / families, 0.25);
  EXPECT_LT(sharedError, 1.1 * aloneError);
  EXPECT_LT(moved, 0.3 * spread);
}

TEST(SharedDeviation, CancelsBetweenFormatsOfAModelAndNotBetweenModels) {
  test::PlantedTruth truth = test::drawTruth(455, false);
  truth.tauModel = 0.007;
  truth.tau = 0.0007;
  truth.items = 60000;
  truth.sizes = {0.1e9, 0.2e9, 0.4e9, 0.8e9, 1.5e9, 3e9, 6e9, 9e9, 12e9, 20e9};
  const test::PlantedSweep sweep = test::plantSweep(truth, 455);
  // Nothing is run of the third and the fourth size.
  std::vector<std::size_t> run;
  for (std::size_t c = 0; c < sweep.points.size(); ++c) {
    if (c / 5 != 2 && c / 5 != 3) run.push_back(c);
  }
  const Halves h(truth, sweep, 1, run);
  ASSERT_FALSE(h.shared.empty());
  const auto apart = [](const Draws& draws, std::size_t a, std::size_t b) {
    return std::sqrt(draws.covariance(a, a) + draws.covariance(b, b) - 2 * draws.covariance(a, b));
  };
  const std::size_t fp16 = 10, int8 = 11, next = 15;
  EXPECT_LT(apart(h.sharedDraws, fp16, int8), 0.5 * apart(h.sharedDraws, fp16, next));
  EXPECT_LT(apart(h.sharedDraws, fp16, int8), 0.7 * apart(h.aloneDraws, fp16, int8));
}

}  // namespace
}  // namespace bitfrontier
