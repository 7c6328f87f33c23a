// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_content.h"

#include <algorithm>
#include <utility>

#include "ui/base/text.h"

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(FrontierPlot)
};

QFont labelFont(const PlotStyle& style) {
  QFont font = style.font;
  // On paper all text has the size that was asked for.
  if (font.pixelSize() <= 0) font.setPointSizeF(font.pointSizeF() * 0.85);
  return font;
}

}  // namespace

void PlotContent::build(QCustomPlot& plot) {
  curves_ = new Curves(plot.xAxis, plot.yAxis);
  scatter_ = new Scatter(plot.xAxis, plot.yAxis);
  rings_ = new Scatter(plot.xAxis, plot.yAxis);
  predictions_ = new Scatter(plot.xAxis, plot.yAxis);
  labels_ = new Drawing(plot.xAxis, plot.yAxis, [this](QCPPainter& painter, const QRect& area) {
    drawLabels(painter, area);
  });
  labels_->setName(Tr::tr("labels"));
  for (QCPAbstractPlottable* part : std::initializer_list<QCPAbstractPlottable*>{
           curves_, scatter_, rings_, predictions_, labels_}) {
    part->setLayer(QStringLiteral("content"));
  }
}

void PlotContent::show(PlotMarksPtr marks, bool background) {
  marks_ = std::move(marks);
  curves_->setBackground(background);
  scatter_->setBackground(background);
  curves_->setCurves(marks_->curves);
  scatter_->setData(marks_->points);
  static const auto kNothing = std::make_shared<const ScatterData>();
  rings_->setData(marks_->rings ? marks_->rings : kNothing);
  predictions_->setData(marks_->predictions ? marks_->predictions : kNothing);
  placed_.clear();
  wishes_.clear();
}

void PlotContent::forget() {
  curves_->forget();
  scatter_->forget();
}

bool PlotContent::busy() const { return curves_->busy() || scatter_->busy(); }

void PlotContent::drawLabels(QCPPainter& painter, const QRect& area) {
  wishes_.clear();
  placed_.clear();
  if (marks_->names.empty()) return;
  const PixelMap map = scatter_->map();
  const QFont font = labelFont(marks_->request.style);
  const QFontMetricsF metrics(font);
  const QRectF inner = QRectF(area).adjusted(2, 2, -2, -2);
  Occupancy occupied(inner);
  for (const ScatterGroup& group : scatter_->data().groups) {
    if (!group.visible) continue;
    for (const int row : group.rows) {
      const QPointF at = scatter_->pixelOf(row);
      if (inner.contains(at)) occupied.addPoint(at, group.style.size() / 2 + 1);
    }
  }
  for (const PlotCurve& curve : *marks_->curves) {
    if (!curve.band()) occupied.addLine(pixelLine(curve, map));
  }
  for (const NamedPlace& named : marks_->names) {
    const QPointF at = map.at(named.x, named.y);
    if (!inner.contains(at)) continue;
    wishes_.push_back({named.text, named.color, at,
                       QSizeF(metrics.horizontalAdvance(named.text) + 2, metrics.height()),
                       named.lineEnd});
  }
  placed_ = placeLabels(wishes_, std::move(occupied));
  painter.setFont(font);
  for (const PlacedLabel& label : placed_) {
    const LabelWish& wish = wishes_[label.wish];
    if (label.leader) {
      QColor line = wish.color;
      line.setAlphaF(0.6F);
      painter.setPen(QPen(line, 0.7));
      painter.drawLine(leaderLine(label, wish));
    }
    painter.setPen(wish.color);
    painter.drawText(label.rect, Qt::AlignCenter, wish.text);
  }
}

}  // namespace bitfrontier
