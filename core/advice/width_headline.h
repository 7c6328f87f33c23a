// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "core/advice/widths.h"

namespace bitfrontier {

/// What is most worth saying of a family's optimal widths: the longest stretch of budgets over
/// which one width is the best for sure, or else probably.
struct WidthHeadline {
  /// Budgets beside the stretch at which widths compete.
  enum class Beside {
    Nothing,    ///< there are none
    Undecided,  ///< no width is the best for sure there
    Others      ///< another width is
  };

  std::string title;                ///< the family
  int bits = 0;                     ///< the best width; 0: none is decided anywhere
  double fromBits = 0, toBits = 0;  ///< the stretch; undecided: all budgets at which widths compete
  double lowest = 0;                ///< smallest probability in the stretch
  Verdict verdict = Verdict::Nothing;
  bool curves = false;  ///< laws or interpolations are compared; else only measured models
  bool errorsKnown = true;
  bool atChance = false;  ///< as OptimalWidths has it: nothing is decided then
  Beside below = Beside::Nothing, above = Beside::Nothing;
  int leader = 0;          ///< the width that is best at most budgets, where none is decided
  double leaderShare = 0;  ///< of these budgets
  int onlyWidth = 0;       ///< the one width that is measured; 0: several are
  bool contested = false;  ///< there are budgets at which widths compete
};

/// Of `widths`; says nothing of budgets at which fewer than two widths compete.
WidthHeadline widthHeadline(const OptimalWidths& widths);

}  // namespace bitfrontier
