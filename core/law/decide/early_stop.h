// SPDX-License-Identifier: GPL-3.0-or-later
// Whether a configuration that is still being scored can reach an accuracy that another has.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace bitfrontier {

/// One task of it: outcomes of the items that were scored so far, drawn at random without
/// replacement from the task's `all` items, and those of a whole run for the same items.
struct PartialTask {
  std::vector<std::uint8_t> correct;  ///< 1 right, 0 wrong
  std::vector<std::uint8_t> control;  ///< of the same items; empty without a control
  double controlMean = 0;             ///< of the control, over all items
  std::int64_t all = 0;
};

/// The mean over tasks of the accuracy on all items, as far as it is known.
struct PartialMean {
  double estimate = 0;
  double se = 0;
  double upper = 0;  ///< it is above this with a probability of at most `level`
};

/// The control's accuracy on all items is known, so that each task's estimate is the regression
/// estimator mean(y) - b (mean(z) - Z) with b between 0 and 1 by least squares (Cochran, Sampling
/// Techniques, 7.3), its variance that of the residuals times (1 - n / all). Outcomes are counts
/// that may be rare (no difference among the items seen does not mean that there is none): one
/// is added to the squares, and (q^2 + 2) / 3 to the bound of the task that weighs most, which
/// makes the bound of a count that of the Poisson distribution to its second order. Needs one
/// scored item of each task; throws InvalidArgument otherwise.
PartialMean partialMean(std::span<const PartialTask> tasks, double level);

/// What each of `looks` looks may spend of the rate `alpha` of false stops: equal parts, whose sum
/// bounds the rate whatever the looks have to do with each other.
double lookLevel(double alpha, std::size_t looks);

}  // namespace bitfrontier
