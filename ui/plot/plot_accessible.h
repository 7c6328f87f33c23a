// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <QAccessibleWidget>
#include <utility>
#include <vector>

#include "ui/plot/frontier_plot.h"

namespace bitfrontier {

/// What screen readers know of a FrontierPlot: a chart whose children are what its law says, the
/// entries of its legend, and its points; of many points the current one and those beside it in
/// its series.
class PlotAccessible : public QAccessibleWidget {
 public:
  /// Up to so many points all are children.
  static constexpr std::size_t kMostPoints = 100;

  /// Makes Qt use this for every FrontierPlot; once is enough.
  static void install();

  explicit PlotAccessible(FrontierPlot* plot);
  ~PlotAccessible() override;

  int childCount() const override;
  QAccessibleInterface* child(int index) const override;
  int indexOfChild(const QAccessibleInterface* child) const override;
  QAccessibleInterface* childAt(int x, int y) const override;
  QAccessibleInterface* focusChild() const override;

  /// The child that is a point, or null.
  QAccessibleInterface* pointChild(int point) const;

 private:
  friend class PlotPart;
  enum class Kind { Law, Entry, Point };
  /// `number`: of the entry, or the row of the point.
  using Part = std::pair<Kind, int>;

  FrontierPlot& plot() const { return *static_cast<FrontierPlot*>(widget()); }
  std::vector<Part> parts() const;
  QAccessibleInterface* interfaceOf(const Part& part) const;

  mutable std::map<Part, QAccessible::Id> made_;
};

}  // namespace bitfrontier
