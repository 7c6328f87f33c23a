// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/glyph.h"

#include <array>
#include <cmath>
#include <numbers>
#include <QPolygonF>

namespace bitfrontier {
namespace {

using Points = std::initializer_list<QPointF>;

QPainterPath polygon(Points points) {
  QPainterPath path;
  path.addPolygon(QPolygonF(QList<QPointF>(points)));
  path.closeSubpath();
  return path;
}

/// `corners` corners on a circle, and with `inner` as many between them on a smaller one; the first
/// points up.
QPainterPath star(int corners, double inner = 0) {
  constexpr double kRadius = 0.5;
  const int count = inner > 0 ? 2 * corners : corners;
  QPolygonF shape;
  for (int i = 0; i < count; ++i) {
    const double angle = 2 * std::numbers::pi * i / count;
    const double radius = inner > 0 && i % 2 == 1 ? inner : kRadius;
    shape << QPointF(radius * std::sin(angle), -radius * std::cos(angle));
  }
  QPainterPath path;
  path.addPolygon(shape);
  path.closeSubpath();
  return path;
}

QPainterPath turned(const QPainterPath& path, double degrees) {
  QTransform turn;
  turn.rotate(degrees);
  return turn.map(path);
}

QPainterPath circle(double radius) {
  QPainterPath path;
  path.addEllipse(QPointF(0, 0), radius, radius);
  return path;
}

QPainterPath rectangle(double halfWidth, double halfHeight) {
  QPainterPath path;
  path.addRect(QRectF(-halfWidth, -halfHeight, 2 * halfWidth, 2 * halfHeight));
  return path;
}

QPainterPath plus() {
  constexpr double a = 0.5, b = 0.19;
  return polygon({{-b, -a},
                  {b, -a},
                  {b, -b},
                  {a, -b},
                  {a, b},
                  {b, b},
                  {b, a},
                  {-b, a},
                  {-b, b},
                  {-a, b},
                  {-a, -b},
                  {-b, -b}});
}

QPainterPath half(double from) {
  QPainterPath path;
  path.moveTo(0, 0);
  path.arcTo(QRectF(-0.5, -0.5, 1, 1), from, 180);
  path.closeSubpath();
  return path;
}

/// The outlines that no other is a variant of.
const std::vector<QPainterPath>& outlines() {
  static const std::vector<QPainterPath> list = [] {
    // The first five are those that QCustomPlot draws itself; see glyphStyle.
    const QPainterPath triangle = polygon({{-0.5, 0.3775}, {0.5, 0.3775}, {0, -0.4885}});
    const QPainterPath arrow =
        polygon({{0, -0.5}, {0.5, 0}, {0.22, 0}, {0.22, 0.5}, {-0.22, 0.5}, {-0.22, 0}, {-0.5, 0}});
    const QPainterPath glass = polygon({{-0.45, -0.5}, {0.45, -0.5}, {-0.45, 0.5}, {0.45, 0.5}});
    return std::vector<QPainterPath>{circle(0.5),
                                     rectangle(0.5, 0.5),
                                     triangle,
                                     star(4),
                                     turned(triangle, 180),
                                     star(5),
                                     plus(),
                                     star(5, 0.21),
                                     turned(plus(), 45),
                                     turned(triangle, -90),
                                     star(6),
                                     turned(triangle, 90),
                                     star(4, 0.16),
                                     glass,
                                     half(0),
                                     turned(glass, 90),
                                     arrow,
                                     rectangle(0.22, 0.5),
                                     half(180),
                                     rectangle(0.5, 0.22),
                                     turned(arrow, 180),
                                     star(3, 0.1),
                                     half(90),
                                     star(8, 0.26),
                                     half(270),
                                     turned(arrow, 90),
                                     turned(arrow, -90),
                                     turned(star(3, 0.1), 180)};
  }();
  return list;
}

const std::vector<QPainterPath>& marks() {
  static const std::vector<QPainterPath> list = [] {
    QPainterPath twoBars, twoPosts;
    for (const double at : {-0.16, 0.16}) {
      twoBars.addRect(QRectF(-0.3, at - 0.06, 0.6, 0.12));
      twoPosts.addRect(QRectF(at - 0.06, -0.3, 0.12, 0.6));
    }
    QTransform small;
    small.scale(0.55, 0.55);
    return std::vector<QPainterPath>{QPainterPath(),
                                     circle(0.19),
                                     rectangle(0.32, 0.09),
                                     rectangle(0.09, 0.32),
                                     small.map(plus()),
                                     small.map(turned(plus(), 45)),
                                     twoBars,
                                     twoPosts,
                                     small.map(polygon({{-0.5, 0.4}, {0.5, 0.4}, {0, -0.5}})),
                                     small.map(polygon({{-0.5, -0.4}, {0.5, -0.4}, {0, 0.5}})),
                                     turned(rectangle(0.34, 0.09), 45),
                                     turned(rectangle(0.34, 0.09), -45)};
  }();
  return list;
}

}  // namespace

QPainterPath familyOutline(int family) {
  const auto& list = outlines();
  const auto count = static_cast<int>(list.size());
  QPainterPath path = list[static_cast<std::size_t>(family % count)];
  // Beyond the list the same outlines come back above a row of bars.
  const int bars = family / count;
  if (bars == 0) return path;
  QTransform smaller;
  smaller.translate(0, -0.12);
  smaller.scale(0.74, 0.74);
  path = smaller.map(path);
  const double step = 1.0 / bars;
  for (int i = 0; i < bars; ++i) {
    path.addRect(QRectF(-0.5 + i * step, 0.36, bars == 1 ? 1 : 0.6 * step, 0.12));
  }
  return path;
}

QPainterPath methodMark(int method) {
  const auto& list = marks();
  const auto count = static_cast<int>(list.size());
  QPainterPath path = list[static_cast<std::size_t>(method % count)];
  // Beyond the list a dot beside the middle for each time it has come back.
  for (int i = 0; i < method / count; ++i) {
    const double angle = 2 * std::numbers::pi * (0.125 + 0.13 * i);
    path.addEllipse(QPointF(0.27 * std::sin(angle), -0.27 * std::cos(angle)), 0.14, 0.14);
  }
  return path;
}

QCPScatterStyle glyphStyle(int family, int method, const QPen& pen, const QBrush& brush,
                           double size) {
  static constexpr std::array<QCPScatterStyle::ScatterShape, 5> kOwn{
      QCPScatterStyle::ssCircle, QCPScatterStyle::ssSquare, QCPScatterStyle::ssTriangle,
      QCPScatterStyle::ssDiamond, QCPScatterStyle::ssTriangleInverted};
  const auto shape = static_cast<std::size_t>(family);
  // A square of the same width as a circle looks larger.
  const double extent = family == 1 ? size * 0.9 : size;
  if (method == 0 && shape < kOwn.size()) return {kOwn[shape], pen, brush, extent};
  constexpr double kPathSize = 6;  // QCustomPlot scales paths by size / 6, the pen with it
  QTransform scale;
  scale.scale(kPathSize, kPathSize);
  QPainterPath path = familyOutline(family);
  path.addPath(methodMark(method));
  path.setFillRule(Qt::OddEvenFill);
  QPen line = pen;
  line.setWidthF(pen.widthF() * kPathSize / extent);
  return {scale.map(path), line, brush, extent};
}

}  // namespace bitfrontier
