// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plot/qcp.h"

namespace bitfrontier {

/// A part of the plane: total bits and the plotted metric.
struct PlotRange {
  QCPRange x, y;
  bool contains(double bits, double value) const { return x.contains(bits) && y.contains(value); }
  bool operator==(const PlotRange&) const = default;
};

}  // namespace bitfrontier
