// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <QImage>
#include <vector>

#include "ui/plot/qcp.h"

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

/// All points of a plot in one plottable. On screen each look is drawn once and stamped, from
/// kMany points on more transparent the more there are, so that density shows; vector files get
/// real shapes. What was drawn is kept until the data or the axes change.
class Scatter : public QCPAbstractPlottable {
  Q_OBJECT

 public:
  static constexpr int kMany = 5000;
  static constexpr float kBarOpacity = 0.75F;

  Scatter(QCPAxis* keyAxis, QCPAxis* valueAxis);

  void setData(ScatterData data);
  const ScatterData& data() const { return data_; }

  /// Share of a point's colour that covers what is below, for so many points.
  static double opacity(std::size_t points);

  /// Where a row is on the widget.
  QPointF pixelOf(int row) const;
  /// The nearest row of a visible group within `radius` pixels, or -1.
  int nearest(QPointF position, double radius) const;
  /// Rows of visible groups inside a shape of widget coordinates, ascending.
  std::vector<int> inside(const QPolygonF& shape) const;
  /// How often points were really drawn, for tests.
  int renderings() const { return renderings_; }

  double selectTest(const QPointF&, bool, QVariant* = nullptr) const override { return -1; }
  QCPRange getKeyRange(bool& found, QCP::SignDomain domain) const override;
  QCPRange getValueRange(bool& found, QCP::SignDomain domain,
                         const QCPRange& keys = QCPRange()) const override;

 protected:
  void draw(QCPPainter* painter) override;
  void drawLegendIcon(QCPPainter*, const QRectF&) const override {}

 private:
  /// What pixels depend on: the axes and the place of the rectangle.
  using Place = std::array<double, 10>;
  Place place() const;
  const std::vector<QPointF>& pixels() const;
  void drawBars(QCPPainter* painter) const;
  void drawShapes(QCPPainter* painter) const;
  void render(double ratio);

  ScatterData data_;
  std::size_t visible_ = 0;
  mutable std::vector<QPointF> pixels_;
  mutable Place pixelsAt_{};
  mutable bool pixelsValid_ = false;
  QImage image_;
  Place imageAt_{};
  double imageRatio_ = 0;
  int renderings_ = 0;
};

/// A picture of one marker for `ratio` device pixels a pixel, premultiplied; its middle is the
/// middle of the picture.
QImage glyphStamp(const QCPScatterStyle& style, double ratio, double opacity);

}  // namespace bitfrontier
