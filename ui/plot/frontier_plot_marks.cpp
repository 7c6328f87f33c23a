// SPDX-License-Identifier: GPL-3.0-or-later
// What FrontierPlot draws on layers of its own: marks of points, cursor, budget, card.
#include <algorithm>
#include <cmath>
#include <QAccessible>
#include <QLocale>

#include "ui/base/text.h"
#include "ui/plot/frontier_plot.h"
#include "ui/plot/hover_card.h"
#include "ui/plot/plot_accessible.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

ScatterData FrontierPlot::marks(const std::vector<int>& rows, double size, double width) const {
  ScatterData drawn;
  drawn.x = scene().at.x;
  drawn.y = scene().at.y;
  drawn.error = scene().at.error;
  drawn.barWidth = asked_.style.lineWidth * 0.6;
  drawn.whisker = asked_.style.marker * 0.6;
  ScatterGroup group{
      QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(asked_.style.text, width), Qt::NoBrush, size),
      true,
      {}};
  group.rows = rows;
  constexpr std::size_t kMostBars = 300;
  if (shown().options.errorBars && group.rows.size() <= kMostBars) drawn.bars = group.rows;
  drawn.groups.push_back(std::move(group));
  return drawn;
}

void FrontierPlot::markSelected() {
  selectedMarks_->setData(marks(selected_, asked_.style.marker * 1.8, asked_.style.lineWidth));
}

void FrontierPlot::markCurrent() {
  ScatterData drawn;
  if (current_ >= 0) {
    const auto i = static_cast<std::size_t>(current_);
    drawn.x = {scene().at.x[i]};
    drawn.y = {scene().at.y[i]};
    drawn.error = {scene().at.error[i]};
    drawn.groups.push_back({QCPScatterStyle(QCPScatterStyle::ssCircle,
                                            QPen(asked_.style.text, asked_.style.lineWidth * 1.6),
                                            Qt::NoBrush, asked_.style.marker * 2.2),
                            true,
                            {0}});
    if (shown().options.errorBars) drawn.bars = {0};
    drawn.barWidth = asked_.style.lineWidth * 0.6;
    drawn.whisker = asked_.style.marker * 0.6;
  }
  currentMark_->setData(std::move(drawn));
}

void FrontierPlot::setCursorAt(std::optional<QPointF> position) {
  if (position == cursor_) return;
  cursor_ = position;
  layer(u"current"_s)->replot();
}

