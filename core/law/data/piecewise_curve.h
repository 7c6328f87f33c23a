// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/law/data/law_metric.h"
#include "core/law/data/series.h"

namespace bitfrontier {

/// Piecewise-linear interpolation in log2(total bits) (the paper's curves): the mean metric of the
/// points at each distinct model, joined by straight lines. No extrapolation: absent outside the
/// range.
struct PiecewiseCurve {
  std::vector<double> totalBits;  ///< ascending
  std::vector<double> values;
  /// NaN outside the range.
  double at(double bits) const;
};
PiecewiseCurve piecewiseLinear(const LawSeries& series, LawMetric metric);

}  // namespace bitfrontier
