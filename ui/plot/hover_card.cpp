// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/hover_card.h"

#include <algorithm>
#include <array>
#include <optional>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "core/quant/quant_config.h"
#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

HoverCard::HoverCard(QWidget* parent) : QFrame(parent), label_(new QLabel(this)) {
  setObjectName(u"hoverCard"_s);
  setFrameShape(QFrame::StyledPanel);
  setAutoFillBackground(true);
  setBackgroundRole(QPalette::ToolTipBase);
  setForegroundRole(QPalette::ToolTipText);
  setAttribute(Qt::WA_TransparentForMouseEvents);
  label_->setTextFormat(Qt::RichText);
  label_->setForegroundRole(QPalette::ToolTipText);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(8, 6, 8, 6);
  layout->addWidget(label_);
  hide();
}

void HoverCard::showPoint(const LawPoint& point, LawMetric metric, bool onFrontier,
                          QPointF position, const QRect& area, const Covered& covered) {
  QString rows;
  const auto row = [&rows](const QString& name, const QString& value) {
    if (value.isEmpty()) return;
    rows += u"<tr><td>%1&nbsp;&nbsp;</td><td>%2</td></tr>"_s.arg(name, value.toHtmlEscaped());
  };
  row(Text::metricName(metric), Text::metric(point, metric));
  const LawMetric other =
      metric == LawMetric::Accuracy ? LawMetric::CrossEntropy : LawMetric::Accuracy;
  if (plotValue(point, other) == plotValue(point, other)) {
    row(Text::metricName(other), Text::metric(point, other));
  }
  row(tr("Size"), Text::size(point.totalBits));
  if (!point.published() && point.bits < 16) {
    try {
      const double bits = QuantConfig::parse(point.config).bitsPerParameter();
      row(tr("Bits/weight"), tr("%1 in linear layers").arg(Text::number(bits)));
    } catch (const Error&) {
      // A configuration of another program: its name is all that is known.
    }
  }
  row(tr("Bits/parameter"), tr("%1 in the whole model").arg(Text::bitsPerParameter(point)));
  row(tr("Parameters"), Text::count(point.parameters));
  if (point.bits < 16 && (point.blockSize > 0 || !point.published())) {
    row(tr("Block"), Text::block(point));
  }
  if (point.itemLimit > 0) row(tr("Items per task"), QString::number(point.itemLimit));
  row(tr("Frontier"), onFrontier ? tr("on it") : tr("no"));
  row(tr("Source"), point.published()
                        ? Text::from(point.source).section(u'(', 0, 0).trimmed().left(40)
                        : tr("measured here"));
  label_->setText(u"<b>%1</b> · %2<table cellspacing='0'>%3</table>"_s.arg(
      Text::from(point.model).toHtmlEscaped(), Text::from(point.config).toHtmlEscaped(), rows));
  adjustSize();
  move(cornerPosition(size(), position, area, 14, covered));
  show();
  raise();
}

QString HoverCard::summary(const LawPoint& point, LawMetric metric) {
  return tr("%1, %2: %3 %4, %5")
      .arg(Text::from(point.model), Text::from(point.config), Text::metricName(metric).toLower(),
           Text::metric(point, metric), Text::size(point.totalBits));
}

QPoint cornerPosition(QSize size, QPointF point, const QRect& area, int distance,
                      const HoverCard::Covered& covered) {
  const int right = area.right() - size.width() + 1, bottom = area.bottom() - size.height() + 1;
  const std::array<QPoint, 4> corners{QPoint(area.left(), area.top()), QPoint(right, area.top()),
                                      QPoint(right, bottom), QPoint(area.left(), bottom)};
  std::optional<QPoint> best;
  std::size_t fewest = 0;
  for (const QPoint& corner : corners) {
    const QRect card(corner, size);
    const QRect reach = card.adjusted(-distance, -distance, distance, distance);
    if (!area.contains(card) || reach.contains(point.toPoint())) continue;
    const std::size_t count = covered(card);
    if (!best || count < fewest) {
      best = corner;
      fewest = count;
    }
  }
  return best ? *best : cardPosition(size, point, area, distance);
}

QPoint cardPosition(QSize size, QPointF point, const QRect& area, int distance) {
  const int right = qRound(point.x()) + distance;
  const int left = qRound(point.x()) - distance - size.width();
  const int above = qRound(point.y()) - distance - size.height();
  const int below = qRound(point.y()) + distance;
  const std::array<QPoint, 4> candidates{QPoint(right, above), QPoint(left, above),
                                         QPoint(right, below), QPoint(left, below)};
  for (const QPoint& p : candidates) {
    if (area.contains(QRect(p, size))) return p;
  }
  // No quadrant holds it all: slide along the edge that stays clear of the point.
  const int x = right + size.width() <= area.right() ? right : std::max(area.left(), left);
  const int y = std::clamp(above, area.top(), std::max(area.top(), area.bottom() - size.height()));
  return {x, y};
}

}  // namespace bitfrontier
