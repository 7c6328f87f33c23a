// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/advice/family_runs.h"
#include "core/base/job.h"
#include "core/law/decide/budget_choice.h"
#include "core/law/decide/law_posterior.h"

namespace bitfrontier {

/// How often each bit width is the best.
struct WidthShare {
  int bits = 16;
  double share = 0;        ///< of the contested budgets at which it is best
  double probability = 0;  ///< of being best, mean over them
};

/// The optimal bit width of one family as a function of total bits: at a budget every measured
/// format that has a model within it competes (Rivals::Fitting).
struct OptimalWidths {
  std::string title;
  LawMetric metric = LawMetric::Accuracy;
  LawMixture mixture;                  ///< empty: interpolation between sizes
  bool errorsKnown = true;             ///< false: no standard errors, so probabilities mean nothing
  std::string curves;                  ///< "law J1 (0.83), J2 (0.17)" or "interpolation ...: <why>"
  int budgets = 0;                     ///< contested ones, two an octave
  std::vector<WidthShare> widths;      ///< widest first
  std::vector<BudgetChoice> grid;      ///< by k, eight budgets an octave
  std::vector<OptimalRange> ranges;    ///< `best` is k
  std::vector<std::string> crossings;  ///< sentences
  std::vector<std::string> notes;
};

/// By the family's laws where they hold, else between the measured sizes. Formats that a law leaves
/// out and those of one size compete by what was measured of them.
/// `noLaw` is a reason to fit none.
OptimalWidths optimalWidths(const FamilyRuns& family, LawMetric metric, std::size_t draws,
                            std::uint64_t seed, const JobContext& job = {},
                            const std::string& noLaw = {});

/// "4 bit is optimal from 1.2e+09 to 8.1e+11 total bits (P 0.97 or more)", one sentence a range.
std::vector<std::string> rangeSentences(const OptimalWidths& widths);

}  // namespace bitfrontier
