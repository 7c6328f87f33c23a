// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QLineF>
#include <QPainterPath>
#include <QRect>
#include <QString>
#include <vector>

#include "ui/export/figure_spec.h"

namespace bitfrontier {

/// Points with one marker.
struct FigureMarks {
  QString name;        ///< "4 bit, opt"
  QPainterPath shape;  ///< around the origin, in points of the figure, y downwards, even-odd
  QColor edge, fill;   ///< fill is invalid for hollow markers
  double edgeWidth = 0;
  QColor barColor;
  double barWidth = 0, barCap = 0;  ///< of the error bars; cap is the width of the whole
  std::vector<int> rows;            ///< into the rows of the CSV; empty for what is not in it
  std::vector<double> x, y;         ///< in plotted units
  std::vector<double> errors;       ///< drawn ones, in plotted units; 0 for none
};

/// A curve, or with `low` and `high` instead of `y` an area without an edge.
struct FigureCurve {
  QColor color;
  double width = 0;
  std::vector<double> dashes;  ///< in multiples of the width; empty: solid
  bool flatCap = false;
  std::vector<double> x, y, low, high;
};

struct FigureTick {
  double value = 0;
  QString label;
};
struct FigureAxis {
  double low = 0, high = 0;
  bool log = false;
  QString label;
  std::vector<FigureTick> ticks;
  std::vector<double> minor;
};

/// A text in the plot, where it stands in the figure.
struct FigureLabel {
  QString text;
  QColor color;
  QPointF center;
  std::optional<QLineF> leader;
};

/// What a figure consists of, in data and points of the figure, for programs that draw it again.
struct FigureParts {
  QSize size;
  QRect axes;                       ///< inside of the axes, from the upper left corner
  FigureAxis x, y, top;             ///< top has no ticks without a size axis
  std::vector<FigureCurve> curves;  ///< from back to front; markers come above them
  std::vector<FigureMarks> marks;
  std::vector<FigureLabel> labels;
  PlotStyle style;
  double axisWidth = 0, tick = 0, minorTick = 0;  ///< lengths inwards
  struct Entry {
    QString text;
    QRect place;  ///< with the swatch
    int textLeft = 0;
    std::optional<FigureMarks> marker;
    std::optional<FigureCurve> line;
  };
  std::vector<Entry> legend;
  int missingEntries = 0;  ///< that the legend has no room for
  QString title, note;
  int noteTop = 0;
};

FigureParts figureParts(const FigureSpec& spec);

}  // namespace bitfrontier
