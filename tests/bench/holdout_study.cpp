// SPDX-License-Identifier: GPL-3.0-or-later
// How well are cells predicted that were not run? Measured cells of a store are hidden and
// predicted from the rest, by the law alone (deviations independent, as up to 4023354) and with
// what each model's other cells say (a deviation that all formats of a model share):
//
//   holdout_study STORE [ROUNDS]     every family of the store, or of a CSV that import reads
//   holdout_study planted [FAMILIES] families with planted deviations: none shared, some shared
//
// Three ways to hide: each cell in turn (at most 60), half of one model's cells, half of all.
// Errors are against the measured values. A hidden cell is inside when its measurement lies in the
// 95 % interval of the posterior and of a measurement's own noise. Statements are P(best | budget)
// over eight budgets, with hidden cells among the candidates, and P(hidden cell better than a
// measured one); both are judged by the measured values, whose errors count against them.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/law/decide/frontier_probability.h"
#include "core/law/numeric/counter_rng.h"
#include "core/law/numeric/quantile.h"
#include "core/store/import/import_csv.h"
#include "tests/bench/replayed_family.h"
#include "tests/support/planted_sweep.h"

namespace bitfrontier {
namespace {

using Cells = std::vector<std::size_t>;

/// What came out of one way to hide, with one model of deviations.
struct Tally {
  std::vector<double> errors;
  double inside = 0, cells = 0;
  double sure = 0, wrong = 0;        ///< P(best | budget) >= 0.95
  double pairs = 0, wrongPairs = 0;  ///< P(better) >= 0.95 or <= 0.05
  int withoutLaw = 0, decisions = 0;

  double meanError() const { return std::accumulate(errors.begin(), errors.end(), 0.0) / cells; }
  double medianError() const {
    std::vector<double> sorted = errors;
    std::sort(sorted.begin(), sorted.end());
    return sortedQuantile(sorted, 0.5);
  }

