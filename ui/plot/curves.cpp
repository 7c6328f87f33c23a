// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/curves.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace bitfrontier {
namespace {

/// What lies further outside is not seen, but costs a painter of dashes a lot.
constexpr double kMargin = 50, kFar = 5000;

/// The part of a polyline with ascending x between two pixels; far y are brought nearer.
QPolygonF cutLine(const QPolygonF& line, const QRect& area) {
  const double left = area.left() - kMargin, right = area.right() + kMargin;
  const auto near = [&](QPointF p) {
    return QPointF(p.x(), std::clamp(p.y(), area.top() - kFar, area.bottom() + kFar));
  };
  const auto between = [](QPointF a, QPointF b, double x) {
    return a + (b - a) * ((x - a.x()) / (b.x() - a.x()));
  };
  QPolygonF cut;
  for (qsizetype i = 0; i < line.size(); ++i) {
    const QPointF& p = line[i];
    const bool inside = p.x() >= left && p.x() <= right;
    if (i > 0) {
      const QPointF& q = line[i - 1];
      if (q.x() < left && p.x() > left) cut << near(between(q, p, left));
      if (q.x() < right && p.x() > right) cut << near(between(q, p, right));
    }
    if (inside) cut << near(p);
  }
  return cut;
}

QPolygonF edge(const std::vector<double>& x, const std::vector<double>& y, const PixelMap& map) {
  QPolygonF line;
  line.reserve(static_cast<qsizetype>(x.size()));
  for (std::size_t i = 0; i < x.size(); ++i) line << map.at(x[i], y[i]);
  return cutLine(line, map.area);
}

void paint(QCPPainter& painter, const std::vector<PlotCurve>& curves, const PixelMap& map) {
  for (const PlotCurve& curve : curves) {
    if (!curve.band()) {
      painter.setBrush(Qt::NoBrush);
      painter.setPen(curve.pen);
      painter.drawPolyline(pixelLine(curve, map));
      continue;
    }
    QPolygonF polygon = edge(curve.x, curve.y, map);
    const QPolygonF back = edge(curve.x, curve.lower, map);
    for (qsizetype i = back.size(); i-- > 0;) polygon << back[i];
    if (polygon.size() < 3) continue;
    if (curve.hatched) {
      constexpr double kDistance = 7;
      painter.setPen(QPen(curve.fill, curve.pen.widthF()));
      painter.drawLines(hatching(polygon, kDistance));
    } else {
      painter.setPen(Qt::NoPen);
      painter.setBrush(curve.fill);
      painter.drawPolygon(polygon);
    }
  }
}

}  // namespace

QPolygonF pixelLine(const PlotCurve& curve, const PixelMap& map) {
  if (curve.across) {
    const double y = map.y.at(curve.y.front());
    if (!(std::abs(y) < kFar)) return {};
    return QPolygonF({QPointF(map.area.left(), y), QPointF(map.area.right() + 1, y)});
  }
  if (!curve.steps) return edge(curve.x, curve.y, map);
  QPolygonF line;
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    const QPointF p = map.at(curve.x[i], curve.y[i]);
    if (i > 0) line << QPointF(p.x(), line.last().y());
    line << p;
  }
  return cutLine(line, map.area);
}

// Strokes go along x + y = c: of each edge it is known where it meets which of them.
QVector<QLineF> hatching(const QPolygonF& polygon, double distance) {
  QVector<QLineF> strokes;
  if (polygon.size() < 3) return strokes;
  const auto sum = [](QPointF p) { return p.x() + p.y(); };
  const double step = distance * std::sqrt(2.0);
  std::map<long, std::vector<double>> meets;  // x where an edge meets the stroke
  for (qsizetype i = 0; i < polygon.size(); ++i) {
    QPointF a = polygon[i], b = polygon[(i + 1) % polygon.size()];
    if (sum(a) > sum(b)) std::swap(a, b);
    // Half open, so that a corner is met once.
    const auto first = static_cast<long>(std::ceil(sum(a) / step));
    for (long k = first; static_cast<double>(k) * step < sum(b); ++k) {
      const double t = (static_cast<double>(k) * step - sum(a)) / (sum(b) - sum(a));
      meets[k].push_back(a.x() + t * (b.x() - a.x()));
    }
  }
  for (auto& [k, at] : meets) {
    std::sort(at.begin(), at.end());
    const double c = static_cast<double>(k) * step;
    for (std::size_t i = 0; i + 1 < at.size(); i += 2) {
      strokes << QLineF(at[i], c - at[i], at[i + 1], c - at[i + 1]);
    }
  }
  return strokes;
}

Curves::Curves(QCPAxis* keyAxis, QCPAxis* valueAxis)
    : Picture(keyAxis, valueAxis), curves_(std::make_shared<const std::vector<PlotCurve>>()) {}

void Curves::setCurves(CurvesPtr curves) {
  curves_ = std::move(curves);
  contentChanged();
}

Picture::Render Curves::renderer() const {
  if (curves_->empty()) return {};
  return [curves = curves_](const PixelMap& map, double ratio) {
    QImage image = blank(map.area, ratio);
    QCPPainter painter(&image);
    prepare(painter, map.area, ratio);
    paint(painter, *curves, map);
    return image;
  };
}

void Curves::drawExact(QCPPainter& painter, const PixelMap& map) const {
  paint(painter, *curves_, map);
}

}  // namespace bitfrontier