QString FrontierPlot::readingAt(double x) const {
  for (const PlotFrontier& frontier : scene().frontiers) {
    const QString& source = scene().sources[static_cast<std::size_t>(frontier.source)];
    if (shown().visibility.hiddenSources.count(source)) continue;
    int best = -1;
    for (const int row : frontier.points) {
      if (scene().at.x[static_cast<std::size_t>(row)] <= x) best = row;
    }
    if (best < 0) return tr("nothing measured fits into %1").arg(xText(x, shown().options));
    const LawPoint& p = points()[static_cast<std::size_t>(best)];
    return tr("best at %1: %2 %3 bit, %4")
        .arg(xText(x, shown().options), Text::from(p.model))
        .arg(p.bits)
        .arg(Text::metric(p, shown().options.metric));
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
  painter.setPen(QPen(asked_.style.frontier, 1, Qt::DotLine));
  painter.drawLine(QLineF(cursor_->x(), area.top(), cursor_->x(), area.bottom()));
  painter.drawLine(QLineF(area.left(), cursor_->y(), area.right(), cursor_->y()));
  const QString text = readingAt(xAxis->pixelToCoord(cursor_->x()));
  if (text.isEmpty()) return;
  painter.setFont(asked_.style.font);
  const QFontMetrics metrics(asked_.style.font);
  QRect box = metrics.boundingRect(text).adjusted(-5, -2, 5, 2);
  box.moveTopLeft(area.topLeft() + QPoint(6, 6));
  if (box.adjusted(-8, -8, 8, 8).contains(cursor_->toPoint())) {
    box.moveBottomLeft(area.bottomLeft() + QPoint(6, -6));
  }
  painter.setPen(asked_.style.faint);
  QColor ground = asked_.style.background;
  ground.setAlphaF(0.9F);
  painter.setBrush(ground);
  painter.drawRect(box);
  painter.setPen(asked_.style.text);
  painter.drawText(box, Qt::AlignCenter, text);
}

void FrontierPlot::paintLasso(QCPPainter& painter, const QRect&) {
  if (lasso_.size() < 2) return;
  QColor fill = palette().color(QPalette::Highlight);
  painter.setPen(QPen(fill, 1.5));
  fill.setAlphaF(0.12F);
  painter.setBrush(fill);
  painter.drawPolygon(lasso_);
}

std::optional<double> FrontierPlot::budgetAt() const {
  const double budget = asked_.options.budgetBits;
  // Only these axes are memory.
  const bool bits = shown().options.x == XAxis::TotalBits,
             bytes = shown().options.x == XAxis::Memory;
  if (!(budget > 0) || (!bits && !bytes)) return {};
  return bytes ? budget / 8 : budget;
}

QColor FrontierPlot::budgetShade() const {
  QColor shade = asked_.style.axis;
  shade.setAlphaF(0.14F);
  return shade;
}

QPen FrontierPlot::budgetPen() const {
  return QPen(asked_.style.text, asked_.style.lineWidth * 0.8, Qt::DashLine);
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
  const QString text = Text::size(asked_.options.budgetBits);
  painter.setFont(asked_.style.font);
  painter.setPen(asked_.style.text);
  const int width = QFontMetrics(asked_.style.font).horizontalAdvance(text) + 4;
  const int height = QFontMetrics(asked_.style.font).height();
  const bool right = at + width + 4 < area.right();
  painter.drawText(
      QRectF(right ? at + 4 : at - width - 4, area.bottom() - height - 3, width, height),
      Qt::AlignCenter, text);
}

bool FrontierPlot::onFrontier(int point) const {
  return std::any_of(scene().frontiers.begin(), scene().frontiers.end(),
                     [&](const PlotFrontier& f) {
                       return std::find(f.points.begin(), f.points.end(), point) != f.points.end();
                     });
}

void FrontierPlot::setSelected(std::vector<int> points) {
  std::erase_if(points, [this](int row) {
    return row < 0 || static_cast<std::size_t>(row) >= this->points().size();
  });
  selected_ = std::move(points);
  ++selection_;
  markSelected();
  layer(u"marks"_s)->replot();
}

void FrontierPlot::setCurrent(int point) {
  if (point < 0 || static_cast<std::size_t>(point) >= points().size()) point = -1;
  if (point == current_) return;
  current_ = point;
  markCurrent();
  layer(u"current"_s)->replot();
  updateCard();
  setAccessibleDescription(point < 0 ? lawSentence()
                                     : HoverCard::summary(points()[static_cast<std::size_t>(point)],
                                                          shown().options.metric));
  QAccessibleEvent event(this, QAccessible::DescriptionChanged);
  QAccessible::updateAccessibility(&event);
  Q_EMIT currentChanged(point);
}

void FrontierPlot::speak() {
  auto* chart = dynamic_cast<PlotAccessible*>(QAccessible::queryAccessibleInterface(this));
  QAccessibleInterface* point = chart && current_ >= 0 ? chart->pointChild(current_) : nullptr;
  if (!point) return;
  QAccessibleEvent event(point, QAccessible::Focus);
  QAccessible::updateAccessibility(&event);
}

void FrontierPlot::hideCard() {
  dwell_.stop();
  card_->hide();
}

void FrontierPlot::updateCard() {
  dwell_.stop();
  if (current_ < 0 || static_cast<std::size_t>(current_) >= points().size()) {
    card_->hide();
    return;
  }
  const QPointF pixel = pixelOf(current_);
  if (!axisRect()->rect().contains(pixel.toPoint())) {
    card_->hide();
    return;
  }
  const auto* scatter = content_.scatter();
  card_->showPoint(points()[static_cast<std::size_t>(current_)], shown().options.metric,
                   onFrontier(current_), pixel, axisRect()->rect().adjusted(4, 4, -4, -4),
                   [scatter](const QRect& rect) {
                     return scatter ? scatter->inside(QPolygonF(QRectF(rect))).size() : 0;
                   });
}

QString FrontierPlot::lawSentence() const {
  if (!shown().laws) return {};
  QStringList named;
  QSet<QString> families;
  for (const LawCurve& curve : shown().laws->laws) {
    const QString family = Text::from(curve.series.family);
    if (families.contains(family)) continue;
    families.insert(family);
    named << (curve.law ? tr("%1 follows the law %2").arg(family, Text::from(curve.name()))
                        : tr("no law describes %1").arg(family));
  }
  return named.isEmpty() ? QString() : named.join(tr("; ")) + u'.';
}

}  // namespace bitfrontier
