// SPDX-License-Identifier: GPL-3.0-or-later
// Are the decisions right? Families with planted laws are swept and decided upon; the truth is
// known. decision_study [probability|advice|next|wide] [SEEDS] [FIRST] [alone] prints tables for
// families FIRST, FIRST + 1, ...; with "alone" deviations count as independent, nothing of them as
// shared by the formats of a model. Results with their commands are in tests/bench/RESULTS.md.
//
// Probabilities are judged over both laws with equal shares, in bins whose error is below 1.5
// points: no difference there may exceed 5 points. With a law given, a mixture need not be right.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "core/law/decide/budget_choice.h"
#include "core/law/decide/decision_plan.h"
#include "core/law/decide/frontier_probability.h"
#include "core/law/numeric/quantile.h"
#include "tests/bench/ordered_sweep.h"
#include "tests/bench/reliability.h"
#include "tests/support/planted_sweep.h"

namespace bitfrontier {
namespace {

bool alone = false;  // deviations are independent

using test::PlantedSweep;
using test::PlantedTruth;

std::vector<std::size_t> someOf(std::size_t cells, double share, std::uint64_t seed) {
  CounterRng rng(seed, 2);
  std::vector<std::size_t> chosen;
  for (std::size_t c = 0; c < cells; ++c) {
    if (rng.uniform() < share) chosen.push_back(c);
  }
  return chosen;
}

DecisionProblem problemOf(const PlantedTruth& truth, const PlantedSweep& sweep,
                          const std::vector<std::size_t>& run, std::vector<double> budgets,
                          std::uint64_t seed) {
  DecisionProblem problem;
  for (std::size_t c = 0; c < sweep.points.size(); ++c) {
    const LawPoint& p = sweep.points[c];
    problem.cells.emplace_back();
    DecisionCell& cell = problem.cells.back();
    cell.model = p.model;
    cell.format = p.config;
    cell.size = truth.sizes[c / truth.formats.size()];
    cell.bits = p.bits;
    problem.costs.push_back(p.totalBits);
    problem.minutes.push_back(p.parameters / 1e9);
  }
  for (std::size_t i = 0; i < run.size(); ++i) {
    DecisionCell& cell = problem.cells[run[i]];
    cell.point = i;
    cell.value = sweep.points[run[i]].accuracy;
    cell.se = sweep.points[run[i]].accuracySe;
    problem.points.push_back(sweep.points[run[i]]);
  }
  problem.law.covariance = sweep.items.subset(run).covariance();
  problem.budgets = std::move(budgets);
  problem.seed = seed;
  if (alone) problem.priors.sharedRatio = 0;
  return problem;
}

double bestTruth(const PlantedSweep& sweep, double budget) {
  double best = 0;
  for (std::size_t c = 0; c < sweep.points.size(); ++c) {
    if (sweep.points[c].totalBits <= budget) best = std::max(best, sweep.truth[c]);
  }
  return best;
}

void studyProbability(int seeds, int first) {
  Reliability bothLaw, bothCell;
  for (const bool crossing : {false, true}) {
    Reliability law, cell;
    int laws = 0;
    for (int seed = first; seed < first + seeds; ++seed) {
      const auto truth = test::drawTruth(static_cast<std::uint64_t>(seed), crossing);
      const auto sweep = test::plantSweep(truth, static_cast<std::uint64_t>(seed));
      std::vector<std::size_t> everything(sweep.points.size());
      std::iota(everything.begin(), everything.end(), std::size_t{0});
      std::vector<double> budgets;
      for (double x = 29.5; x <= 36; x += 1.5) budgets.push_back(std::exp2(x));
      const auto problem =
          problemOf(truth, sweep, everything, budgets, static_cast<std::uint64_t>(seed));
      const DecisionPlan plan = planDecision(problem);
      if (plan.mixture.empty()) continue;
      ++laws;
      const FormatCurves curves = lawCurves(plan.mixture, 1000, static_cast<std::uint64_t>(seed));
      for (const BudgetChoice& choice : chooseFormats(curves, budgets)) {
        if (!choice.contested()) continue;
        std::size_t best = 0;
        double top = -1;
        const auto planted = [&](std::size_t f) {
          std::size_t i = 0;
          while (truth.formats[i].label != curves.formats[f].label) ++i;
          return truth.law(i, choice.totalBits / truth.formats[i].bits);
        };
        for (const FormatChance& f : choice.formats) {
          if (planted(f.format) > top) {
            top = planted(f.format);
            best = f.format;
          }
        }
        for (const FormatChance& f : choice.formats) {
          law.add(f.probability, f.format == best);
          bothLaw.add(f.probability, f.format == best);
        }
      }
      for (const double budget : budgets) {
        const auto p = bestProbability(problem.costs, plan.draws, budget);
        const double top = bestTruth(sweep, budget);
        for (std::size_t c = 0; c < p.size(); ++c) {
          if (!(p[c] > 0)) continue;
          cell.add(p[c], sweep.truth[c] == top);
          bothCell.add(p[c], sweep.truth[c] == top);
        }
      }
      for (Reliability* r : {&law, &cell, &bothLaw, &bothCell}) r->nextFamily();
    }
    fmt::print("\n{} of {} families with {} have a law\n", laws, seeds,
               crossing ? "penalties of their own exponent (J2)" : "parallel curves (J1)");
    std::fflush(stdout);
    law.print("P(format best | budget), law frontier");
    cell.print("P(cell best | budget), catalogue");
  }
  fmt::print("\nboth kinds of families\n");
  bothLaw.print("P(format best | budget), law frontier");
  bothCell.print("P(cell best | budget), catalogue");
}

void studyAdvice(int seeds, int first) {
  for (const bool crossing : {false, true}) {
    std::vector<double> regrets;
    int silent = 0;
    for (int seed = first; seed < first + seeds; ++seed) {
      const auto s = static_cast<std::uint64_t>(seed) + 10000;
      const auto truth = test::drawTruth(s, crossing);
      const auto sweep = test::plantSweep(truth, s);
      CounterRng rng(s, 3);
      const double budget = std::exp2(30 + 6.5 * rng.uniform());
      const auto problem =
          problemOf(truth, sweep, someOf(sweep.points.size(), 2.0 / 3, s), {budget}, s);
      const DecisionPlan plan = planDecision(problem);
      if (!plan.state.choice[0]) {
        ++silent;
        continue;
      }
      regrets.push_back(bestTruth(sweep, budget) - sweep.truth[*plan.state.choice[0]]);
      if (regrets.back() > 0.01) {
        const std::size_t c = *plan.state.choice[0];
        fmt::print("  family {}: {:.2f} points lost by {} {} ({}), law {}, expected {:.2f}\n", seed,
                   100 * regrets.back(), sweep.points[c].model, sweep.points[c].config,
                   problem.cells[c].point ? "run" : "not run",
                   plan.mixture.empty() ? plan.noLaw : plan.mixture.describe(),
                   100 * plan.state.regret[0]);
      }
    }
    std::sort(regrets.begin(), regrets.end());
    const auto n = static_cast<double>(regrets.size());
    double within = 0;
    for (const double r : regrets) within += r <= 0.003 ? 1 : 0;
    fmt::print(
        "{}: {} decisions ({} without any cell that fits): regret within 0.3 points in "
        "{:.1f} %, mean {:.3f}, 95 % quantile {:.3f}, largest {:.3f} points\n",
        crossing ? "J2" : "J1", regrets.size(), silent, 100 * within / n,
        100 * std::accumulate(regrets.begin(), regrets.end(), 0.0) / n,
        100 * regrets[static_cast<std::size_t>(0.95 * (n - 1))], 100 * regrets.back());
  }
}

/// Value below which the share p of the sweeps lies.
template <typename Get>
double quantileOf(const std::vector<OrderedSweep>& sweeps, double p, Get get) {
  std::vector<double> values;
  for (const OrderedSweep& sweep : sweeps) values.push_back(get(sweep));
  std::sort(values.begin(), values.end());
  return sortedQuantile(values, p);
}

/// Percentage of the sweeps for which it holds.
template <typename Holds>
double percentOf(const std::vector<OrderedSweep>& sweeps, Holds holds) {
  return 100.0 * static_cast<double>(std::count_if(sweeps.begin(), sweeps.end(), holds)) /
         static_cast<double>(sweeps.size());
}

void print(const std::vector<OrderedSweep>& sweeps) {
  const auto cells = [](const OrderedSweep& s) { return 100 * s.cells; };
  const auto minutes = [](const OrderedSweep& s) { return 100 * s.minutes; };
  fmt::print(
      "with half of the cells final in {:.1f} %, within 0.1 points in truth in {:.1f} % and as "
      "judged with everything run in {:.1f} %; the choice stays from {:.0f} % of the cells "
      "(90 % quantile {:.0f}, 95 % {:.0f}) and {:.0f} % of the minutes ({:.0f}, {:.0f}) on; stop "
      "line at {:.0f} % of the cells and {:.0f} % of the minutes (medians), within 0.3 points in "
      "{:.1f} %\n",
      percentOf(sweeps, [](const OrderedSweep& s) { return s.finalAtHalf; }),
      percentOf(sweeps, [](const OrderedSweep& s) { return s.lostAtHalf <= 0.001; }),
      percentOf(sweeps, [](const OrderedSweep& s) { return s.judgedAtHalf <= 0.001; }),
      quantileOf(sweeps, 0.5, cells), quantileOf(sweeps, 0.9, cells),
      quantileOf(sweeps, 0.95, cells), quantileOf(sweeps, 0.5, minutes),
      quantileOf(sweeps, 0.9, minutes), quantileOf(sweeps, 0.95, minutes),
      quantileOf(sweeps, 0.5, [](const OrderedSweep& s) { return 100 * s.stopCells; }),
      quantileOf(sweeps, 0.5, [](const OrderedSweep& s) { return 100 * s.stopMinutes; }),
      percentOf(sweeps, [](const OrderedSweep& s) { return s.lostAtStop <= 0.003; }));
}

/// One budget, drawn as for the study of advice, and three at once. `wide`: four formats of every
/// width instead of one.
void studyNext(int seeds, int first, bool wide) {
  for (const bool crossing : {false, true}) {
    std::vector<OrderedSweep> one, three;
    std::size_t cells = 0;
    for (int seed = first; seed < first + seeds; ++seed) {
      const auto s = static_cast<std::uint64_t>(seed) + 20000;
      const auto truth = wide ? test::drawWideTruth(s, crossing) : test::drawTruth(s, crossing);
      CounterRng rng(s, 3);
      const auto sweep = test::plantSweep(truth, s);
      cells = sweep.points.size();
      const auto inOrder = [&](const std::vector<double>& budgets) {
        return sweepInOrder(
            cells, [&](const auto& run) { return problemOf(truth, sweep, run, budgets, s); },
            sweep.truth);
      };
      one.push_back(inOrder({std::exp2(30 + 6.5 * rng.uniform())}));
      three.push_back(inOrder({std::exp2(31.5), std::exp2(33.5), std::exp2(35.5)}));
    }
    for (const auto* sweeps : {&one, &three}) {
      fmt::print("{}: {} sweeps of {} cells, {}: ", crossing ? "J2" : "J1", seeds, cells,
                 sweeps == &one ? "one budget" : "three budgets at once");
      print(*sweeps);
    }
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace bitfrontier

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "all";
  const int seeds = argc > 2 ? std::atoi(argv[2]) : 100;
  const int first = argc > 3 ? std::atoi(argv[3]) : 0;
  bitfrontier::alone = argc > 4 && std::string(argv[4]) == "alone";
  if (what == "all" || what == "probability") bitfrontier::studyProbability(seeds, first);
  if (what == "all" || what == "advice") bitfrontier::studyAdvice(seeds, first);
  if (what == "all" || what == "next") bitfrontier::studyNext(seeds, first, false);
  if (what == "all" || what == "wide") bitfrontier::studyNext(seeds, first, true);
  return 0;
}
