// SPDX-License-Identifier: GPL-3.0-or-later
// Are the decisions right? Families with planted laws are swept and decided upon; the truth is
// known. decision_study [probability|advice|next] [SEEDS] [FIRST] prints tables for families
// FIRST, FIRST + 1, ...; results with their commands are in tests/bench/RESULTS.md.
//
// Probabilities are judged over both laws with equal shares, in bins whose error is below 1.5
// points: no difference there may exceed 5 points. With a law given, a mixture need not be right.

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "core/law/budget_choice.h"
#include "core/law/decision_plan.h"
#include "core/law/frontier_probability.h"
#include "tests/support/planted_sweep.h"

namespace bitfrontier {
namespace {

using test::PlantedSweep;
using test::PlantedTruth;

/// Predicted probabilities and what happened, in bins. Statements about one family depend on each
/// other: errors are over families.
class Reliability {
 public:
  void nextFamily() {
    ++families_;
    for (std::size_t b = 0; b < kBins; ++b) {
      squares_[b] += gap_[b] * gap_[b];
      gap_[b] = 0;
    }
  }
  void add(double predicted, bool happened) {
    const auto bin = std::min<std::size_t>(static_cast<std::size_t>(predicted * kBins), kBins - 1);
    ++n_[bin];
    predicted_[bin] += predicted;
    happened_[bin] += happened ? 1 : 0;
    gap_[bin] += predicted - (happened ? 1 : 0);
    if (predicted >= 0.95) {
      ++sure_;
      wrong_ += happened ? 0 : 1;
    }
  }
  void print(const char* title) const {
    fmt::print("{}\n  predicted  happened  difference  (error)  statements\n", title);
    double worst = 0, judged = 0, weighted = 0, total = 0;
    int bins = 0;
    for (std::size_t b = 0; b < kBins; ++b) {
      if (n_[b] == 0) continue;
      const double p = predicted_[b] / n_[b], h = happened_[b] / n_[b];
      fmt::print("  {:9.4f} {:9.4f} {:11.4f} {:8.4f} {:11.0f}\n", p, h, p - h,
                 std::sqrt(squares_[b]) / n_[b], n_[b]);
      worst = std::max(worst, std::abs(p - h));
      if (std::sqrt(squares_[b]) / n_[b] < 0.015) {
        ++bins;
        judged = std::max(judged, std::abs(p - h));
      }
      weighted += n_[b] * std::abs(p - h);
      total += n_[b];
    }
    fmt::print(
        "  largest difference {:.3f}, in the {} bins with an error below 0.015 {:.3f}; mean over "
        "statements {:.4f}; of {:.0f} statements with "
        "P >= 0.95 {:.2f} % were wrong\n",
        worst, bins, judged, weighted / total, sure_, 100 * wrong_ / std::max(sure_, 1.0));
  }

 private:
  static constexpr std::size_t kBins = 10;
  std::array<double, kBins> n_{}, predicted_{}, happened_{}, gap_{}, squares_{};
  double sure_ = 0, wrong_ = 0, families_ = 0;
};

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
    problem.cells.push_back({p.model, p.config, truth.sizes[c / truth.formats.size()], {}, {}, {}});
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

void studyNext(int seeds, int first) {
  for (const bool crossing : {false, true}) {
    std::vector<double> shares, minuteShares;
    int same = 0, near = 0, stopped = 0, stopNear = 0;
    double stopShare = 0;
    for (int seed = first; seed < first + seeds; ++seed) {
      const auto s = static_cast<std::uint64_t>(seed) + 20000;
      const auto truth = test::drawTruth(s, crossing);
      const auto sweep = test::plantSweep(truth, s);
      const std::size_t cells = sweep.points.size();
      const std::vector<double> budgets{std::exp2(31.5), std::exp2(33.5), std::exp2(35.5)};
      std::vector<std::size_t> everything(cells);
      std::iota(everything.begin(), everything.end(), std::size_t{0});
      const auto final = planDecision(problemOf(truth, sweep, everything, budgets, s)).state.choice;
      std::vector<std::size_t> run;
      double minutes = 0, allMinutes = 0, lastChange = 0, lastMinutes = 0;
      for (const LawPoint& p : sweep.points) allMinutes += p.parameters / 1e9;
      bool didStop = false;
      while (run.size() < cells) {
        const auto problem = problemOf(truth, sweep, run, budgets, s);
        const DecisionPlan plan = planDecision(problem);
        double loss = 0;
        for (std::size_t b = 0; b < budgets.size(); ++b) {
          const double value = plan.state.choice[b] ? sweep.truth[*plan.state.choice[b]] : 0;
          loss = std::max(loss, sweep.truth[*final[b]] - value);
        }
        if (plan.state.choice != final) {
          lastChange = static_cast<double>(run.size()) + 1;
          lastMinutes = minutes + 1e-9;
        }
        if (2 * run.size() == cells) {
          same += plan.state.choice == final ? 1 : 0;
          near += loss <= 0.001 ? 1 : 0;
        }
        if (plan.stop && !didStop) {
          didStop = true;
          ++stopped;
          stopNear += loss <= 0.003 ? 1 : 0;
          stopShare += static_cast<double>(run.size()) / static_cast<double>(cells);
        }
        if (plan.next.empty()) break;
        run.push_back(plan.next.front().cell);
        minutes += plan.next.front().minutes;
      }
      shares.push_back(lastChange / static_cast<double>(cells));
      minuteShares.push_back(lastMinutes / allMinutes);
    }
    std::sort(shares.begin(), shares.end());
    std::sort(minuteShares.begin(), minuteShares.end());
    const std::size_t n = shares.size();
    fmt::print(
        "{}: {} sweeps of 30 cells, 3 budgets: with half of the cells the choice is the "
        "final one in {:.1f} % and within 0.1 points of it in {:.1f} %; the final choice is "
        "reached for good with {:.0f} % of the cells (median; 90 % quantile {:.0f} %) and "
        "{:.0f} % of the minutes; the stop line came in {} sweeps, at {:.0f} % of the cells, "
        "within 0.3 points of the final choice in {:.1f} %\n",
        crossing ? "J2" : "J1", n, 100.0 * same / static_cast<double>(n),
        100.0 * near / static_cast<double>(n), 100 * shares[n / 2], 100 * shares[n * 9 / 10],
        100 * minuteShares[n / 2], stopped, 100 * stopShare / std::max(stopped, 1),
        100.0 * stopNear / std::max(stopped, 1));
  }
}

}  // namespace
}  // namespace bitfrontier

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "all";
  const int seeds = argc > 2 ? std::atoi(argv[2]) : 100;
  const int first = argc > 3 ? std::atoi(argv[3]) : 0;
  if (what == "all" || what == "probability") bitfrontier::studyProbability(seeds, first);
  if (what == "all" || what == "advice") bitfrontier::studyAdvice(seeds, first);
  if (what == "all" || what == "next") bitfrontier::studyNext(seeds, first);
  return 0;
}
