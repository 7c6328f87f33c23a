// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/law/decide/cell_posterior.h"
#include "core/law/decide/law_mixture.h"
#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// Which cell of one family to use, or to run next, at some budgets.
struct DecisionProblem {
  std::vector<DecisionCell> cells;  ///< run and unrun; `point` of run ones indexes `points`
  std::vector<double> costs;    ///< what the budgets limit, e.g. bits of memory; NaN: never fits
  std::vector<double> minutes;  ///< predicted duration of a run of each cell
  std::vector<double> budgets;
  /// Cells that cost more, or of unknown cost, cannot be run and are not proposed.
  std::optional<double> runnableCost;
  std::vector<LawPoint> points;  ///< of the run cells
  JointOptions law;              ///< metric, axis, formats and covariance of `points`
  LawPriors priors;
  std::size_t draws = 4000;
  std::uint64_t seed = 1;
  double stopRegret = 0.001;  ///< in units of the metric: below it nothing more need be run
};

/// An unrun cell in the order in which it should be run.
struct NextExperiment {
  std::size_t cell = 0;
  double gain = LawPoint::kAbsent;  ///< expected reduction of regret; absent before there is a law
  double minutes = 0;
  std::string reason;  ///< what it decides or makes possible
};

/// What is known of the cells of a problem, whatever the budgets and costs.
struct CellKnowledge {
  LawMixture mixture;  ///< empty when no law holds
  std::string noLaw;   ///< why, then
  Draws draws{0, 0};   ///< of the metric of every cell
  /// Cells whose draws are guesses (guessedCells), good for ranking runs alone.
  std::vector<std::uint8_t> guessed;
  /// 0 for unrun cells that are not chosen: they lie too far outside the law's data, and their
  /// draws are only good for ranking runs, or their format is not in the law.
  std::vector<std::uint8_t> choosable;
};

/// What follows at the budgets of a problem.
struct DecisionAnswer {
  DecisionState state;
  std::vector<NextExperiment> next;
  std::size_t notRunnable = 0;  ///< unrun cells that are above DecisionProblem::runnableCost
  bool stop = false;
  std::string verdict;  ///< one sentence: go on or stop, and why
};

/// Both. The draws of unrun guessed cells are NaN here.
struct DecisionPlan : CellKnowledge, DecisionAnswer {};

/// Fits the laws and draws the cells, which takes the time. Costs and budgets do not matter.
CellKnowledge learnCells(const DecisionProblem& problem, const JobContext& job = {});
/// Chooses at every budget and ranks the unrun cells by what learnCells() gave for the same cells.
DecisionAnswer decide(const DecisionProblem& problem, const CellKnowledge& known);

/// Fits the laws, chooses at every budget, and ranks the unrun cells: first what is missing for a
/// law (four sizes, two of a format of every width), there what may itself be chosen at a budget
/// before what may not, and the quickest first; then by expected reduction of regret per minute.
/// Cells the law may not be extrapolated to are ranked but never chosen.
DecisionPlan planDecision(const DecisionProblem& problem, const JobContext& job = {});

}  // namespace bitfrontier
