// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/law/data/series.h"
#include "core/store/run_store.h"

namespace bitfrontier {

/// Whose numbers are shown. Measured and published points are never joined, even when both are.
enum class SourceChoice { Measured, Published, Both };

/// What the plot, the tables and the laws show; one value shared by all panels.
struct ViewOptions {
  LawMetric metric = LawMetric::Accuracy;
  CountingRule rule = CountingRule::CheckpointBytes;
  SeriesKey series = SeriesKey::Bits;
  SourceChoice source = SourceChoice::Both;
  bool fits = true;       ///< fitted law curves
  bool means = false;     ///< piecewise-linear curves through the mean of each model
  bool frontier = true;   ///< Pareto frontier as a step line
  bool errorBars = true;  ///< one standard error
  double budgetBits = 0;  ///< vertical line; 0 = none
  bool partial = false;   ///< also points that miss some of the tasks their peers have
  std::string filter;     ///< text of the filter box, see ui/runs/row_filter.h

  bool operator==(const ViewOptions&) const = default;
};

}  // namespace bitfrontier
