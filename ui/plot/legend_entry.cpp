// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/legend_entry.h"

#include <QFontMetrics>

namespace bitfrontier {

LegendEntry::LegendEntry(QCPLegend* parent, const QString& text, LegendTarget target)
    : QCPAbstractLegendItem(parent), text_(text), target_(target) {
  setMargins(QMargins(1, 0, 1, 0));
}

QFont LegendEntry::entryFont() const {
  QFont font = mFont;
  font.setBold(heading_);
  return font;
}

int LegendEntry::swatchWidth() const {
  if (!marker_ && !line_) return 0;
  return qRound(QFontMetrics(mFont).height() * (marker_ ? 1.4 : 2.1));
}

QRect LegendEntry::textRect() const {
  return QFontMetrics(entryFont())
      .boundingRect(QRect(0, 0, maximumTextWidth_, 10000), Qt::AlignLeft | Qt::TextWordWrap, text_);
}

QSize LegendEntry::minimumOuterSizeHint() const {
  const QRect text = textRect();
  const QMargins m = margins();
  return {swatchWidth() + text.width() + 2 + m.left() + m.right(),
          text.height() + m.top() + m.bottom() +
              qRound(QFontMetrics(mFont).height() * (heading_ ? 0.4 : 0.12))};
}

void LegendEntry::draw(QCPPainter* painter) {
  painter->save();
  if (faded_) painter->setOpacity(0.35);
  const int lineHeight = QFontMetrics(mFont).height();
  const int top = heading_ ? rect().bottom() - textRect().height() : rect().top();
  const QPointF center(rect().left() + swatchWidth() / 2.0, top + lineHeight / 2.0);
  if (line_) {
    painter->setPen(*line_);
    const double half = swatchWidth() * 0.36;
    painter->drawLine(QLineF(center.x() - half, center.y(), center.x() + half, center.y()));
  }
  if (marker_) {
    painter->setAntialiasing(true);
    marker_->applyTo(painter, marker_->pen());
    marker_->drawShape(painter, center);
  }
  painter->setFont(entryFont());
  painter->setPen(mTextColor);
  painter->drawText(QRect(rect().left() + swatchWidth(), top, maximumTextWidth_ + 1, 10000),
                    Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, text_);
  painter->restore();
}

}  // namespace bitfrontier
