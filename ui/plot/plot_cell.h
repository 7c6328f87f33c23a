// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ui/plot/plot_marks.h"

namespace bitfrontier {

/// One of several plots side by side: the points of one family, data type, block size or task.
struct PlotCell {
  QString title;
  PointsPtr points;
  std::shared_ptr<const PointAxes> axes;  ///< of `points`; null when the axes need nothing
  /// For each point the key of the one that it is, or is a part of, in the whole view.
  std::vector<std::string> keys;
  std::shared_ptr<const LawSet> laws;  ///< of these points alone; null: not fitted yet
};

/// All of them, in the order shown.
struct PlotCells {
  std::vector<PlotCell> cells;
  QStringList leftOut;  ///< titles of those for which there is no room
};

}  // namespace bitfrontier
