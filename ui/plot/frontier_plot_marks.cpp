// SPDX-License-Identifier: GPL-3.0-or-later
// What FrontierPlot draws on layers of its own: marks of points, cursor, budget, card.
#include <algorithm>
#include <cmath>
#include <QAccessible>
#include <QLocale>

#include "ui/base/text.h"
#include "ui/plot/frontier_plot.h"
#include "ui/plot/hover_card.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

ScatterData FrontierPlot::marks(const std::vector<int>& rows, double size, double width) const {
  ScatterData drawn;
  drawn.x = scene_.at.x;
  drawn.y = scene_.at.y;
  drawn.error = scene_.at.error;
  drawn.barWidth = style_.lineWidth * 0.6;
  drawn.whisker = style_.marker * 0.6;
  ScatterGroup group{
      QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(style_.text, width), Qt::NoBrush, size),
      true,
      {}};
  for (const int row : rows) {
    if (row >= 0 && static_cast<std::size_t>(row) < drawn.x.size()) group.rows.push_back(row);
  }
  constexpr std::size_t kMostBars = 300;
  if (options_.errorBars && group.rows.size() <= kMostBars) drawn.bars = group.rows;
  drawn.groups.push_back(std::move(group));
  return drawn;
}

void FrontierPlot::drawSelected() {
  if (!selectedMarks_) {
    selectedMarks_ = new Scatter(xAxis, yAxis);
    selectedMarks_->setLayer(u"marks"_s);
  }
  selectedMarks_->setData(marks(selected_, style_.marker * 1.8, style_.lineWidth));
  layer(u"marks"_s)->replot();
}

void FrontierPlot::drawCurrent() {
  ScatterData drawn;
  if (current_ >= 0) {
    const auto i = static_cast<std::size_t>(current_);
    drawn.x = {scene_.at.x[i]};
    drawn.y = {scene_.at.y[i]};
    drawn.error = {scene_.at.error[i]};
    drawn.groups.push_back(
        {QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(style_.text, style_.lineWidth * 1.6),
                         Qt::NoBrush, style_.marker * 2.2),
         true,
         {0}});
    if (options_.errorBars) drawn.bars = {0};
    drawn.barWidth = style_.lineWidth * 0.6;
    drawn.whisker = style_.marker * 0.6;
  }
  if (!currentMark_) {
    currentMark_ = new Scatter(xAxis, yAxis);
    currentMark_->setLayer(u"current"_s);
  }
  currentMark_->setData(std::move(drawn));
  layer(u"current"_s)->replot();
}

void FrontierPlot::setCursorAt(std::optional<QPointF> position) {
  if (position == cursor_) return;
  cursor_ = position;
  layer(u"current"_s)->replot();
}

QString FrontierPlot::readingAt(double x) const {
  for (const PlotFrontier& frontier : scene_.frontiers) {
    const QString& source = scene_.sources[static_cast<std::size_t>(frontier.source)];
    if (visibility_.hiddenSources.count(source)) continue;
    int best = -1;
    for (const int row : frontier.points) {
      if (scene_.at.x[static_cast<std::size_t>(row)] <= x) best = row;
    }
    if (best < 0) return tr("nothing measured fits into %1").arg(xText(x, options_));
    const LawPoint& p = (*points_)[static_cast<std::size_t>(best)];
    return tr("best at %1: %2 %3 bit, %4")
        .arg(xText(x, options_), Text::from(p.model))
        .arg(p.bits)
        .arg(Text::metric(p, options_.metric));
  }
  return {};
}

