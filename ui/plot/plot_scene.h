// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <span>
#include <vector>

#include "core/law/law_point.h"
#include "ui/view_options.h"

namespace bitfrontier {

/// Points drawn with one colour, one shape and one fill: a series value of one family from one
/// source.
struct PlotGroup {
  int value = 0;            ///< index into PlotScene::values; decides the colour
  int family = 0;           ///< index into PlotScene::families; decides the shape
  int source = 0;           ///< index into PlotScene::sources; a published source is drawn hollow
  std::vector<int> points;  ///< indices of the points, ordered by total bits
};

/// The frontier of points of one source that may be compared (comparableKey); others are never
/// joined with them.
struct PlotFrontier {
  int source = 0;
  std::vector<int> points;  ///< ordered by total bits
};

/// What is to be drawn, without anything of how: made from points by a pure function.
struct PlotScene {
  std::vector<QString> values;    ///< e.g. "3 bit", "4 bit"; in legend order
  std::vector<QString> families;  ///< alphabetical; "OPT, gptq" when there are several methods
  std::vector<QString> sources;   ///< "" = measured here, first
  std::vector<PlotGroup> groups;
  std::vector<PlotFrontier> frontiers;
  bool methods = false;  ///< points differ in method, so that families are divided by it
  int hidden = 0;        ///< points without this metric or without positive total bits
  double chance = 0;     ///< common chance level in plotted units; NaN when points differ

  bool published(const PlotGroup& group) const {
    return !sources[static_cast<std::size_t>(group.source)].isEmpty();
  }
};

/// Name of the shape of a point: its family, with the method when `methods` is set.
QString shapeLabel(const LawPoint& point, bool methods);

PlotScene makeScene(std::span<const LawPoint> points, const ViewOptions& options);

}  // namespace bitfrontier
