// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/law/data/series.h"

namespace bitfrontier {

/// Standard error of a share of `items`: sqrt(p (1 - p) / (n - 1)), as lm-evaluation-harness has
/// it, but never less than the standard deviation of what is not known about a share of which
/// nothing was right, that of Beta(1, n + 1) (Laplace's uniform prior), sqrt((n+1)/(n+3)) / (n+2).
/// The first is 0 at 0 and n right of n, which would be certainty. The second is about 1/n there:
/// the error of one right of n, what paired covariances have on their diagonal, and half of
/// Wilson's 95 % interval over 1.96. NaN when items are not known or the share is impossible.
double shareError(double share, double items);

/// The standard errors that points count with.
struct PointErrors {
  /// One a point: its own, or what takes its place; NaN where nothing is known.
  std::vector<double> values;
  std::size_t own = 0;      ///< points with the metric and an error of their own
  std::size_t assumed = 0;  ///< points with the metric whose error was assumed
  /// Median over the points with an error, which the assumed ones rest on: number of items of an
  /// accuracy, error over value of a cross-entropy.
  double median = LawPoint::kAbsent;
  LawMetric metric = LawMetric::Accuracy;

  /// False when no point has an error: then all values are NaN.
  bool known() const { return own > 0; }
  /// "3 of 28 points have no standard error: they count with that of 5153 items, the median of the
  /// others"; empty when none was assumed.
  std::string note() const;
};

/// Own errors where they are positive and finite. An error that is absent or 0 is not known, which
/// is no certainty: the point gets that of a share of as many items as the median of the others
/// has, or the others' median share of a cross-entropy. When no point has one nothing is known.
PointErrors pointErrors(std::span<const LawPoint> points, LawMetric metric);

}  // namespace bitfrontier
