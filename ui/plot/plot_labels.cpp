// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_labels.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace bitfrontier {

Occupancy::Occupancy(const QRectF& area)
    : area_(area),
      columns_(std::max(1, static_cast<int>(std::ceil(area.width() / kCell)))),
      rows_(std::max(1, static_cast<int>(std::ceil(area.height() / kCell)))),
      cells_(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_)) {}

void Occupancy::fill(const QRectF& rect) {
  const QRectF cut = rect & area_;
  if (cut.isEmpty()) return;
  const auto cell = [](double at, double from) { return static_cast<int>((at - from) / kCell); };
  const int right = std::min(columns_ - 1, cell(cut.right(), area_.left()));
  const int bottom = std::min(rows_ - 1, cell(cut.bottom(), area_.top()));
  for (int y = cell(cut.top(), area_.top()); y <= bottom; ++y) {
    for (int x = cell(cut.left(), area_.left()); x <= right; ++x) {
      cells_[static_cast<std::size_t>(y * columns_ + x)] = true;
    }
  }
}

void Occupancy::addPoint(const QPointF& at, double radius) {
  fill(QRectF(at.x() - radius, at.y() - radius, 2 * radius, 2 * radius));
}

void Occupancy::addRect(const QRectF& rect) { fill(rect); }

void Occupancy::addLine(const QPolygonF& line) {
  for (qsizetype i = 1; i < line.size(); ++i) {
    const QPointF d = line[i] - line[i - 1];
    const double length = std::hypot(d.x(), d.y());
    if (!std::isfinite(length)) continue;
    const int steps = std::clamp(static_cast<int>(length / kCell) + 1, 1, 4000);
    for (int s = 0; s <= steps; ++s) addPoint(line[i - 1] + d * (s / double(steps)), 0.5);
  }
}

bool Occupancy::free(const QRectF& rect) const {
  if (!area_.contains(rect)) return false;
  const auto cell = [](double at, double from) { return static_cast<int>((at - from) / kCell); };
  const int right = std::min(columns_ - 1, cell(rect.right(), area_.left()));
  const int bottom = std::min(rows_ - 1, cell(rect.bottom(), area_.top()));
  for (int y = cell(rect.top(), area_.top()); y <= bottom; ++y) {
    for (int x = cell(rect.left(), area_.left()); x <= right; ++x) {
      if (cells_[static_cast<std::size_t>(y * columns_ + x)]) return false;
    }
  }
  return true;
}

namespace {

/// Spots around a point, the nearest first, at distances that go with the height of the text: in a
/// small figure leaders stay short.
std::vector<QRectF> spots(const LabelWish& wish) {
  std::vector<QRectF> list;
  const double w = wish.size.width(), h = wish.size.height();
  const auto around = [&](double d) {
    // Above left is free most often, where frontiers rise to the right.
    const std::array<QPointF, 8> corners{QPointF(-w - d * 0.7, -h - d * 0.7),
                                         QPointF(-w / 2, -h - d),
                                         QPointF(-w - d, -h / 2),
                                         QPointF(d * 0.7, -h - d * 0.7),
                                         QPointF(d, -h / 2),
                                         QPointF(d * 0.7, d * 0.7),
                                         QPointF(-w / 2, d),
                                         QPointF(-w - d * 0.7, d * 0.7)};
    for (const QPointF& c : corners) list.emplace_back(wish.at + c, wish.size);
  };
  if (wish.lineEnd) {
    for (const double dy : {0.0, -0.6, 0.6, -1.2, 1.2}) {
      list.emplace_back(wish.at + QPointF(4, -h / 2 + dy * h), wish.size);
    }
  }
  for (const double lines : {0.5, 1.0, 1.6, 2.4}) around(lines * h);
  return list;
}

}  // namespace

QLineF leaderLine(const PlacedLabel& label, const LabelWish& wish) {
  const QRectF& rect = label.rect;
  return {QPointF(std::clamp(wish.at.x(), rect.left(), rect.right()),
                  std::clamp(wish.at.y(), rect.top(), rect.bottom())),
          wish.at};
}

std::vector<PlacedLabel> placeLabels(const std::vector<LabelWish>& wishes, Occupancy occupied,
                                     std::size_t most) {
  constexpr double kBeside = 0.8;  // heights of the text; from here on a line leads to its point
  std::vector<PlacedLabel> placed;
  for (std::size_t i = 0; i < wishes.size() && placed.size() < most; ++i) {
    for (const QRectF& spot : spots(wishes[i])) {
      if (!occupied.free(spot)) continue;
      occupied.addRect(spot);
      const QPointF at = wishes[i].at;
      const double dx = std::max({spot.left() - at.x(), at.x() - spot.right(), 0.0});
      const double dy = std::max({spot.top() - at.y(), at.y() - spot.bottom(), 0.0});
      placed.push_back({i, spot, std::hypot(dx, dy) > kBeside * wishes[i].size.height()});
      break;
    }
  }
  return placed;
}

}  // namespace bitfrontier
