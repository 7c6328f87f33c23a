// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "core/advice/family_runs.h"

namespace bitfrontier {

/// The cells of a family that were run, with what each costs, as if only some had been.
struct ReplayedFamily {
  FamilyRuns family;
  LawMetric metric;
  std::vector<double> costs;

  explicit ReplayedFamily(FamilyRuns all, LawMetric of = LawMetric::Accuracy)
      : family(std::move(all)), metric(of) {
    std::erase_if(family.cells, [](const FamilyCell& cell) { return !cell.point; });
    for (const FamilyCell& cell : family.cells) costs.push_back(cell.totalBits);
  }

  /// The decision with some of the cells run.
  DecisionProblem problem(const std::vector<std::size_t>& run, std::vector<double> budgets) const {
    DecisionProblem problem = decisionOf(family, metric, costs, std::move(budgets));
    const std::vector<LawPoint> points = std::move(problem.points);
    std::vector<DecisionCell> cells = problem.cells;
    for (DecisionCell& cell : problem.cells) {
      cell.point.reset();
      cell.value = cell.se = LawPoint::kAbsent;
    }
    problem.points.clear();
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < run.size(); ++i) {
      const std::size_t row = cells[run[i]].point.value();
      rows.push_back(row);
      problem.points.push_back(points[row]);
      problem.cells[run[i]] = cells[run[i]];
      problem.cells[run[i]].point = i;
    }
    problem.law.covariance.reset();
    if (family.items && !rows.empty()) {
      problem.law.covariance = family.items->subset(rows).covariance();
    }
    return problem;
  }
};

}  // namespace bitfrontier