  void print(const std::string& what) const {
    fmt::print(
        "    {:<14} error {:.5f}, median {:.5f}  inside 95 % {:5.1f} % of {:.0f}  best: {:.1f} % "
        "of {:.0f} wrong  "
        "better: {:.2f} % of {:.0f} wrong{}\n",
        what, meanError(), medianError(), 100 * inside / cells, cells,
        100 * wrong / std::max(sure, 1.0), sure, 100 * wrongPairs / std::max(pairs, 1.0), pairs,
        withoutLaw > 0 ? fmt::format("  ({} of {} without a law)", withoutLaw, decisions) : "");
    std::fflush(stdout);
  }
};

/// A family of which cells can be hidden.
struct Subject {
  std::function<DecisionProblem(const Cells& run, std::vector<double> budgets)> problem;
  std::vector<double> values, errors, costs;  ///< measured, of every cell
  std::vector<std::string> models;
  LawMetric metric = LawMetric::Accuracy;
};

double goodness(LawMetric metric, double value) {
  return metric == LawMetric::Accuracy ? value : -value;
}

std::vector<double> budgetsOf(const std::vector<double>& costs) {
  constexpr int kBudgets = 8;
  const auto [low, high] = std::minmax_element(costs.begin(), costs.end());
  std::vector<double> budgets;
  for (int i = 1; i <= kBudgets; ++i) {
    budgets.push_back(*low * std::pow(*high / *low, double(i) / kBudgets) * (1 + 1e-12));
  }
  return budgets;
}

void judgePairs(const Subject& subject, const Draws& draws, const std::vector<double>& known,
                std::size_t hidden, Tally& tally) {
  for (std::size_t c = 0; c < subject.values.size(); ++c) {
    if (!std::isfinite(known[c]) || std::isnan(draws.row(0)[c])) continue;
    double better = 0;
    for (std::size_t s = 0; s < draws.count; ++s) {
      better +=
          goodness(subject.metric, draws.row(s)[hidden]) > goodness(subject.metric, draws.row(s)[c])
              ? 1
              : 0;
    }
    const double p = better / static_cast<double>(draws.count);
    if (p > 0.05 && p < 0.95) continue;
    const bool is = goodness(subject.metric, subject.values[hidden]) >
                    goodness(subject.metric, subject.values[c]);
    tally.pairs += 1;
    tally.wrongPairs += is == (p >= 0.95) ? 0 : 1;
  }
}

void judgeBest(const Subject& subject, const DecisionPlan& plan, const std::vector<double>& budgets,
               Tally& tally) {
  Draws good = plan.draws;
  std::vector<double> costs = subject.costs;
  for (std::size_t c = 0; c < costs.size(); ++c) {
    if (std::isnan(good.row(0)[c]) || plan.choosable[c] == 0) costs[c] = LawPoint::kAbsent;
    for (std::size_t s = 0; s < good.count; ++s) {
      good.row(s)[c] = goodness(subject.metric, good.row(s)[c]);
    }
  }
  for (const double budget : budgets) {
    const std::vector<double> p = bestProbability(costs, good, budget);
    double top = -HUGE_VAL;
    std::size_t candidates = 0;
    for (std::size_t c = 0; c < costs.size(); ++c) {
      if (!(costs[c] <= budget)) continue;
      ++candidates;
      top = std::max(top, goodness(subject.metric, subject.values[c]));
    }
    if (candidates < 2) continue;
    for (std::size_t c = 0; c < costs.size(); ++c) {
      if (!(p[c] >= 0.95)) continue;
      tally.sure += 1;
      tally.wrong += goodness(subject.metric, subject.values[c]) < top ? 1 : 0;
    }
  }
}

void hide(const Subject& subject, const Cells& hidden, double sharedRatio, Tally& tally) {
  std::vector<double> known = subject.values;
  for (const std::size_t c : hidden) known[c] = LawPoint::kAbsent;
  Cells run;
  for (std::size_t c = 0; c < known.size(); ++c) {
    if (std::isfinite(known[c])) run.push_back(c);
  }
  const std::vector<double> budgets = budgetsOf(subject.costs);
  DecisionProblem problem = subject.problem(run, budgets);
  problem.priors.sharedRatio = sharedRatio;
  problem.draws = 1000;
  const DecisionPlan plan = planDecision(problem);
  ++tally.decisions;
  if (plan.mixture.empty()) {
    ++tally.withoutLaw;
    return;
  }
  double paired = 0;
  for (std::size_t i = 0; i < plan.mixture.laws.size(); ++i) {
    paired += plan.mixture.weights[i] * plan.mixture.laws[i].pairedNoise();
  }
  for (const std::size_t c : hidden) {
    if (std::isnan(plan.draws.row(0)[c])) continue;
    const double mean = plan.draws.mean(c), se = subject.errors[c];
    const double own = std::isfinite(se) ? se * se : 0;
    const double noise = std::sqrt(problem.law.covariance ? paired : own);
    Draws measured(plan.draws.count, 1);
    for (std::size_t s = 0; s < measured.count; ++s) {
      CounterRng rng(77 + c, s);
      measured.row(s)[0] = plan.draws.row(s)[c] + noise * rng.normal();
    }
    tally.cells += 1;
    tally.errors.push_back(std::abs(mean - subject.values[c]));
    tally.inside += subject.values[c] >= measured.quantile(0, 0.025) &&
                            subject.values[c] <= measured.quantile(0, 0.975)
                        ? 1
                        : 0;
    judgePairs(subject, plan.draws, known, c, tally);
  }
  judgeBest(subject, plan, budgets, tally);
}

/// Half of these cells, at random.
Cells halfOf(Cells cells, std::uint64_t seed) {
  CounterRng rng(seed, 9);
  for (std::size_t i = cells.size(); i > 1; --i) {
    std::swap(cells[i - 1], cells[rng.below(static_cast<std::uint32_t>(i))]);
  }
  cells.resize(cells.size() / 2);
  return cells;
}

/// The sets of cells to hide, by the way of hiding.
std::map<std::string, std::vector<Cells>> waysToHide(const Subject& subject, int rounds,
                                                     bool each = true) {
  constexpr std::size_t kMost = 60;
  std::map<std::string, std::vector<Cells>> ways;
  const std::size_t n = subject.values.size();
  std::map<std::string, Cells> byModel;
  Cells all;
  for (std::size_t c = 0; c < n; ++c) {
    byModel[subject.models[c]].push_back(c);
    all.push_back(c);
  }
  const std::size_t step = (n + kMost - 1) / kMost;
  for (std::size_t c = 0; each && c < n; c += step) ways["one cell"].push_back({c});
  for (int round = 0; round < rounds; ++round) {
    const auto seed = static_cast<std::uint64_t>(round);
    for (const auto& [model, cells] : byModel) {
      if (cells.size() < 2) continue;
      ways["half of a model"].push_back(halfOf(cells, seed));
    }
    ways["half of all"].push_back(halfOf(all, seed));
  }
  return ways;
}

using Tallies = std::map<std::string, std::pair<Tally, Tally>>;

void study(const Subject& subject, int rounds, Tallies& tallies, bool each = true) {
  for (const auto& [way, sets] : waysToHide(subject, rounds, each)) {
    auto& [before, after] = tallies[way];
    for (const Cells& hidden : sets) {
      hide(subject, hidden, 0, before);
      hide(subject, hidden, LawPriors{}.sharedRatio, after);
    }
  }
}

void print(const Tallies& tallies) {
  for (const auto& [way, both] : tallies) {
    fmt::print("  {}: error {:.2f} of the law's alone, median {:.2f}\n", way,
               both.second.meanError() / both.first.meanError(),
               both.second.medianError() / both.first.medianError());
    both.first.print("law alone");
    both.second.print("with the model");
  }
}

void studyStore(const RunStore& store, int rounds) {
  for (const LawMetric metric : {LawMetric::Accuracy, LawMetric::CrossEntropy}) {
    for (FamilyRuns& runs : familyRuns(store, {}, metric)) {
      const ReplayedFamily replay(std::move(runs), metric);
      if (replay.costs.size() < 8) continue;
      Subject subject;
      subject.metric = metric;
      subject.costs = replay.costs;
      for (const FamilyCell& cell : replay.family.cells) {
        const LawPoint& point = replay.family.points[cell.point.value()];
        subject.values.push_back(metricOf(point, metric));
        subject.errors.push_back(metricSeOf(point, metric));
        subject.models.push_back(cell.model);
      }
      subject.problem = [&](const Cells& run, std::vector<double> budgets) {
        return replay.problem(run, std::move(budgets));
      };
      const std::set<std::string> models(subject.models.begin(), subject.models.end());
      fmt::print("{}, {}: {} cells of {} models\n", replay.family.title(), lawMetricName(metric),
                 subject.values.size(), models.size());
      Tallies tallies;
      study(subject, rounds, tallies);
      print(tallies);
    }
  }
}

void studyPlanted(int families) {
  for (const bool shared : {false, true}) {
    Tallies tallies;
    for (int f = 0; f < families; ++f) {
      const auto seed = 30000 + static_cast<std::uint64_t>(f);
      const bool crossing = f % 2 == 1;
      const test::PlantedTruth truth =
          shared ? test::drawDeviatingTruth(seed, crossing) : test::drawTruth(seed, crossing);
      const test::PlantedSweep sweep = test::plantSweep(truth, seed);
      Subject subject;
      for (const LawPoint& p : sweep.points) {
        subject.values.push_back(p.accuracy);
        subject.errors.push_back(p.accuracySe);
        subject.costs.push_back(p.totalBits);
        subject.models.push_back(p.model);
      }
      subject.problem = [&](const Cells& run, std::vector<double> budgets) {
        DecisionProblem problem;
        for (const LawPoint& p : sweep.points) {
          problem.cells.push_back({p.model, p.config, p.parameters, std::nullopt, LawPoint::kAbsent,
                                   LawPoint::kAbsent, double(p.bits)});
        }
        for (std::size_t i = 0; i < run.size(); ++i) {
          DecisionCell& cell = problem.cells[run[i]];
          cell.point = i;
          cell.value = sweep.points[run[i]].accuracy;
          cell.se = sweep.points[run[i]].accuracySe;
          problem.points.push_back(sweep.points[run[i]]);
        }
        problem.costs = subject.costs;
        problem.budgets = std::move(budgets);
        problem.law.covariance = sweep.items.subset(run).covariance();
        return problem;
      };
      study(subject, 1, tallies, false);
    }
    fmt::print("planted, {}: {} families\n",
               shared ? "deviations shared by the formats of a model" : "nothing shared", families);
    print(tallies);
  }
}

}  // namespace
}  // namespace bitfrontier

int main(int argc, char** argv) {
  using namespace bitfrontier;
  if (argc < 2) {
    fmt::print(stderr,
               "usage: holdout_study STORE [ROUNDS], or holdout_study planted [FAMILIES]\n");
    return 2;
  }
  try {
    const std::string what = argv[1];
    const int count = argc > 2 ? std::atoi(argv[2]) : 0;
    if (what == "planted") {
      studyPlanted(count > 0 ? count : 20);
    } else if (what.ends_with(".csv")) {
      std::string folder = (std::filesystem::temp_directory_path() / "holdout_XXXXXX").string();
      if (::mkdtemp(folder.data()) == nullptr) throw Error(ErrorKind::Io, "no temporary folder");
      {
        RunStore store = RunStore::open(folder + "/runs.bfdb");
        for (const RunRecord& run : readMappedCsv(what, {}, {}).runs) store.add(run);
        studyStore(store, count > 0 ? count : 4);
      }
      std::filesystem::remove_all(folder);
    } else {
      const RunStore store = RunStore::open(what);
      studyStore(store, count > 0 ? count : 4);
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "holdout_study: {}\n", error.what());
    return 1;
  }
  return 0;
}
