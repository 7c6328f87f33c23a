// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QRect>

#include "ui/export/figure_spec.h"

namespace bitfrontier {

/// A legend whose entries follow each other like words in lines.
class FlowLegend : public QCPLegend {
  Q_OBJECT

 public:
  explicit FlowLegend(int width);

  /// Height that the entries need at the legend's width.
  int height() const;
  /// Takes entries out, last ones first, until the legend is at most so high, and says in a last
  /// entry how many are missing. Returns their number.
  int fitInto(int highest, const PlotStyle& style);
  std::vector<LegendEntry*> entries() const;

  QSize minimumOuterSizeHint() const override;
  void updateLayout() override;

 private:
  /// Places of the entries from the upper left corner; the last is the size of all.
  std::vector<QRect> places() const;

  int width_;
};

/// The plot of a figure with title, legend and note, laid out at exactly its size.
struct FigurePlot {
  std::unique_ptr<FrontierPlot> plot;
  FlowLegend* legend = nullptr;  ///< null without one
  QCPLayoutElement* note = nullptr;
  int missingEntries = 0;  ///< that a quarter of the area has no room for

  /// Draws it, one pixel of the plot being one point of the paper, times `scale`.
  /// `offset`, in pixels of the device, is where its corner goes.
  void paint(QPaintDevice& device, double scale, QPointF offset = {}) const;
  /// The rectangle inside the axes, in points from the upper left corner. Draws the figure, which
  /// is what lays it out.
  QRect axes() const;
  /// Where the note begins, once axes() or paint() has been called.
  int noteTop() const;
};

FigurePlot makeFigurePlot(const FigureSpec& spec);

}  // namespace bitfrontier
