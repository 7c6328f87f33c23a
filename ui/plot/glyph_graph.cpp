// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/glyph_graph.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace bitfrontier {

void GlyphGraph::drawScatterPlot(QCPPainter* painter, const QVector<QPointF>& scatters,
                                 const QCPScatterStyle& style) const {
  constexpr int kWorthStamping = 64;
  const bool exact = painter->modes() & (QCPPainter::pmVectorized | QCPPainter::pmNoCaching);
  if (exact || scatters.size() < kWorthStamping) {
    QCPGraph::drawScatterPlot(painter, scatters, style);
    return;
  }
  const double ratio = painter->device()->devicePixelRatioF();
  const int extent = static_cast<int>(std::ceil(style.size() + 2 * style.pen().widthF())) + 4;
  const QString key = u"%1/%2/%3/%4/%5/%6/%7"_s.arg(style.shape())
                          .arg(style.customPath().elementCount())
                          .arg(style.size())
                          .arg(style.pen().color().name(QColor::HexArgb))
                          .arg(style.brush().color().name(QColor::HexArgb))
                          .arg(style.pen().widthF())
                          .arg(ratio);
  if (key != stampKey_) {
    stamp_ = QPixmap(QSize(extent, extent) * ratio);
    stamp_.setDevicePixelRatio(ratio);
    stamp_.fill(Qt::transparent);
    QCPPainter stampPainter(&stamp_);
    stampPainter.setAntialiasing(true);
    style.applyTo(&stampPainter, mPen);
    style.drawShape(&stampPainter, QPointF(extent / 2.0, extent / 2.0));
    stampKey_ = key;
  }
  const double half = extent / 2.0;
  for (const QPointF& p : scatters) {
    // Snapped to device pixels, so that the picture is not resampled.
    painter->drawPixmap(QPointF(std::round((p.x() - half) * ratio) / ratio,
                                std::round((p.y() - half) * ratio) / ratio),
                        stamp_);
  }
}

}  // namespace bitfrontier
