// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core/law/data/draws.h"
#include "core/law/data/law_point.h"
#include "core/law/data/series.h"
#include "core/law/decide/law_mixture.h"

namespace bitfrontier {

/// One format's curve over total bits and what is not known about it.
struct FormatCurve {
  std::string label;
  int bits = 16;       ///< k
  double minBits = 0;  ///< range of the measurements, total bits
  double maxBits = 0;
  std::vector<double> measured = {};  ///< total bits of the points, ascending
};

/// Curves of formats with joint draws. Values are the metric's.
struct FormatCurves {
  LawMetric metric = LawMetric::Accuracy;
  std::vector<FormatCurve> formats;
  std::size_t draws = 0;
  /// The first draws are as good as any others, so that a few tell what is far behind.
  bool exchangeable = false;
  std::function<double(std::size_t format, double totalBits)> value;
  /// Fills one value for each draw.
  std::function<void(std::size_t format, double totalBits, std::span<double> out)> drawn;
};

/// Curves of joint laws, which may be asked at any size in range. Keeps what it needs of `mixture`
/// by reference: it must outlive the result.
FormatCurves lawCurves(const LawMixture& mixture, std::size_t draws, std::uint64_t seed);

/// The paper's curves: straight lines in log2(total bits) between the measured sizes of each
/// format; a format of one size is a point. `draws` columns are the points' metric values.
FormatCurves interpolatedCurves(std::span<const LawPoint> points, LawMetric metric, SeriesKey key,
                                Draws draws);

/// The formats of `first`, then those of `second`, which has as many draws.
FormatCurves joinCurves(FormatCurves first, FormatCurves second);

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
  double probability = 0;  ///< of being the best of those that compete
  double loss = 0;         ///< expected loss against the best, in units of the metric, >= 0
  double atBits = 0;       ///< total bits of the model that stands for it
};

/// The formats that compete at one budget, most probable first.
struct BudgetChoice {
  double totalBits = 0;
  std::vector<FormatChance> formats;
  std::size_t best = 0;  ///< format with the best point estimate
  Verdict verdict = Verdict::Nothing;

  bool contested() const { return formats.size() >= 2; }
};

/// Which formats compete at a budget.
enum class Rivals {
  /// Those measured on both sides of it, each by a model of just that many bits: which format is
  /// best for a model of any size. Above its largest model a format is out of the race, so that
  /// what remains at the right edge wins for want of rivals.
  Covered,
  /// All that have a model within it, each by its best: what to use with that many bits. A smaller
  /// file of a narrower format competes with a larger one of a wider format. Values are means over
  /// the draws that probabilities and crossings are from.
  Fitting,
  /// All that have a measured model within it, each by its best: nothing between measured sizes.
  Measured,
};

/// The choice at each budget.
std::vector<BudgetChoice> chooseFormats(const FormatCurves& curves, std::span<const double> budgets,
                                        Rivals rivals = Rivals::Covered,
                                        const JobContext& job = {});

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
  /// Median over the draws, so that there the probability that `large` is better is a half; NaN
  /// when that is not within what both are measured at, and a factor of two around it.
  double totalBits = 0;
  double low = 0, high = 0;  ///< 95 % interval over the same draws; 0 or infinite when it is open
};
/// Crossings of formats that win next to each other. Curves of J1 never cross.
std::vector<Crossing> crossings(const FormatCurves& curves, std::span<const BudgetChoice> choices);

/// "int4-b64 is optimal (P 0.98)", "not decided between a (P 0.55) and b (P 0.40)".
std::string sentence(const BudgetChoice& choice, const FormatCurves& curves);

}  // namespace bitfrontier
