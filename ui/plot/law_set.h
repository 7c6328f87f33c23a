// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/law/data/scaling_law.h"

namespace bitfrontier {

/// One series with its fitted law and its piecewise-linear curve.
struct SeriesLaw {
  LawSeries series;
  LawFit fit;
  PiecewiseCurve means;
};

/// The laws of everything in view; shared between threads, never changed after it is made.
struct LawSet {
  LawMetric metric = LawMetric::Accuracy;
  SeriesKey key = SeriesKey::Bits;
  std::vector<SeriesLaw> laws;
};

/// Divides the points into series of what may be compared, and fits each. Blocking; throws
/// Error{Cancelled} when stopped.
std::shared_ptr<const LawSet> computeLaws(std::span<const LawPoint> points, SeriesKey key,
                                          LawMetric metric, const JobContext& job = {});

}  // namespace bitfrontier
