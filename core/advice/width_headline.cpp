// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/width_headline.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace bitfrontier {
namespace {

/// Neighbouring budgets with one best width that is this sure at each of them.
struct Stretch {
  std::size_t first = 0, last = 0;  ///< of the budgets
  int bits = 0;
  double lowest = 1;
};

double probabilityOf(const BudgetChoice& choice) {
  for (const FormatChance& f : choice.formats) {
    if (f.format == choice.best) return f.probability;
  }
  return 0;
}

/// Whether curves are compared at a budget, as the ranges say.
bool curvesAt(const OptimalWidths& widths, double totalBits) {
  return std::any_of(widths.ranges.begin(), widths.ranges.end(), [&](const WidthRange& r) {
    return r.curves && totalBits >= r.fromBits && totalBits <= r.toBits;
  });
}

/// Whether `next` is the next budget of the grid, eight an octave.
bool follows(const BudgetChoice& choice, const BudgetChoice& next) {
  return next.totalBits < choice.totalBits * std::exp2(1.5 / 8);
}

std::vector<Stretch> stretches(const std::vector<BudgetChoice>& budgets, double least) {
  std::vector<Stretch> all;
  bool open = false;
  for (std::size_t i = 0; i < budgets.size(); ++i) {
    const int bits = static_cast<int>(budgets[i].best);
    const double p = probabilityOf(budgets[i]);
    if (!(p >= least)) {
      open = false;
      continue;
    }
    if (open && all.back().bits == bits && follows(budgets[i - 1], budgets[i])) {
      all.back().last = i;
      all.back().lowest = std::min(all.back().lowest, p);
    } else {
      all.push_back({i, i, bits, p});
    }
    open = true;
  }
  return all;
}

WidthHeadline::Beside beside(const std::vector<BudgetChoice>& budgets, std::size_t from,
                             std::size_t to, int bits, double least) {
  if (from >= to) return WidthHeadline::Beside::Nothing;
  for (std::size_t i = from; i < to; ++i) {
    if (probabilityOf(budgets[i]) >= least && static_cast<int>(budgets[i].best) != bits) {
      return WidthHeadline::Beside::Others;
    }
  }
  return WidthHeadline::Beside::Undecided;
}

}  // namespace

WidthHeadline widthHeadline(const OptimalWidths& widths) {
  WidthHeadline line;
  line.title = widths.title;
  line.errorsKnown = widths.errorsKnown;
  line.atChance = widths.atChance;
  if (widths.measured.size() == 1) line.onlyWidth = widths.measured.front().bits;
  std::vector<BudgetChoice> budgets, measured;
  for (const BudgetChoice& choice : widths.grid) {
    if (!choice.contested()) continue;
    (curvesAt(widths, choice.totalBits) ? budgets : measured).push_back(choice);
  }
  line.curves = !budgets.empty();
  if (budgets.empty()) budgets = std::move(measured);
  line.contested = !budgets.empty();
  if (budgets.empty()) return line;
  line.fromBits = budgets.front().totalBits;
  line.toBits = budgets.back().totalBits;
  line.verdict = Verdict::Undecided;
  std::map<int, int> wins;
  for (const BudgetChoice& choice : budgets) ++wins[static_cast<int>(choice.best)];
  const auto most = std::max_element(
      wins.begin(), wins.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  line.leader = most->first;
  line.leaderShare = most->second / static_cast<double>(budgets.size());
  if (!widths.errorsKnown || widths.atChance) return line;
  // As verdictOf() has them.
  for (const auto& [least, verdict] :
       {std::pair{0.95, Verdict::Optimal}, {0.75, Verdict::Probably}}) {
    const std::vector<Stretch> all = stretches(budgets, least);
    if (all.empty()) continue;
    const Stretch& longest = *std::max_element(
        all.begin(), all.end(),
        [](const Stretch& a, const Stretch& b) { return a.last - a.first < b.last - b.first; });
    line.bits = longest.bits;
    line.fromBits = budgets[longest.first].totalBits;
    line.toBits = budgets[longest.last].totalBits;
    line.lowest = longest.lowest;
    line.verdict = verdict;
    line.below = beside(budgets, 0, longest.first, longest.bits, least);
    line.above = beside(budgets, longest.last + 1, budgets.size(), longest.bits, least);
    return line;
  }
  return line;
}

}  // namespace bitfrontier
