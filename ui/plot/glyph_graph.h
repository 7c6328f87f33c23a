// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>

#include "ui/plot/qcp.h"

namespace bitfrontier {

/// A graph whose points are stamped from one cached picture on screen, which is several times
/// faster than drawing each shape, and drawn as real shapes in vector files.
class GlyphGraph : public QCPGraph {
 public:
  GlyphGraph(QCPAxis* keyAxis, QCPAxis* valueAxis) : QCPGraph(keyAxis, valueAxis) {}

 protected:
  void drawScatterPlot(QCPPainter* painter, const QVector<QPointF>& scatters,
                       const QCPScatterStyle& style) const override;

 private:
  mutable QPixmap stamp_;
  mutable QString stampKey_;
};

}  // namespace bitfrontier
