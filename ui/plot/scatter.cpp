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

bool near(const QRectF& area, const QPointF& p, double margin) {
  return p.x() >= area.left() - margin && p.x() <= area.right() + margin &&
         p.y() >= area.top() - margin && p.y() <= area.bottom() + margin;
}

std::size_t visiblePoints(const ScatterData& data) {
  std::size_t count = 0;
  for (const ScatterGroup& group : data.groups) count += group.visible ? group.rows.size() : 0;
  return count;
}

std::vector<QPointF> pixelsOf(const ScatterData& data, const PixelMap& map) {
  std::vector<QPointF> at(data.x.size());
  for (std::size_t i = 0; i < at.size(); ++i) at[i] = map.at(data.x[i], data.y[i]);
  return at;
}

void drawBars(QCPPainter& painter, const ScatterData& data, const std::vector<QPointF>& at,
              const PixelMap& map) {
  std::vector<bool> wanted(data.x.size());
  for (const int row : data.bars) wanted[static_cast<std::size_t>(row)] = true;
  const QRectF area = map.area;
  painter.setBrush(Qt::NoBrush);
  for (const ScatterGroup& group : data.groups) {
    if (!group.visible) continue;
    QColor color = group.style.pen().color();
    color.setAlphaF(Scatter::kBarOpacity);
    QVector<QLineF> lines;
    for (const int row : group.rows) {
      const auto i = static_cast<std::size_t>(row);
      const double error = data.error[i];
      if (!wanted[i] || !(error > 0) || !near(area, {at[i].x(), area.center().y()}, 8)) continue;
      const double low = data.y[i] - error;
      const double x = at[i].x(), top = map.y.at(data.y[i] + error);
      // On a logarithmic axis a bar that reaches 0 goes to the edge.
      const double bottom = map.y.log && !(low > 0) ? area.bottom() + 8 : map.y.at(low);
      const double half = data.whisker / 2;
      lines << QLineF(x, top, x, bottom) << QLineF(x - half, top, x + half, top)
            << QLineF(x - half, bottom, x + half, bottom);
    }
    if (lines.isEmpty()) continue;
    painter.setPen(QPen(color, data.barWidth));
    painter.drawLines(lines);
  }
}

void stampPoints(QImage& image, const ScatterData& data, const std::vector<QPointF>& at,
                 const PixelMap& map, double ratio) {
  const QRectF area = map.area;
  const double alpha = Scatter::opacity(visiblePoints(data));
  const auto put = [&](const QImage& stamp, const QPointF& p) {
    // Snapped to device pixels, so that the picture is not resampled.
    stampOnto(image, stamp, qRound((p.x() - area.left()) * ratio - stamp.width() / 2.0),
              qRound((p.y() - area.top()) * ratio - stamp.height() / 2.0));
  };
  for (const ScatterGroup& group : data.groups) {
    if (!group.visible) continue;
    const QImage stamp = glyphStamp(group.style, ratio, alpha);
    for (const int row : group.rows) {
      const QPointF& p = at[static_cast<std::size_t>(row)];
      if (near(area, p, group.style.size())) put(stamp, p);
    }
  }
  if (alpha >= 1 || data.prominent.empty()) return;
  std::vector<bool> wanted(data.x.size());
  for (const int row : data.prominent) wanted[static_cast<std::size_t>(row)] = true;
  for (const ScatterGroup& group : data.groups) {
    if (!group.visible) continue;
    const QImage stamp = glyphStamp(group.style, ratio, 1);
    for (const int row : group.rows) {
      const auto i = static_cast<std::size_t>(row);
      if (wanted[i] && near(area, at[i], group.style.size())) put(stamp, at[i]);
    }
  }
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

Scatter::Scatter(QCPAxis* keyAxis, QCPAxis* valueAxis)
    : Picture(keyAxis, valueAxis), data_(std::make_shared<const ScatterData>()) {}

void Scatter::setData(ScatterPtr data) {
  data_ = std::move(data);
  pixelsValid_ = false;
  contentChanged();
}

double Scatter::opacity(std::size_t points) {
  if (points < kMany) return 1;
  return std::max(0.3, std::sqrt(kMany / static_cast<double>(points)) * 0.9);
}

const std::vector<QPointF>& Scatter::pixels() const {
  const PixelMap now = map();
  if (pixelsValid_ && now == pixelsAt_) return pixels_;
  pixels_ = pixelsOf(*data_, now);
  pixelsAt_ = now;
  pixelsValid_ = true;
  return pixels_;
}

QPointF Scatter::pixelOf(int row) const { return pixels().at(static_cast<std::size_t>(row)); }

int Scatter::nearest(QPointF position, double radius) const {
  const std::vector<QPointF>& at = pixels();
  int best = -1;
  double least = radius * radius;
  for (const ScatterGroup& group : data_->groups) {
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
  for (const ScatterGroup& group : data_->groups) {
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
  return rangeOf(data_->x, found, domain);
}

QCPRange Scatter::getValueRange(bool& found, QCP::SignDomain domain, const QCPRange&) const {
  return rangeOf(data_->y, found, domain);
}

Picture::Render Scatter::renderer() const {
  if (data_->x.empty() || data_->groups.empty()) return {};
  return [data = data_](const PixelMap& map, double ratio) {
    const std::vector<QPointF> at = pixelsOf(*data, map);
    QImage image = blank(map.area, ratio);
    if (!data->bars.empty()) {
      QCPPainter painter(&image);
      prepare(painter, map.area, ratio);
      drawBars(painter, *data, at, map);
    }
    stampPoints(image, *data, at, map, ratio);
    return image;
  };
}

void Scatter::drawExact(QCPPainter& painter, const PixelMap& map) const {
  const std::vector<QPointF> at = pixelsOf(*data_, map);
  drawBars(painter, *data_, at, map);
  const double alpha = opacity(visiblePoints(*data_));
  for (const ScatterGroup& group : data_->groups) {
    if (!group.visible) continue;
    painter.save();
    painter.setOpacity(alpha);
    group.style.applyTo(&painter, group.style.pen());
    for (const int row : group.rows) {
      const QPointF& p = at[static_cast<std::size_t>(row)];
      if (near(map.area, p, group.style.size())) group.style.drawShape(&painter, p);
    }
    painter.restore();
  }
}

}  // namespace bitfrontier
