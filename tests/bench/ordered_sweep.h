// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <optional>
#include <vector>

#include "core/law/decide/decision_plan.h"

namespace bitfrontier {

using Choices = std::vector<std::optional<std::size_t>>;

/// A sweep that starts empty and runs what is ranked first, up to the last cell.
struct OrderedSweep {
  Choices end;               ///< with everything run
  bool finalAtHalf = false;  ///< with half of the cells run, every choice is the final one
  double lostAtHalf = 0;     ///< true loss of the choices there against the final ones, the largest
  double judgedAtHalf = 0;   ///< the same by the posterior means when everything has been run
  double cells = 0, minutes = 0;          ///< shares after which the choices stay
  double stopCells = 1, stopMinutes = 1;  ///< shares at the stop line
  double lostAtStop = 0, judgedAtStop = 0;
};

inline double lossOf(const Choices& choice, const Choices& final,
                     const std::vector<double>& values) {
  double loss = 0;
  for (std::size_t b = 0; b < final.size(); ++b) {
    if (!final[b]) continue;
    loss = std::max(loss, values[*final[b]] - (choice[b] ? values[*choice[b]] : 0));
  }
  return loss;
}

/// `problemOf(run)` is the decision when these cells have been run; `truth` are the true values of
/// the cells (higher is better), empty when they are not known.
template <typename ProblemOf>
OrderedSweep sweepInOrder(std::size_t cells, const ProblemOf& problemOf,
                          const std::vector<double>& truth) {
  std::vector<std::size_t> run(cells);
  std::iota(run.begin(), run.end(), std::size_t{0});
  const DecisionState end = planDecision(problemOf(run)).state;
  const std::vector<double>& values = truth.empty() ? end.means : truth;
  run.clear();
  double minutes = 0, allMinutes = 0;
  const auto known = [](double m) { return m > 0 ? m : 1; };
  for (const double m : problemOf(run).minutes) allMinutes += known(m);
  OrderedSweep result;
  result.end = end.choice;
  bool stopped = false;
  while (run.size() < cells) {
    const DecisionPlan plan = planDecision(problemOf(run));
    const Choices& choice = plan.state.choice;
    const double cellShare = static_cast<double>(run.size()) / static_cast<double>(cells);
    if (run.size() == cells / 2) {
      result.finalAtHalf = choice == end.choice;
      result.lostAtHalf = lossOf(choice, end.choice, values);
      result.judgedAtHalf = lossOf(choice, end.choice, end.means);
    }
    if (plan.stop && !stopped) {
      stopped = true;
      result.stopCells = cellShare;
      result.stopMinutes = minutes / allMinutes;
      result.lostAtStop = lossOf(choice, end.choice, values);
      result.judgedAtStop = lossOf(choice, end.choice, end.means);
    }
    if (plan.next.empty()) break;
    run.push_back(plan.next.front().cell);
    minutes += plan.next.front().minutes;
    if (choice != end.choice) {
      result.cells = static_cast<double>(run.size()) / static_cast<double>(cells);
      result.minutes = minutes / allMinutes;
    }
  }
  return result;
}

}  // namespace bitfrontier
