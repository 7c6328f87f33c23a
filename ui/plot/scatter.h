// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "ui/plot/picture.h"

namespace bitfrontier {

/// Points of one look.
struct ScatterGroup {
  QCPScatterStyle style;
  bool visible = true;
  std::vector<int> rows;  ///< into ScatterData
};

/// All points of a plot.
struct ScatterData {
  std::vector<double> x, y, error;  ///< NaN in x or y: not drawn; in error: no bar
  std::vector<ScatterGroup> groups;
  std::vector<int> bars;  ///< rows with an error bar
  /// Rows that stay opaque where others become transparent, e.g. those of the frontier.
  std::vector<int> prominent;
  double barWidth = 1, whisker = 4;
};

using ScatterPtr = std::shared_ptr<const ScatterData>;

/// All points of a plot in one plottable. On screen each look is drawn once and stamped, from
/// kMany points on more transparent the more there are, so that density shows; vector files get
/// real shapes.
class Scatter : public Picture {
  Q_OBJECT

 public:
  static constexpr int kMany = 5000;
  static constexpr float kBarOpacity = 0.75F;

  Scatter(QCPAxis* keyAxis, QCPAxis* valueAxis);

  void setData(ScatterPtr data);
  void setData(ScatterData data) { setData(std::make_shared<const ScatterData>(std::move(data))); }
  const ScatterData& data() const { return *data_; }

  /// Share of a point's colour that covers what is below, for so many points.
  static double opacity(std::size_t points);

  /// Where a row is on the widget.
  QPointF pixelOf(int row) const;
  /// The nearest row of a visible group within `radius` pixels, or -1.
  int nearest(QPointF position, double radius) const;
  /// Rows of visible groups inside a shape of widget coordinates, ascending.
  std::vector<int> inside(const QPolygonF& shape) const;

  QCPRange getKeyRange(bool& found, QCP::SignDomain domain) const override;
  QCPRange getValueRange(bool& found, QCP::SignDomain domain,
                         const QCPRange& keys = QCPRange()) const override;

 protected:
  Render renderer() const override;
  void drawExact(QCPPainter& painter, const PixelMap& map) const override;

 private:
  const std::vector<QPointF>& pixels() const;

  ScatterPtr data_;
  mutable std::vector<QPointF> pixels_;
  mutable PixelMap pixelsAt_;
  mutable bool pixelsValid_ = false;
};

/// A picture of one marker for `ratio` device pixels a pixel, premultiplied; its middle is the
/// middle of the picture.
QImage glyphStamp(const QCPScatterStyle& style, double ratio, double opacity);

}  // namespace bitfrontier
