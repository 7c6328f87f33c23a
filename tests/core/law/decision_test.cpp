// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <cmath>
#include <numeric>

#include "core/law/decide/cell_posterior.h"
#include "core/law/decide/effective_size.h"
#include "core/law/decide/frontier_probability.h"
#include "core/law/decide/law_mixture.h"
#include "core/law/numeric/quantile.h"
#include "tests/support/planted_sweep.h"

namespace bitfrontier {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Draws, ResampledItemsHaveTheirCovariance) {
  test::PlantedTruth truth = test::drawTruth(5, false);
  truth.items = 500;
  const auto sweep = test::plantSweep(truth, 5);
  const Draws draws = resampleItems(sweep.items, 4000, 11);
  const SymmetricMatrix sigma = sweep.items.covariance();
  for (const std::size_t i : {0, 7, 29}) {
    EXPECT_NEAR(draws.mean(i), sweep.items.accuracy(i), 4 * std::sqrt(sigma.at(i, i) / 4000));
    for (const std::size_t k : {0, 1, 29}) {
      const double scale = std::sqrt(sigma.at(i, i) * sigma.at(k, k));
      EXPECT_NEAR(draws.covariance(i, k) / scale, sigma.at(i, k) / scale, 0.08) << i << " " << k;
    }
  }
  // The same draws whatever their number.
  EXPECT_EQ(resampleItems(sweep.items, 3, 11).row(2)[4], draws.row(2)[4]);
}

