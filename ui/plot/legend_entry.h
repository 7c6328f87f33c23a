// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <QPen>

#include "ui/plot/qcp.h"

namespace bitfrontier {

/// What a legend entry stands for, and hence what a click on it isolates.
struct LegendTarget {
  enum class Kind { None, Value, Family, Method, Source };
  Kind kind = Kind::None;
  int index = 0;  ///< into the list of PlotScene that belongs to the kind
};

/// One line of the legend: a marker or a piece of line, and a text that wraps.
class LegendEntry : public QCPAbstractLegendItem {
  Q_OBJECT

 public:
  LegendEntry(QCPLegend* parent, const QString& text, LegendTarget target = {});

  void setMarker(const QCPScatterStyle& marker) { marker_ = marker; }
  void setLine(const QPen& pen) { line_ = pen; }
  void setHeading(bool heading) { heading_ = heading; }
  /// Hidden by isolation: drawn faint.
  void setFaded(bool faded) { faded_ = faded; }
  void setMaximumTextWidth(int pixels) { maximumTextWidth_ = pixels; }

  bool faded() const { return faded_; }
  LegendTarget target() const { return target_; }
  const std::optional<QCPScatterStyle>& marker() const { return marker_; }
  const std::optional<QPen>& line() const { return line_; }
  /// Pixels before the text.
  int swatchWidth() const;
  QString text() const { return text_; }
  QSize minimumOuterSizeHint() const override;

 protected:
  void draw(QCPPainter* painter) override;

 private:
  QFont entryFont() const;
  QRect textRect() const;

  QString text_;
  LegendTarget target_;
  std::optional<QCPScatterStyle> marker_;
  std::optional<QPen> line_;
  bool heading_ = false;
  bool faded_ = false;
  int maximumTextWidth_ = 170;
};

}  // namespace bitfrontier
