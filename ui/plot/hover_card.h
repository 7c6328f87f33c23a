// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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

  /// Shows the card for a point at `position` (parent coordinates), inside `area`.
  void showPoint(const LawPoint& point, LawMetric metric, bool onFrontier, QPointF position,
                 const QRect& area);
  /// The same content as one line, for screen readers and the status bar.
  static QString summary(const LawPoint& point, LawMetric metric);

 private:
  QLabel* label_;
};

/// Top-left corner of a card of `size` beside `point`, inside `area`: right above the point when
/// there is room, else one of the other three quadrants; `distance` keeps the point visible.
QPoint cardPosition(QSize size, QPointF point, const QRect& area, int distance);

}  // namespace bitfrontier
