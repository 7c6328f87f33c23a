// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core/law/draws.h"
#include "core/law/law_point.h"
#include "core/law/law_posterior.h"
#include "core/law/scaling_law.h"

namespace bitfrontier {

/// One format's curve over total bits and what is not known about it.
struct FormatCurve {
  std::string label;
  int bits = 16;       ///< k
  double minBits = 0;  ///< range of the measurements, total bits
  double maxBits = 0;
};

/// Curves of formats with joint draws. Values are the metric's.
struct FormatCurves {
  LawMetric metric = LawMetric::Accuracy;
  std::vector<FormatCurve> formats;
  std::size_t draws = 0;
  std::function<double(std::size_t format, double totalBits)> value;
  /// Fills one value for each draw.
  std::function<void(std::size_t format, double totalBits, std::span<double> out)> drawn;
};

/// Curves of joint laws, which may be asked at any size in range. Keeps what it needs of `mixture`
/// by reference: it must outlive the result.
FormatCurves lawCurves(const LawMixture& mixture, std::size_t draws, std::uint64_t seed);

/// The paper's curves: straight lines in log2(total bits) between the measured sizes of each
/// format. `draws` columns are the points' metric values.
FormatCurves interpolatedCurves(std::span<const LawPoint> points, LawMetric metric, SeriesKey key,
                                Draws draws);

/// How sure a choice is.
enum class Verdict {
  Optimal,   ///< P >= 0.95
  Probably,  ///< P >= 0.75
  Undecided,
  OnlyMeasured,  ///< one format is measured at this budget
  Nothing,       ///< none is
};
/// "optimal", "probably", "undecided", "only measured", "nothing measured".
std::string_view verdictName(Verdict verdict);
Verdict verdictOf(double probability, std::size_t candidates);

/// One format at one budget.
struct FormatChance {
  std::size_t format = 0;
  double value = 0;        ///< point estimate of the metric
  double probability = 0;  ///< of being the best of those measured at this budget
  double loss = 0;         ///< expected loss against the best, in units of the metric, >= 0
};

/// The formats measured at one budget, most probable first.
struct BudgetChoice {
  double totalBits = 0;
  std::vector<FormatChance> formats;
  std::size_t best = 0;  ///< format with the best point estimate
  Verdict verdict = Verdict::Nothing;

  bool contested() const { return formats.size() >= 2; }
};

/// The choice at each budget, only among formats measured on both sides of it: at the right edge of
/// the data fewer formats remain, and what remains does not win for that.
std::vector<BudgetChoice> chooseFormats(const FormatCurves& curves,
                                        std::span<const double> budgets);

/// The same with formats of equal k taken together: `format` is k, the value the best format's, and
/// probabilities are sums.
BudgetChoice byBits(const BudgetChoice& choice, const FormatCurves& curves);

/// Budgets at whole multiples of 1/perOctave in log2, covering what the curves cover.
std::vector<double> budgetGrid(const FormatCurves& curves, int perOctave = 2);

/// Neighbouring budgets with the same answer.
struct OptimalRange {
  std::size_t best = 0;  ///< a format, or k after byBits()
  double fromBits = 0, toBits = 0;
  double lowest = 1;  ///< smallest probability in the range
  Verdict verdict = Verdict::Undecided;
};
/// Contested budgets only.
std::vector<OptimalRange> optimalRanges(std::span<const BudgetChoice> choices);

/// Where the better of two formats changes.
struct Crossing {
  std::size_t small = 0, large = 0;  ///< better below and above it
  double totalBits = 0;              ///< of the point estimates; NaN when they do not cross
  double low = 0, high = 0;          ///< 95 % interval; 0 or infinite when it is open
};
/// Crossings of formats that win next to each other. Curves of J1 never cross.
std::vector<Crossing> crossings(const FormatCurves& curves, std::span<const BudgetChoice> choices);

/// "int4-b64 is optimal (P 0.98)", "not decided between a (P 0.55) and b (P 0.40)".
std::string sentence(const BudgetChoice& choice, const FormatCurves& curves);

}  // namespace bitfrontier
