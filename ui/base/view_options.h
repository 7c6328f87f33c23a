// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/law/data/series.h"
#include "core/store/run_store.h"
#include "ui/base/point_ref.h"

namespace bitfrontier {

/// Whose numbers are shown. Measured and published points are never joined, even when both are.
enum class SourceChoice { Measured, Published, Both };

/// What is on the horizontal axis.
enum class XAxis {
  TotalBits,  ///< by the counting rule
  Memory,     ///< weights as stored and key-value cache
  Parameters,
  Seconds  ///< that the runs behind a point took
};

/// What is on the vertical axis.
enum class YAxis {
  Metric,
  Difference,  ///< from the same model at most bits, the same items
  Residual,    ///< from the law
  Error        ///< what is missing from 100 %; of a cross-entropy itself
};

/// What each of several small plots side by side is of.
enum class SplitBy { None, Family, DataType, BlockSize, Task };

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
  SplitBy split = SplitBy::None;
  /// @name What is on the axes
  /// @{
  XAxis x = XAxis::TotalBits;
  YAxis y = YAxis::Metric;
  bool xLog = true, yLog = false;
  std::string task;             ///< only this one counts; empty: all
  std::int64_t context = 2048;  ///< tokens whose key-value cache is part of the memory
  /// @}
  bool rings = true;      ///< probability of being on the frontier
  bool labels = true;     ///< names beside points and lines
  bool lossless = false;  ///< the 16-bit law if weights were kept in `losslessBits` without loss
  int losslessBits = 4;
  double budgetBits = 0;  ///< memory that models have to fit into; 0 = no line
  std::string filter;     ///< text of the filter box, see ui/runs/row_filter.h

  std::string set;  ///< title of the only comparable set that is shown; empty: all
  /// Paths of stores whose runs are shown beside those of the open one.
  std::vector<std::string> others;
  std::vector<Exclusion> exclusions;  ///< points that no law and no frontier rests on
  PointRef baseline;                  ///< the point that others are compared with; empty: none

  bool operator==(const ViewOptions&) const = default;
};

/// Whether both let the same points through and fit the same laws: only lines and looks differ.
bool sameContent(const ViewOptions& a, const ViewOptions& b);

}  // namespace bitfrontier