void FrontierPlot::paintCrosshair(QCPPainter& painter, const QRect& area) {
  if (hasFocus() && !fixedStyle_) {  // where the keyboard goes
    painter.setAntialiasing(false);
    painter.setPen(QPen(palette().color(QPalette::Highlight), 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(area.adjusted(1, 1, -2, -2));
  }
  if (!cursor_) return;
  painter.setAntialiasing(false);
  painter.setPen(QPen(style_.frontier, 1, Qt::DotLine));
  painter.drawLine(QLineF(cursor_->x(), area.top(), cursor_->x(), area.bottom()));
  painter.drawLine(QLineF(area.left(), cursor_->y(), area.right(), cursor_->y()));
  const QString text = readingAt(xAxis->pixelToCoord(cursor_->x()));
  if (text.isEmpty()) return;
  painter.setFont(style_.font);
  const QFontMetrics metrics(style_.font);
  QRect box = metrics.boundingRect(text).adjusted(-5, -2, 5, 2);
  box.moveTopLeft(area.topLeft() + QPoint(6, 6));
  if (box.adjusted(-8, -8, 8, 8).contains(cursor_->toPoint())) {
    box.moveBottomLeft(area.bottomLeft() + QPoint(6, -6));
  }
  painter.setPen(style_.faint);
  QColor ground = style_.background;
  ground.setAlphaF(0.9F);
  painter.setBrush(ground);
  painter.drawRect(box);
  painter.setPen(style_.text);
  painter.drawText(box, Qt::AlignCenter, text);
}

std::optional<double> FrontierPlot::budgetAt() const {
  // Only these axes are memory.
  const bool bits = options_.x == XAxis::TotalBits, bytes = options_.x == XAxis::Memory;
  if (!(options_.budgetBits > 0) || (!bits && !bytes)) return {};
  return bytes ? options_.budgetBits / 8 : options_.budgetBits;
}

QColor FrontierPlot::budgetShade() const {
  QColor shade = style_.axis;
  shade.setAlphaF(0.14F);
  return shade;
}

QPen FrontierPlot::budgetPen() const {
  return QPen(style_.text, style_.lineWidth * 0.8, Qt::DashLine);
}

void FrontierPlot::paintBudget(QCPPainter& painter, const QRect& area) {
  const std::optional<double> budget = budgetAt();
  if (!budget) return;
  const double at = xAxis->coordToPixel(*budget);
  if (at < area.right()) {
    painter.fillRect(QRectF(QPointF(std::max<double>(at, area.left()), area.top()),
                            QPointF(area.right() + 1, area.bottom() + 1)),
                     budgetShade());
  }
  if (at < area.left() || at > area.right()) return;
  painter.setPen(budgetPen());
  painter.drawLine(QLineF(at, area.top(), at, area.bottom()));
  const QString text = Text::size(options_.budgetBits);
  painter.setFont(style_.font);
  painter.setPen(style_.text);
  const int width = QFontMetrics(style_.font).horizontalAdvance(text) + 4;
  const int height = QFontMetrics(style_.font).height();
  const bool right = at + width + 4 < area.right();
  painter.drawText(
      QRectF(right ? at + 4 : at - width - 4, area.bottom() - height - 3, width, height),
      Qt::AlignCenter, text);
}

bool FrontierPlot::onFrontier(int point) const {
  return std::any_of(scene_.frontiers.begin(), scene_.frontiers.end(), [&](const PlotFrontier& f) {
    return std::find(f.points.begin(), f.points.end(), point) != f.points.end();
  });
}

void FrontierPlot::setSelected(std::vector<int> points) {
  selected_ = std::move(points);
  drawSelected();
}

void FrontierPlot::setCurrent(int point) {
  if (point < 0 || static_cast<std::size_t>(point) >= points_->size()) point = -1;
  if (point == current_) return;
  current_ = point;
  drawCurrent();
  updateCard();
  setAccessibleDescription(
      point < 0 ? lawSentence()
                : HoverCard::summary((*points_)[static_cast<std::size_t>(point)], options_.metric));
  QAccessibleEvent event(this, QAccessible::DescriptionChanged);
  QAccessible::updateAccessibility(&event);
  Q_EMIT currentChanged(point);
}

void FrontierPlot::hideCard() {
  dwell_.stop();
  card_->hide();
}

void FrontierPlot::updateCard() {
  dwell_.stop();
  if (current_ < 0 || static_cast<std::size_t>(current_) >= points_->size()) {
    card_->hide();
    return;
  }
  const QPointF pixel = pixelOf(current_);
  if (!axisRect()->rect().contains(pixel.toPoint())) {
    card_->hide();
    return;
  }
  const auto* scatter = content_.scatter();
  card_->showPoint((*points_)[static_cast<std::size_t>(current_)], options_.metric,
                   onFrontier(current_), pixel, axisRect()->rect().adjusted(4, 4, -4, -4),
                   [scatter](const QRect& rect) {
                     return scatter ? scatter->inside(QPolygonF(QRectF(rect))).size() : 0;
                   });
}

QString FrontierPlot::lawSentence() const {
  if (!laws_) return {};
  QStringList named;
  QSet<QString> families;
  for (const LawCurve& curve : laws_->laws) {
    const QString family = Text::from(curve.series.family);
    if (families.contains(family)) continue;
    families.insert(family);
    named << (curve.law ? tr("%1 follows the law %2").arg(family, Text::from(curve.name()))
                        : tr("no law describes %1").arg(family));
  }
  return named.isEmpty() ? QString() : named.join(tr("; ")) + u'.';
}

}  // namespace bitfrontier
