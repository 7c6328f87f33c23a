// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/law/data/draws.h"
#include "core/law/decide/law_mixture.h"

namespace bitfrontier {

/// One model under one configuration, run or not, as a decision sees it.
struct DecisionCell {
  std::string model;
  std::string format;                ///< label as in the law
  double size = 0;                   ///< on the law's axis
  std::optional<std::size_t> point;  ///< index into the points given to the fit, when it was run
  double value = LawPoint::kAbsent;  ///< measured metric
  double se = LawPoint::kAbsent;
  double bits = 0;  ///< of a quantized weight (k); 0: not known
};

/// Whether a cell is of a format that the laws lack for want of sizes (none or one was run) though
/// its width is known: what is said of it is then a FormatGuess.
std::vector<std::uint8_t> guessedCells(const LawMixture& mixture,
                                       std::span<const DecisionCell> cells);

/// Joint draws of the true metric of every cell: of those in the law from law and measurement
/// together, of unrun ones from the law, what their model deviates from it by, and lack of fit, of
/// guessed ones (guessedCells) from FormatGuess, their model and what was measured, of run ones
/// that the law left out from their measurement alone. Columns of cells about which nothing is
/// known are NaN. Without a law (`mixture` empty) only measurements count.
Draws cellDraws(const LawMixture& mixture, std::span<const DecisionCell> cells, std::size_t draws,
                std::uint64_t seed, const JobContext& job = {});

/// E[max_i (a_i + b_i Z)] for standard normal Z (Frazier, Powell, Dayanik, "The knowledge-gradient
/// policy for correlated normal beliefs", 2009, algorithm 1). -infinity when there are none.
double expectedMaximum(std::span<const double> a, std::span<const double> b);

/// What one more run would be worth.
struct ExperimentValue {
  std::size_t cell = 0;
  double gain = 0;         ///< expected rise of the chosen cell's value, mean over the budgets
  std::size_t budget = 0;  ///< index of the budget it matters most for
  std::size_t rival = 0;   ///< cell that it would most often be chosen over or for, there
};

/// The state of a decision at several budgets.
struct DecisionState {
  std::vector<double> means;                       ///< posterior mean goodness of every cell
  std::vector<std::optional<std::size_t>> choice;  ///< cell with the best mean at each budget
  std::vector<double> regret;  ///< expected loss of that choice against the best cell that fits
  std::vector<ExperimentValue> experiments;  ///< unrun cells, largest gain first

  double meanRegret() const;
};

/// Ranks the unrun cells by the expected reduction of regret (knowledge gradient): since the best
/// attainable value does not depend on what is run, that is the expected rise of the chosen cell's
/// mean. `goodness` are draws of values where higher is better; `costs` and `budgets` say what
/// fits; `noise` is the variance of a new measurement. A cell that is not `choosable` (the law
/// reaches it only by going too far) is chosen only once it has been run: a run then makes it
/// available. Cells with NaN draws take no part.
DecisionState evaluateDecision(const Draws& goodness, std::span<const double> costs,
                               std::span<const double> budgets, std::span<const std::uint8_t> unrun,
                               std::span<const std::uint8_t> choosable, double noise);

}  // namespace bitfrontier
