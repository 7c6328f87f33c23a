// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plot/qcp.h"

namespace bitfrontier {

/// Where the range of an axis may lie.
struct AxisLimits {
  bool log = false;
  double least = 1e-6, most = 1e6;  ///< of a logarithmic axis; of a linear one ±`most`
};

/// The nearest range that the axis can show: inside the limits, upwards, not narrower than what
/// numbers and ticks can tell apart.
QCPRange saneRange(const QCPRange& range, const AxisLimits& limits);

/// A range with room beside the values low..high, more on a horizontal axis.
QCPRange paddedRange(double low, double high, bool log, bool horizontal);

}  // namespace bitfrontier