TEST(Draws, Quantiles) {
  const std::vector<double> sorted{1, 2, 3, 5};
  EXPECT_DOUBLE_EQ(sortedQuantile(sorted, 0), 1);
  EXPECT_DOUBLE_EQ(sortedQuantile(sorted, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(sortedQuantile(sorted, 1), 5);
  EXPECT_TRUE(std::isnan(sortedQuantile({}, 0.5)));
}

TEST(FrontierProbability, IdenticalEntriesShare) {
  const std::vector<double> costs{1, 1, 2}, means{0.5, 0.5, 0.4}, errors{0, 0, 0};
  const auto p = frontierProbability(costs, normalDraws(means, errors, 100, 1));
  EXPECT_THAT(p, ElementsAre(testing::DoubleNear(0.5, 1e-12), testing::DoubleNear(0.5, 1e-12), 0));
}

TEST(FrontierProbability, AgreesWithTheNormalDistribution) {
  // The dearer entry is on the frontier exactly when it is better: P(N(d, s^2) > 0).
  const std::vector<double> costs{1, 2}, means{0.50, 0.51}, errors{0.01, 0.01};
  const auto p = frontierProbability(costs, normalDraws(means, errors, 40000, 1));
  EXPECT_DOUBLE_EQ(p[0], 1);
  EXPECT_NEAR(p[1], 0.5 * std::erfc(-0.01 / std::sqrt(2e-4) / std::sqrt(2.0)), 0.01);
  const auto best = bestProbability(costs, normalDraws(means, errors, 40000, 1), 2);
  EXPECT_NEAR(best[0] + best[1], 1, 1e-12);
  EXPECT_NEAR(best[1], p[1], 1e-12);
  EXPECT_THAT(bestProbability(costs, normalDraws(means, errors, 10, 1), 0.5), ElementsAre(0, 0));
}

TEST(FrontierProbability, CandidatesKeepEveryoneThatCouldWin) {
  CounterRng rng(4, 4);
  std::vector<double> costs, values, errors;
  for (int i = 0; i < 400; ++i) {
    costs.push_back(1 + std::floor(40 * rng.uniform()));
    values.push_back(0.3 + 0.005 * costs.back() + 0.05 * rng.normal());
    errors.push_back(0.004);
  }
  const auto kept = frontierCandidates(costs, values, errors);
  EXPECT_LT(kept.size(), 200u);
  const Draws draws = normalDraws(values, errors, 500, 3);
  const auto all = frontierProbability(costs, draws);
  std::vector<double> someCosts;
  Draws some(draws.count, kept.size());
  for (std::size_t k = 0; k < kept.size(); ++k) {
    someCosts.push_back(costs[kept[k]]);
    for (std::size_t s = 0; s < draws.count; ++s) some.row(s)[k] = draws.row(s)[kept[k]];
  }
  const auto few = frontierProbability(someCosts, some);
  std::vector<double> back(costs.size(), 0);
  for (std::size_t k = 0; k < kept.size(); ++k) back[kept[k]] = few[k];
  EXPECT_EQ(back, all);
}

std::vector<std::size_t> frontierByDefinition(const std::vector<double>& costs,
                                              const std::vector<double>& values) {
  const auto usable = [&](std::size_t i) {
    return costs[i] > 0 && std::isfinite(costs[i]) && std::isfinite(values[i]);
  };
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    bool beaten = !usable(i);
    for (std::size_t k = 0; k < costs.size() && !beaten; ++k) {
      beaten = usable(k) && costs[k] <= costs[i] && values[k] >= values[i] &&
               (costs[k] < costs[i] || values[k] > values[i]);
    }
    if (!beaten) kept.push_back(i);
  }
  std::stable_sort(kept.begin(), kept.end(),
                   [&](std::size_t a, std::size_t b) { return costs[a] < costs[b]; });
  return kept;
}

TEST(FrontierProbability, FrontierAgainstTheDefinition) {
  CounterRng rng(9, 9);
  // Many ties in both; costs of one bin and of all magnitudes; values that rise, fall and scatter.
  for (int kind = 0; kind < 12; ++kind) {
    std::vector<double> costs, values;
    for (int i = 0; i < 400; ++i) {
      const double u = rng.uniform(), scatter = rng.uniform();
      costs.push_back(kind % 3 == 0   ? std::floor(30 * u)  // 0 is left out
                      : kind % 3 == 1 ? 1e9 * (1 + 1e-13 * std::floor(40 * u))
                                      : std::exp(1400 * (u - 0.5)));
      values.push_back(kind / 3 == 0   ? std::floor(20 * scatter) / 20
                       : kind / 3 == 1 ? u + 0.1 * scatter
                       : kind / 3 == 2 ? -u
                                       : u);
    }
    values[7] = std::nan("");
    costs[8] = -1;
    costs[9] = HUGE_VAL;
    values[10] = -HUGE_VAL;
    EXPECT_EQ(paretoFrontier(costs, values), frontierByDefinition(costs, values)) << kind;
  }
  EXPECT_TRUE(paretoFrontier(std::vector<double>{}, std::vector<double>{}).empty());
  EXPECT_TRUE(paretoFrontier(std::vector<double>{-1}, std::vector<double>{1}).empty());
  const std::vector<double> one{5};
  EXPECT_THAT(paretoFrontier(one, one), ElementsAre(0));
}

TEST(ExpectedMaximum, AgreesWithSimulation) {
  CounterRng rng(12, 0);
  for (int trial = 0; trial < 20; ++trial) {
    std::vector<double> a, b;
    for (int i = 0; i < 1 + trial; ++i) {
      a.push_back(rng.normal());
      b.push_back(i % 3 == 0 ? 0.5 : rng.normal());
    }
    // Integration over a fine grid of z.
    double expected = 0;
    constexpr double kStep = 1e-3;
    for (double z = -8; z <= 8; z += kStep) {
      double top = -HUGE_VAL;
      for (std::size_t i = 0; i < a.size(); ++i) top = std::max(top, a[i] + b[i] * z);
      expected += top * std::exp(-0.5 * z * z) / std::sqrt(2 * M_PI) * kStep;
    }
    EXPECT_NEAR(expectedMaximum(a, b), expected, 1e-6) << trial;
  }
  EXPECT_EQ(expectedMaximum({}, {}), -HUGE_VAL);
  const std::vector<double> one{0.25}, slope{3};
  EXPECT_DOUBLE_EQ(expectedMaximum(one, slope), 0.25);
}

std::vector<DecisionCell> cellsOf(const test::PlantedTruth& truth, const test::PlantedSweep& sweep,
                                  const std::vector<std::size_t>& run) {
  std::vector<DecisionCell> cells;
  for (std::size_t c = 0; c < sweep.points.size(); ++c) {
    const LawPoint& p = sweep.points[c];
    cells.push_back({p.model, p.config, truth.sizes[c / truth.formats.size()], std::nullopt,
                     LawPoint::kAbsent, LawPoint::kAbsent});
  }
  for (std::size_t i = 0; i < run.size(); ++i) {
    cells[run[i]].point = i;
    cells[run[i]].value = sweep.points[run[i]].accuracy;
    cells[run[i]].se = sweep.points[run[i]].accuracySe;
  }
  return cells;
}

struct Fitted {
  LawMixture mixture;
  std::vector<DecisionCell> cells;
};

Fitted fitCells(const test::PlantedTruth& truth, const test::PlantedSweep& sweep,
                const std::vector<std::size_t>& run) {
  std::vector<LawPoint> points;
  for (const std::size_t c : run) points.push_back(sweep.points[c]);
  JointOptions options;
  options.covariance = sweep.items.subset(run).covariance();
  std::string why;
  Fitted fitted{fitMixture(points, options, why), cellsOf(truth, sweep, run)};
  EXPECT_FALSE(fitted.mixture.empty()) << why;
  return fitted;
}

TEST(CellPosterior, IntervalsCoverTruthOfRunAndUnrunCells) {
  int run = 0, runInside = 0, unrun = 0, unrunInside = 0;
  for (std::uint64_t seed = 100; seed < 125; ++seed) {
    const auto truth = test::drawTruth(seed, false);
    const auto sweep = test::plantSweep(truth, seed);
    std::vector<std::size_t> measured;
    for (std::size_t c = 0; c < sweep.points.size(); ++c) {
      if (c % 4 != 3) measured.push_back(c);
    }
    const Fitted f = fitCells(truth, sweep, measured);
    const Draws draws = cellDraws(f.mixture, f.cells, 1000, seed);
    for (std::size_t c = 0; c < f.cells.size(); ++c) {
      const bool inside =
          sweep.truth[c] >= draws.quantile(c, 0.05) && sweep.truth[c] <= draws.quantile(c, 0.95);
      (f.cells[c].point ? run : unrun) += 1;
      (f.cells[c].point ? runInside : unrunInside) += inside ? 1 : 0;
    }
  }
  // 90 % intervals; cells of one sweep are correlated, hence the width.
  EXPECT_NEAR(static_cast<double>(runInside) / run, 0.9, 0.07);
  EXPECT_NEAR(static_cast<double>(unrunInside) / unrun, 0.9, 0.07);
}

TEST(CellPosterior, MeasurementsAloneWithoutALaw) {
  std::vector<DecisionCell> cells(2);
  cells[0].point = 0;
  cells[0].value = 0.5;
  cells[0].se = 0.01;
  const Draws draws = cellDraws({}, cells, 2000, 1);
  EXPECT_NEAR(draws.mean(0), 0.5, 0.001);
  EXPECT_NEAR(std::sqrt(draws.covariance(0, 0)), 0.01, 0.001);
  EXPECT_TRUE(std::isnan(draws.row(0)[1]));
}

TEST(Decision, UncertainRivalIsWorthRunningAndAHopelessOneIsNot) {
  // Cell 0 is known to be 0.60; cell 1 is 0.59 +- 0.03; cell 2 is 0.40 +- 0.03; cell 3 does not
  // fit.
  const std::vector<double> means{0.60, 0.59, 0.40, 0.9}, errors{0.001, 0.03, 0.03, 0.03};
  const Draws draws = normalDraws(means, errors, 20000, 2);
  const std::vector<double> costs{1, 1, 1, 5}, budgets{2};
  const std::vector<std::uint8_t> unrun{0, 1, 1, 1}, all(4, 1);
  const DecisionState state = evaluateDecision(draws, costs, budgets, unrun, all, 1e-6);
  ASSERT_TRUE(state.choice[0]);
  EXPECT_EQ(*state.choice[0], 0u);
  // Expected loss of choosing cell 0: E max(0, N(-0.01, 0.03^2)).
  const double x = 1.0 / 3;
  const double loss =
      0.03 * (std::exp(-x * x / 2) / std::sqrt(2 * M_PI) - x * 0.5 * std::erfc(x / std::sqrt(2.0)));
  EXPECT_NEAR(state.regret[0], loss, 3e-4);
  ASSERT_EQ(state.experiments.size(), 3u);
  EXPECT_EQ(state.experiments[0].cell, 1u);
  EXPECT_EQ(state.experiments[0].rival, 1u);
  EXPECT_NEAR(state.experiments[0].gain, loss, 3e-4);  // a sharp measurement removes all regret
  EXPECT_NEAR(state.experiments[1].gain, 0, 1e-6);
  EXPECT_NEAR(state.experiments[2].gain, 0, 1e-6);
}

TEST(Decision, NothingFits) {
  const std::vector<double> means{0.6}, errors{0.01}, costs{5}, budgets{1};
  const std::vector<std::uint8_t> unrun{0}, all(1, 1);
  const auto state =
      evaluateDecision(normalDraws(means, errors, 10, 1), costs, budgets, unrun, all, 1e-4);
  EXPECT_FALSE(state.choice[0]);
  EXPECT_TRUE(std::isnan(state.meanRegret()));
}

TEST(EffectiveSize, RecoversThePlantedShift) {
  int inside = 0, all = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    auto truth = test::drawTruth(seed, false);
    truth.tau = 0.001;
    const auto sweep = test::plantSweep(truth, seed);
    std::vector<std::size_t> everything(sweep.points.size());
    std::iota(everything.begin(), everything.end(), std::size_t{0});
    const Fitted f = fitCells(truth, sweep, everything);
    const auto sizes = effectiveSizes(f.mixture, f.cells, 800, 3);
    for (std::size_t c = 10; c < 20; ++c) {  // the two middle sizes
      ASSERT_EQ(sizes[c].problem, "");
      const std::size_t format = c % 5;
      const double expected = truth.sizes[c / 5] * truth.formats[format].rho;
      EXPECT_NEAR(std::log(sizes[c].parameters / expected), 0, 0.35);
      EXPECT_GT(sizes[c].se, 0);
      inside += expected >= sizes[c].low && expected <= sizes[c].high ? 1 : 0;
      ++all;
    }
  }
  EXPECT_GE(inside, 0.85 * all);  // the interval is for this model, tau included
}

TEST(EffectiveSize, LosslessLine) {
  auto truth = test::drawTruth(1, false);
  truth.formats[3].rho = 0.9;   // 4.25 bits: as good as lossless 4.72 bits
  truth.formats[4].rho = 0.45;  // 3.25 bits: as good as lossless 7.2 bits
  truth.tau = 0.001;
  const auto sweep = test::plantSweep(truth, 3);
  std::vector<std::size_t> everything(sweep.points.size());
  std::iota(everything.begin(), everything.end(), std::size_t{0});
  const Fitted f = fitCells(truth, sweep, everything);
  const std::vector<int> widths{3, 4, 8};
  for (const LosslessComparison& c : compareWithLossless(f.mixture, widths, 1000, 1)) {
    const std::string& label = f.mixture.laws[0].fit().context.formats[c.format].label;
    if (label == "int4" && c.k == 8) {
      EXPECT_GT(c.probability, 0.99);
    }
    if (label == "int4" && c.k == 3) {
      EXPECT_LT(c.probability, 0.01);
    }
    if (label == "int3" && c.k == 4) {
      EXPECT_LT(c.probability, 0.01);
    }
  }
}

}  // namespace
}  // namespace bitfrontier
