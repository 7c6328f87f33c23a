// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/law/data/series.h"
#include "core/store/run_store.h"
#include "ui/base/point_ref.h"

namespace bitfrontier {

/// Whose numbers are shown. Measured and published points are never joined, even when both are.
enum class SourceChoice { Measured, Published, Both };

/// What the plot, the tables and the laws show; one value shared by all panels. A new member needs
/// its line in eachOption() of ui/view/view_state.cpp.
struct ViewOptions {
  LawMetric metric = LawMetric::Accuracy;
  CountingRule rule = CountingRule::CheckpointBytes;
  SeriesKey series = SeriesKey::Bits;
  SourceChoice source = SourceChoice::Both;
  bool fits = true;       ///< fitted law curves
  bool means = false;     ///< piecewise-linear curves through the mean of each model
  bool frontier = true;   ///< Pareto frontier as a step line
  bool errorBars = true;  ///< one standard error
  bool partial = false;   ///< also points that miss some of the tasks their peers have
  std::string filter;     ///< text of the filter box, see ui/runs/row_filter.h

  std::string set;  ///< title of the only comparable set that is shown; empty: all
  /// Paths of stores whose runs are shown beside those of the open one.
  std::vector<std::string> others;
  std::vector<Exclusion> exclusions;  ///< points that no law and no frontier rests on
  PointRef baseline;                  ///< the point that others are compared with; empty: none

  bool operator==(const ViewOptions&) const = default;
};

}  // namespace bitfrontier
