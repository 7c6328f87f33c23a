// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QFrame>
#include <QLabel>

#include "core/law/data/law_point.h"
#include "core/law/data/series.h"

namespace bitfrontier {

/// The card that says what a point is. It lies beside the point, never on it, and lets the mouse
/// through.
class HoverCard : public QFrame {
  Q_OBJECT

 public:
  explicit HoverCard(QWidget* parent);

  /// How many points a place would cover.
  using Covered = std::function<std::size_t(const QRect&)>;
  /// Shows the card for a point at `position` (parent coordinates) in that corner of `area` where
  /// it covers the fewest points, never the point itself.
  void showPoint(const LawPoint& point, LawMetric metric, bool onFrontier, QPointF position,
                 const QRect& area, const Covered& covered);
  /// The same content as one line, for screen readers and the status bar.
  static QString summary(const LawPoint& point, LawMetric metric);

 private:
  QLabel* label_;
};

/// Top-left corner of a card of `size` in the corner of `area` where it covers the fewest points
/// and stays `distance` away from `point`; beside the point where no corner does.
QPoint cornerPosition(QSize size, QPointF point, const QRect& area, int distance,
                      const HoverCard::Covered& covered);

/// Top-left corner of a card of `size` beside `point`, inside `area`: right above the point when
/// there is room, else one of the other three quadrants; `distance` keeps the point visible.
QPoint cardPosition(QSize size, QPointF point, const QRect& area, int distance);

}  // namespace bitfrontier
