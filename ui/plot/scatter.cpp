// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/scatter.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace bitfrontier {
namespace {

/// Lays a premultiplied stamp over a premultiplied picture at device pixels, cut at its edges.
void stampOnto(QImage& image, const QImage& stamp, int left, int top) {
  const int fromX = std::max(0, -left), toX = std::min(stamp.width(), image.width() - left);
  const int fromY = std::max(0, -top), toY = std::min(stamp.height(), image.height() - top);
  if (fromX >= toX) return;
  for (int y = fromY; y < toY; ++y) {
    const auto* source = reinterpret_cast<const std::uint32_t*>(stamp.constScanLine(y));
    auto* target = reinterpret_cast<std::uint32_t*>(image.scanLine(top + y)) + left;
    for (int x = fromX; x < toX; ++x) {
      const std::uint32_t s = source[x];
      if (s == 0) continue;
      // Two channels at once: d * (255 - alpha) / 255, rounded.
      const std::uint32_t rest = 255U - (s >> 24), d = target[x];
      std::uint32_t even = (d & 0xff00ffU) * rest + 0x800080U;
      even = ((even + ((even >> 8) & 0xff00ffU)) >> 8) & 0xff00ffU;
      std::uint32_t odd = ((d >> 8) & 0xff00ffU) * rest + 0x800080U;
      odd = (odd + ((odd >> 8) & 0xff00ffU)) & 0xff00ff00U;
      target[x] = s + (even | odd);
    }
  }
}

/// Pixel of a coordinate as a straight line over the coordinate or its logarithm.
struct Line {
  double offset = 0, slope = 0;
  bool log = false;

  explicit Line(const QCPAxis& axis) : log(axis.scaleType() == QCPAxis::stLogarithmic) {
    const double a = axis.range().lower, b = axis.range().upper;
    const double from = axis.coordToPixel(a), to = axis.coordToPixel(b);
    const double low = log ? std::log(a) : a, high = log ? std::log(b) : b;
    slope = (to - from) / (high - low);
    offset = from - slope * low;
  }
  double at(double value) const { return offset + slope * (log ? std::log(value) : value); }
};

bool near(const QRectF& area, const QPointF& p, double margin) {
  return p.x() >= area.left() - margin && p.x() <= area.right() + margin &&
         p.y() >= area.top() - margin && p.y() <= area.bottom() + margin;
}

}  // namespace

QImage glyphStamp(const QCPScatterStyle& style, double ratio, double opacity) {
  const double extent = style.size() + 2 * style.pen().widthF() + 2;
  const int side = static_cast<int>(std::ceil(extent * ratio)) | 1;  // a middle pixel
  QImage stamp(side, side, QImage::Format_ARGB32_Premultiplied);
  stamp.fill(Qt::transparent);
  {
    QCPPainter painter(&stamp);
    painter.setAntialiasing(true);
    painter.translate(side / 2.0, side / 2.0);
    painter.scale(ratio, ratio);
    style.applyTo(&painter, style.pen());
    style.drawShape(&painter, QPointF(0, 0));
  }
  if (opacity >= 1) return stamp;
  QImage faint(stamp.size(), stamp.format());
  faint.fill(Qt::transparent);
  QPainter painter(&faint);
  painter.setOpacity(opacity);
  painter.drawImage(0, 0, stamp);
  return faint;
}

Scatter::Scatter(QCPAxis* keyAxis, QCPAxis* valueAxis) : QCPAbstractPlottable(keyAxis, valueAxis) {
  setSelectable(QCP::stNone);
  removeFromLegend();
}

void Scatter::setData(ScatterData data) {
  data_ = std::move(data);
  visible_ = 0;
  for (const ScatterGroup& group : data_.groups) visible_ += group.visible ? group.rows.size() : 0;
  pixelsValid_ = false;
  image_ = QImage();
}

double Scatter::opacity(std::size_t points) {
  if (points < kMany) return 1;
  return std::max(0.3, std::sqrt(kMany / static_cast<double>(points)) * 0.9);
}

Scatter::Place Scatter::place() const {
  const QCPAxis &x = *keyAxis(), &y = *valueAxis();
  const QRect rect = clipRect();
  return {x.range().lower,
          x.range().upper,
          y.range().lower,
          y.range().upper,
          static_cast<double>(x.scaleType()),
          static_cast<double>(y.scaleType()),
          static_cast<double>(rect.left()),
          static_cast<double>(rect.top()),
          static_cast<double>(rect.width()),
          static_cast<double>(rect.height())};
}

const std::vector<QPointF>& Scatter::pixels() const {
  const Place now = place();
  if (pixelsValid_ && now == pixelsAt_) return pixels_;
  const Line x(*keyAxis()), y(*valueAxis());
  pixels_.resize(data_.x.size());
  for (std::size_t i = 0; i < pixels_.size(); ++i) {
    pixels_[i] = {x.at(data_.x[i]), y.at(data_.y[i])};
  }
  pixelsAt_ = now;
  pixelsValid_ = true;
  return pixels_;
}

QPointF Scatter::pixelOf(int row) const { return pixels().at(static_cast<std::size_t>(row)); }

int Scatter::nearest(QPointF position, double radius) const {
  const std::vector<QPointF>& at = pixels();
  int best = -1;
  double least = radius * radius;
  for (const ScatterGroup& group : data_.groups) {
    if (!group.visible) continue;
    for (const int row : group.rows) {
      const QPointF d = at[static_cast<std::size_t>(row)] - position;
      const double distance = QPointF::dotProduct(d, d);
      if (distance < least) {
        least = distance;
        best = row;
      }
    }
  }
  return best;
}

