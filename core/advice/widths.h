// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/advice/family_runs.h"
#include "core/base/job.h"
#include "core/law/decide/budget_choice.h"
#include "core/law/decide/law_mixture.h"

namespace bitfrontier {

/// How often each bit width is the best.
struct WidthShare {
  int bits = 16;
  double share = 0;        ///< of the compared budgets at which it is best
  double probability = 0;  ///< of being best, mean over them
};

/// Where one bit width is measured: total bits of its smallest and its largest model.
struct MeasuredWidth {
  int bits = 16;
  double from = 0, to = 0;
};

/// Neighbouring budgets at which one width is the best, and among what.
struct WidthRange : OptimalRange {
  /// Curves are compared at some budget of it; else only measured models that fit.
  bool curves = false;
};

/// The optimal bit width of one family as a function of total bits. At a budget every measured
/// format that has a model within it competes by its best one. Curves between measured sizes count
/// where at least three widths are measured, or all of which a model fits; elsewhere the measured
/// models alone, since larger ones of the other widths could be the best.
struct OptimalWidths {
  std::string title;
  LawMetric metric = LawMetric::Accuracy;
  LawMixture mixture;       ///< empty: interpolation between sizes
  bool errorsKnown = true;  ///< false: no standard errors, so probabilities mean nothing
  bool atChance = false;    ///< no model can be told from guessing, so no width is worth a choice
  std::string curves;       ///< "law J1 (0.83), J2 (0.17)" or "interpolation ...: <why>"
  std::vector<MeasuredWidth> measured;  ///< widest first
  int budgets = 0;                      ///< at which curves are compared, two an octave
  std::vector<WidthShare> widths;       ///< widest first
  std::vector<BudgetChoice> grid;       ///< by k, eight budgets an octave
  std::vector<WidthRange> ranges;       ///< `best` is k
  std::vector<std::string> crossings;   ///< sentences
  std::vector<std::string> notes;
};

/// Whether no accuracy of these is above chance, by one-sided tests that together are wrong with
/// 5 % (Bonferroni). False where chance or a standard error is not known, and without points.
bool cannotBeToldFromChance(std::span<const LawPoint> points);

/// By the family's laws where they hold, else between the measured sizes. Formats that a law leaves
/// out and those of one size compete by what was measured of them.
/// `noLaw` is a reason to fit none.
OptimalWidths optimalWidths(const FamilyRuns& family, LawMetric metric, std::size_t draws,
                            std::uint64_t seed, const JobContext& job = {},
                            const std::string& noLaw = {});

}  // namespace bitfrontier
