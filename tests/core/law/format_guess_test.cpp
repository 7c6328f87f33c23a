// SPDX-License-Identifier: GPL-3.0-or-later
// What is supposed of formats that the law does not have, and what it does for the order of runs.

#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "core/law/decide/decision_plan.h"
#include "core/law/decide/format_guess.h"
#include "core/law/decide/law_mixture.h"
#include "tests/support/planted_sweep.h"

namespace bitfrontier {
namespace {

/// J1 with 16 bits, two formats of 4 bits and one of 3.
JointFit fitOf(const std::vector<double>& shifts) {
  JointFit fit;
  fit.form = &lawForm("J1");
  fit.context.size0 = 1e9;
  const double bits[] = {16, 4, 4, 3};
  for (std::size_t f = 0; f < 4; ++f) {
    LawFormat format;
    format.label = std::to_string(f);
    format.bits = bits[f];
    fit.context.formats.push_back(format);
  }
  for (const double value : {0.25, -1.6, 0.25}) fit.parameters.emplace_back().value = value;
  for (const double shift : shifts) fit.parameters.emplace_back().value = shift;
  return fit;
}

TEST(FormatGuess, MeanAndSpreadOfAWidth) {
  const JointFit fit = fitOf({-0.1, -0.3, -0.8});
  const FormatGuess guess(fit);
  ASSERT_TRUE(guess.possible());
  const FormatGuess::Shift four = guess.shift(4, fit.values());
  EXPECT_NEAR(four.mean, -0.2, 1e-12);
  // Two squares of 0.1, two more of half the mean, over 2 - 1 + 2.
  EXPECT_NEAR(four.sd, std::sqrt((2 * 0.01 + 2 * 0.01) / 3), 1e-12);
  const FormatGuess::Shift three = guess.shift(3, fit.values());
  EXPECT_NEAR(three.mean, -0.8, 1e-12);
  EXPECT_NEAR(three.sd, 0.4, 1e-12);
  // 8 bits lie a third of the way from 4 to 16, which differ by 0.2.
  const FormatGuess::Shift eight = guess.shift(8, fit.values());
  EXPECT_NEAR(eight.mean, -0.2 + 0.2 / 3, 1e-12);
  EXPECT_NEAR(eight.sd, std::hypot(four.sd, 0.1), 1e-12);
  // Of 2 bits only is known that they are beyond 3.
  const FormatGuess::Shift two = guess.shift(2, fit.values());
  EXPECT_NEAR(two.mean, -0.8, 1e-12);
  EXPECT_NEAR(two.sd, std::hypot(0.4, 0.8), 1e-12);
}

TEST(FormatGuess, AMeasurementIsWeighedByItsPrecision) {
  // Normal prior N(-0.2, 0.1^2) and a measurement of 2 x with variance 0.01.
  const FormatGuess::Shift prior{-0.2, 0.1};
  const FormatGuess::Shift after = prior.given(-0.5, -0.4, 2, 0.01);
  const double precision = 1 / 0.01 + 4 / 0.01;
  EXPECT_NEAR(after.mean, (-0.2 / 0.01 + 2 * -0.5 / 0.01) / precision, 1e-12);
  EXPECT_NEAR(after.sd, 1 / std::sqrt(precision), 1e-12);
}

TEST(FormatGuess, PredictsByTheLawWithItsOwnParameter) {
  const JointFit fit = fitOf({-0.1, -0.3, -0.8});
  std::vector<double> parameters = fit.values();
  const double accuracy = FormatGuess(fit).predict(2e9, -0.5, parameters);
  EXPECT_NEAR(accuracy, 1 - 0.25 - std::exp(-1.6 - 0.25 * (std::log(2.0) - 0.5)), 1e-12);
  EXPECT_EQ(parameters, fit.values());
}

/// A wide family: of every width one format at all sizes, one at one size, and two not at all.
DecisionProblem wideProblem(const test::PlantedTruth& truth, const test::PlantedSweep& sweep) {
  DecisionProblem problem;
  problem.draws = 1000;
  std::vector<std::size_t> rows;
  for (std::size_t c = 0; c < sweep.points.size(); ++c) {
    const std::size_t format = c % truth.formats.size(), size = c / truth.formats.size();
    const LawPoint& p = sweep.points[c];
    DecisionCell& cell = problem.cells.emplace_back();
    cell.model = p.model;
    cell.format = p.config;
    cell.size = truth.sizes[size];
    cell.bits = p.bits;
    problem.costs.push_back(p.totalBits);
    problem.minutes.push_back(p.parameters / 1e9);
    const std::size_t variant = format == 0 ? 0 : (format - 1) % 4;
    if (variant > 1 || (variant == 1 && size != 3)) continue;
    cell.point = rows.size();
    cell.value = p.accuracy;
    cell.se = p.accuracySe;
    rows.push_back(c);
    problem.points.push_back(p);
  }
  problem.law.covariance = sweep.items.subset(rows).covariance();
  return problem;
}

TEST(GuessedCells, IntervalsCoverWhatTheFormatsTurnOutToBe) {
  int counted = 0, inside = 0, once = 0, onceInside = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const test::PlantedTruth truth = test::drawWideTruth(seed, seed % 2 == 1);
    const test::PlantedSweep sweep = test::plantSweep(truth, seed);
    const DecisionProblem problem = wideProblem(truth, sweep);
    std::string why;
    const LawMixture mixture = fitMixture(problem.points, problem.law, why);
    ASSERT_FALSE(mixture.empty()) << why;
    const std::vector<std::uint8_t> guessed = guessedCells(mixture, problem.cells);
    const Draws draws = cellDraws(mixture, problem.cells, 1000, seed);
    std::set<std::string> begun;
    for (const DecisionCell& cell : problem.cells) {
      if (cell.point) begun.insert(cell.format);
    }
    for (std::size_t c = 0; c < problem.cells.size(); ++c) {
      EXPECT_EQ(guessed[c] != 0, !mixture.laws[0].fit().findFormat(problem.cells[c].format));
      if (guessed[c] == 0 || problem.cells[c].point) continue;
      const bool in =
          sweep.truth[c] >= draws.quantile(c, 0.05) && sweep.truth[c] <= draws.quantile(c, 0.95);
      (begun.contains(problem.cells[c].format) ? once : counted) += 1;
      (begun.contains(problem.cells[c].format) ? onceInside : inside) += in ? 1 : 0;
    }
  }
  // 90 % intervals. Cells of a format go together, and a width's spread is known from one or two
  // formats, so these are bounds of what is useful for ranking.
  EXPECT_GE(static_cast<double>(inside) / counted, 0.8);
  EXPECT_GE(static_cast<double>(onceInside) / once, 0.8);
}

TEST(GuessedCells, AreRankedByGainAndNeverChosenBeforeTheyAreRun) {
  const test::PlantedTruth truth = test::drawWideTruth(3, false);
  const test::PlantedSweep sweep = test::plantSweep(truth, 3);
  DecisionProblem problem = wideProblem(truth, sweep);
  problem.budgets = {std::exp2(33.0)};
  const DecisionPlan plan = planDecision(problem);
  ASSERT_FALSE(plan.mixture.empty()) << plan.noLaw;
  std::size_t guesses = 0;
  for (const NextExperiment& next : plan.next) {
    // A law is there: nothing is run for its sake any more.
    EXPECT_TRUE(std::isfinite(next.gain)) << next.reason;
    guesses += plan.choosable[next.cell] == 0 ? 1 : 0;
  }
  EXPECT_GT(guesses, 10u);
  for (std::size_t c = 0; c < problem.cells.size(); ++c) {
    if (problem.cells[c].point || plan.mixture.laws[0].fit().findFormat(problem.cells[c].format)) {
      continue;
    }
    EXPECT_EQ(plan.choosable[c], 0) << problem.cells[c].format;
    EXPECT_TRUE(std::isnan(plan.draws.row(0)[c])) << problem.cells[c].format;
  }
  ASSERT_TRUE(plan.state.choice[0]);
  EXPECT_EQ(plan.choosable[*plan.state.choice[0]], 1);
}

}  // namespace
}  // namespace bitfrontier
