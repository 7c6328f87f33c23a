// SPDX-License-Identifier: GPL-3.0-or-later
// What if the sweep of a store had been run in the order of `bitfrontier next`? Every family is
// replayed from nothing, at budgets spread over what its cells cost, one at a time and all at once:
//
//   decision_replay STORE [BUDGETS]
//
// Only cells that were run take part. Losses are judged by the posterior with everything run.

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/advice/family_runs.h"
#include "tests/bench/ordered_sweep.h"
#include "tests/bench/replayed_family.h"

namespace bitfrontier {
namespace {

void print(const ReplayedFamily& replay, const std::string& budget, const OrderedSweep& sweep) {
  std::string choice;
  if (sweep.end.size() == 1 && sweep.end[0]) {
    const FamilyCell& cell = replay.family.cells[*sweep.end[0]];
    choice = cell.model + " " + cell.config;
  }
  fmt::print(
      "  {:>8}  stays from {:3.0f} % of the cells, {:3.0f} % of the minutes; half: {}, loses "
      "{:.2f} points; stop line {:3.0f} % ({:3.0f} %), loses {:.2f}  {}\n",
      budget, 100 * sweep.cells, 100 * sweep.minutes, sweep.finalAtHalf ? "final" : "not final",
      100 * sweep.judgedAtHalf, 100 * sweep.stopCells, 100 * sweep.stopMinutes,
      100 * sweep.judgedAtStop, choice);
  std::fflush(stdout);
}

void replayFamily(FamilyRuns family, int count) {
  const ReplayedFamily replay(std::move(family));
  const std::size_t cells = replay.costs.size();
  if (cells < 8) return;
  fmt::print("{}: {} cells\n", replay.family.title(), cells);
  const double low = *std::min_element(replay.costs.begin(), replay.costs.end());
  const double high = *std::max_element(replay.costs.begin(), replay.costs.end());
  std::vector<double> budgets;
  for (int i = 1; i <= count; ++i) {
    budgets.push_back(low * std::pow(high / low, static_cast<double>(i) / count) * (1 + 1e-12));
  }
  const auto inOrder = [&](const std::vector<double>& some) {
    return sweepInOrder(cells, [&](const auto& run) { return replay.problem(run, some); }, {});
  };
  for (const double budget : budgets) {
    print(replay, fmt::format("2^{:.1f}", std::log2(budget)), inOrder({budget}));
  }
  print(replay, "all", inOrder(budgets));
}

}  // namespace
}  // namespace bitfrontier

int main(int argc, char** argv) {
  using namespace bitfrontier;
  if (argc < 2) {
    fmt::print(stderr, "usage: decision_replay STORE [BUDGETS]\n");
    return 2;
  }
  try {
    const RunStore store = RunStore::open(argv[1]);
    for (FamilyRuns& family : familyRuns(store, {}, LawMetric::Accuracy)) {
      replayFamily(std::move(family), argc > 2 ? std::atoi(argv[2]) : 8);
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "decision_replay: {}\n", error.what());
    return 1;
  }
  return 0;
}