std::vector<int> Scatter::inside(const QPolygonF& shape) const {
  const std::vector<QPointF>& at = pixels();
  const QRectF box = shape.boundingRect();
  std::vector<int> rows;
  for (const ScatterGroup& group : data_.groups) {
    if (!group.visible) continue;
    for (const int row : group.rows) {
      const QPointF& p = at[static_cast<std::size_t>(row)];
      if (near(box, p, 0) && shape.containsPoint(p, Qt::OddEvenFill)) rows.push_back(row);
    }
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

namespace {

QCPRange rangeOf(const std::vector<double>& values, bool& found, QCP::SignDomain domain) {
  QCPRange range(std::numeric_limits<double>::max(), std::numeric_limits<double>::lowest());
  found = false;
  for (const double v : values) {
    if (!std::isfinite(v) || (domain == QCP::sdPositive && !(v > 0)) ||
        (domain == QCP::sdNegative && !(v < 0))) {
      continue;
    }
    range.lower = std::min(range.lower, v);
    range.upper = std::max(range.upper, v);
    found = true;
  }
  return range;
}

}  // namespace

QCPRange Scatter::getKeyRange(bool& found, QCP::SignDomain domain) const {
  return rangeOf(data_.x, found, domain);
}

QCPRange Scatter::getValueRange(bool& found, QCP::SignDomain domain, const QCPRange&) const {
  return rangeOf(data_.y, found, domain);
}

void Scatter::drawBars(QCPPainter* painter) const {
  const std::vector<QPointF>& at = pixels();
  const Line y(*valueAxis());
  std::vector<bool> wanted(data_.x.size());
  for (const int row : data_.bars) wanted[static_cast<std::size_t>(row)] = true;
  const QRectF area = clipRect();
  painter->setBrush(Qt::NoBrush);
  for (const ScatterGroup& group : data_.groups) {
    if (!group.visible) continue;
    QColor color = group.style.pen().color();
    color.setAlphaF(kBarOpacity);
    QVector<QLineF> lines;
    for (const int row : group.rows) {
      const auto i = static_cast<std::size_t>(row);
      const double error = data_.error[i];
      if (!wanted[i] || !(error > 0) || !near(area, {at[i].x(), area.center().y()}, 8)) continue;
      const double low = data_.y[i] - error;
      const double x = at[i].x(), top = y.at(data_.y[i] + error);
      // On a logarithmic axis a bar that reaches 0 goes to the edge.
      const double bottom = y.log && !(low > 0) ? area.bottom() + 8 : y.at(low);
      const double half = data_.whisker / 2;
      lines << QLineF(x, top, x, bottom) << QLineF(x - half, top, x + half, top)
            << QLineF(x - half, bottom, x + half, bottom);
    }
    if (lines.isEmpty()) continue;
    painter->setPen(QPen(color, data_.barWidth));
    painter->drawLines(lines);
  }
}

void Scatter::drawShapes(QCPPainter* painter) const {
  const std::vector<QPointF>& at = pixels();
  const QRectF area = clipRect();
  const double alpha = opacity(visible_);
  for (const ScatterGroup& group : data_.groups) {
    if (!group.visible) continue;
    painter->save();
    painter->setOpacity(alpha);
    group.style.applyTo(painter, group.style.pen());
    for (const int row : group.rows) {
      const QPointF& p = at[static_cast<std::size_t>(row)];
      if (near(area, p, group.style.size())) group.style.drawShape(painter, p);
    }
    painter->restore();
  }
}

void Scatter::render(double ratio) {
  ++renderings_;
  const QRect area = clipRect();
  image_ = QImage(area.size() * ratio, QImage::Format_ARGB32_Premultiplied);
  image_.fill(Qt::transparent);
  const std::vector<QPointF>& at = pixels();
  const double alpha = opacity(visible_);
  const auto put = [&](const QImage& stamp, const QPointF& p) {
    // Snapped to device pixels, so that the picture is not resampled.
    stampOnto(image_, stamp, qRound((p.x() - area.left()) * ratio - stamp.width() / 2.0),
              qRound((p.y() - area.top()) * ratio - stamp.height() / 2.0));
  };
  for (const ScatterGroup& group : data_.groups) {
    if (!group.visible) continue;
    const QImage stamp = glyphStamp(group.style, ratio, alpha);
    for (const int row : group.rows) {
      const QPointF& p = at[static_cast<std::size_t>(row)];
      if (near(area, p, group.style.size())) put(stamp, p);
    }
  }
  if (alpha >= 1 || data_.prominent.empty()) return;
  std::vector<bool> wanted(data_.x.size());
  for (const int row : data_.prominent) wanted[static_cast<std::size_t>(row)] = true;
  for (const ScatterGroup& group : data_.groups) {
    if (!group.visible) continue;
    const QImage stamp = glyphStamp(group.style, ratio, 1);
    for (const int row : group.rows) {
      const auto i = static_cast<std::size_t>(row);
      if (wanted[i] && near(area, at[i], group.style.size())) put(stamp, at[i]);
    }
  }
}

void Scatter::draw(QCPPainter* painter) {
  if (!keyAxis() || !valueAxis() || data_.x.empty()) return;
  drawBars(painter);
  painter->setAntialiasing(true);
  if (painter->modes() & (QCPPainter::pmVectorized | QCPPainter::pmNoCaching)) {
    drawShapes(painter);
    return;
  }
  const double ratio = painter->device()->devicePixelRatioF();
  const Place now = place();
  if (image_.isNull() || now != imageAt_ || ratio != imageRatio_) {
    render(ratio);
    imageAt_ = now;
    imageRatio_ = ratio;
  }
  // Onto device pixels, whatever the painter is scaled by.
  image_.setDevicePixelRatio(ratio);
  painter->drawImage(QPointF(clipRect().topLeft()), image_);
  image_.setDevicePixelRatio(1);
}

}  // namespace bitfrontier
