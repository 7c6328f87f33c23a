// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QBrush>
#include <QLineF>
#include <QPen>
#include <QPolygonF>
#include <QString>
#include <vector>

#include "ui/plot/picture.h"

namespace bitfrontier {

/// A line over the axes, or a band between two; NaN nowhere.
struct PlotCurve {
  QString name;
  std::vector<double> x, y;
  std::vector<double> lower;  ///< the other edge of a band; empty: a line
  QPen pen;                   ///< of a line
  QColor fill;                ///< of a band
  bool hatched = false;       ///< a band of strokes: less sure than a filled one
  bool steps = false;         ///< a staircase: level up to the next x
  bool across = false;        ///< from edge to edge at y[0]

  bool band() const { return !lower.empty(); }
};

using CurvesPtr = std::shared_ptr<const std::vector<PlotCurve>>;

/// All lines and bands of a plot, the first at the bottom.
class Curves : public Picture {
  Q_OBJECT

 public:
  Curves(QCPAxis* keyAxis, QCPAxis* valueAxis);

  void setCurves(CurvesPtr curves);
  const std::vector<PlotCurve>& curves() const { return *curves_; }

  QCPRange getKeyRange(bool& found, QCP::SignDomain) const override {
    found = false;
    return {};
  }
  QCPRange getValueRange(bool& found, QCP::SignDomain,
                         const QCPRange& = QCPRange()) const override {
    found = false;
    return {};
  }

 protected:
  Render renderer() const override;
  void drawExact(QCPPainter& painter, const PixelMap& map) const override;
  bool alwaysKept() const override { return false; }

 private:
  CurvesPtr curves_;
};

/// A line in pixels, cut to somewhat more than the area of the axes.
QPolygonF pixelLine(const PlotCurve& curve, const PixelMap& map);
/// Strokes at 45 degrees inside a polygon, `distance` pixels from one to the next.
QVector<QLineF> hatching(const QPolygonF& polygon, double distance);

}  // namespace bitfrontier
