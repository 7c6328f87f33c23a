// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <span>
#include <vector>

#include "core/law/data/law_point.h"
#include "ui/base/view_options.h"
#include "ui/plot/plot_values.h"
#include "ui/plot/store_facts.h"

namespace bitfrontier {

/// Points drawn with one colour, one shape and one fill: a series value of one family and method
/// from one source.
struct PlotGroup {
  int value = 0;    ///< index into PlotScene::values; decides the colour
  int family = 0;   ///< index into PlotScene::families; decides the shape
  int method = -1;  ///< index into PlotScene::methods, -1 at 16 bit; decides what is cut out
  int source = 0;   ///< index into PlotScene::sources; a published source is drawn hollow
  std::vector<int> points;  ///< indices of the points, ordered by x
  bool excluded = false;    ///< points of ViewOptions::exclusions, drawn as crosses
};

/// The frontier of points that may be compared: one source, scored on the same tasks in the same
/// way. Frontiers are never joined.
struct PlotFrontier {
  int source = 0;
  QString label;  ///< in what its points differ from those of the others: "4 items each"; or empty
  std::vector<int> points;  ///< ordered by x
};

/// What is to be drawn, without anything of how: made from points by a pure function.
struct PlotScene {
  std::vector<QString> values;    ///< e.g. "3 bit", "4 bit"; in legend order
  std::vector<QString> families;  ///< alphabetical
  std::vector<QString> methods;   ///< of the points below 16 bit; round to nearest first
  std::vector<QString> sources;   ///< "" = measured here, first
  /// @name Numbers by which looks are chosen, for each of values, families and methods
  /// @{
  std::vector<int> valueLooks, familyLooks, methodLooks;
  /// @}
  std::vector<PlotGroup> groups;
  std::vector<PlotFrontier> frontiers;
  PlotValues at;      ///< where each point lies
  int hidden = 0;     ///< points that these axes cannot show
  double chance = 0;  ///< common chance level in plotted units; NaN when points differ

  bool published(const PlotGroup& group) const {
    return !sources[static_cast<std::size_t>(group.source)].isEmpty();
  }
};

/// Name of a point's method in the legend.
QString methodLabel(const LawPoint& point);

/// Families, methods and values that `facts` does not have follow its own in the order of the
/// points.
PlotScene makeScene(std::span<const LawPoint> points, const ViewOptions& options,
                    const StoreFacts& facts = {}, const PlotInputs& inputs = {});

}  // namespace bitfrontier
