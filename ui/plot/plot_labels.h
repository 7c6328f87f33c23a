// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QLineF>
#include <QPointF>
#include <QPolygonF>
#include <QRectF>
#include <QSizeF>
#include <QString>
#include <vector>

namespace bitfrontier {

/// A text that belongs to a place of the plot.
struct LabelWish {
  QString text;
  QColor color;
  QPointF at;            ///< what it names, pixels
  QSizeF size;           ///< of the text
  bool lineEnd = false;  ///< stands to the right of a line's end where it can
};

/// Where a label stands, and the line to what it names when it is not beside it.
struct PlacedLabel {
  std::size_t wish = 0;
  QRectF rect;
  bool leader = false;
};

/// From the label to what it names.
QLineF leaderLine(const PlacedLabel& label, const LabelWish& wish);

/// Which parts of an area are covered, in cells of a few pixels.
class Occupancy {
 public:
  explicit Occupancy(const QRectF& area);

  void addPoint(const QPointF& at, double radius);
  void addLine(const QPolygonF& line);
  void addRect(const QRectF& rect);
  /// Whether it lies in the area and nothing that was added is in it.
  bool free(const QRectF& rect) const;

 private:
  static constexpr double kCell = 3;
  void fill(const QRectF& rect);

  QRectF area_;
  int columns_ = 0, rows_ = 0;
  std::vector<bool> cells_;
};

/// At most this many labels are placed.
inline constexpr std::size_t kMostLabels = 40;

/// Places labels one after the other, the first first, each at the nearest free spot around what it
/// names; those that find none are left out. None covers another or what `occupied` has.
std::vector<PlacedLabel> placeLabels(const std::vector<LabelWish>& wishes, Occupancy occupied,
                                     std::size_t most = kMostLabels);

}  // namespace bitfrontier
