// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "core/law/data/law_point.h"
#include "core/law/data/series.h"

namespace bitfrontier {

/// The value by which a point belongs to a series: its bits, block size or data type.
struct SeriesValue {
  double order = 0;  ///< sorts the legend; equal for equal values
  QString label;     ///< "4 bit", "block 64", "whole tensor", "int"
};

SeriesValue seriesValue(const LawPoint& point, SeriesKey key);

}  // namespace bitfrontier
