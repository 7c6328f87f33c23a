// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <utility>

#include "ui/plot/qcp.h"

namespace bitfrontier {

/// Something drawn over the axes by a function: lines, areas and texts that are no data.
class Drawing : public QCPAbstractPlottable {
  Q_OBJECT

 public:
  /// `area` is the inside of the axes, to which painting is cut.
  using Paint = std::function<void(QCPPainter& painter, const QRect& area)>;

  Drawing(QCPAxis* keyAxis, QCPAxis* valueAxis, Paint paint)
      : QCPAbstractPlottable(keyAxis, valueAxis), paint_(std::move(paint)) {
    setSelectable(QCP::stNone);
    removeFromLegend();
  }

  double selectTest(const QPointF&, bool, QVariant* = nullptr) const override { return -1; }
  QCPRange getKeyRange(bool& found, QCP::SignDomain) const override {
    found = false;
    return {};
  }
  QCPRange getValueRange(bool& found, QCP::SignDomain,
                         const QCPRange& = QCPRange()) const override {
    found = false;
    return {};
  }

 protected:
  void draw(QCPPainter* painter) override { paint_(*painter, clipRect()); }
  void drawLegendIcon(QCPPainter*, const QRectF&) const override {}

 private:
  Paint paint_;
};

}  // namespace bitfrontier
