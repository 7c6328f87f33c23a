// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/parts/panel_parts.h"

#include <algorithm>
#include <array>
#include <QFontMetrics>
#include <QHeaderView>
#include <QPainter>
#include <utility>

#include "ui/base/wrapped_label.h"

namespace bitfrontier {
namespace {

/// Okabe and Ito, in an order in which neighbours differ in lightness too.
constexpr std::array<QRgb, 6> kPartColors{0xff0072b2, 0xffe69f00, 0xff009e73,
                                          0xffcc79a7, 0xffd55e00, 0xff999999};

}  // namespace

QTableView* makeTableView(QAbstractItemModel* model, const QString& name, const QString& accessible,
                          const std::vector<int>& widths) {
  auto* view = new QTableView;
  view->setObjectName(name);
  view->setAccessibleName(accessible);
  view->setModel(model);
  view->setSelectionBehavior(QAbstractItemView::SelectRows);
  view->setSelectionMode(QAbstractItemView::SingleSelection);
  view->setEditTriggers(QAbstractItemView::NoEditTriggers);
  view->setAlternatingRowColors(true);
  view->setWordWrap(false);
  view->setTextElideMode(Qt::ElideMiddle);
  view->setTabKeyNavigation(false);
  view->setShowGrid(false);
  view->setMinimumHeight(2 * QFontMetrics(view->font()).height() + 12);  // the heading and a row
  view->verticalHeader()->hide();
  const QFontMetrics metrics(view->font());
  view->verticalHeader()->setDefaultSectionSize(metrics.height() + 6);
  view->horizontalHeader()->setHighlightSections(false);
  view->horizontalHeader()->setStretchLastSection(true);
  for (std::size_t c = 0; c < widths.size(); ++c) {
    const int column = static_cast<int>(c);
    const QString title = model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    view->setColumnWidth(column, std::max(metrics.horizontalAdvance(title) + 24,
                                          widths[c] * metrics.averageCharWidth() + 12));
  }
  return view;
}

QPushButton* makeButton(const QString& name, const QString& text, const QString& tip) {
  auto* button = new QPushButton(text);
  button->setObjectName(name);
  QString plain = text;
  button->setAccessibleName(plain.remove(u'&').remove(QChar(0x2026)));
  button->setToolTip(tip);
  button->setStatusTip(tip);
  button->setAutoDefault(false);
  return button;
}

void setReason(QPushButton* button, const QString& tip, const QString& whyNot) {
  button->setEnabled(whyNot.isEmpty());
  const QString text = whyNot.isEmpty() ? tip : whyNot;
  button->setToolTip(text);
  button->setStatusTip(text);
}

QLabel* makeText(const QString& name) {
  auto* label = new WrappedLabel;
  label->setObjectName(name);
  label->setTextFormat(Qt::PlainText);
  label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  label->setMinimumWidth(40);
  return label;
}

void addRow(QFormLayout* form, const QString& label, QWidget* control) {
  auto* text = new QLabel(label);
  text->setBuddy(control);
  QString plain = label;
  control->setAccessibleName(plain.remove(u'&'));
  form->addRow(text, control);
}

QScrollArea* scrolled(QWidget* content) {
  auto* area = new QScrollArea;
  area->setWidget(content);
  area->setWidgetResizable(true);
  area->setFrameShape(QFrame::NoFrame);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  area->setMinimumSize(60, 40);
  area->setFocusPolicy(Qt::NoFocus);
  return area;
}

ElidedLabel::ElidedLabel(const QString& name, bool bold, QWidget* parent) : QWidget(parent) {
  setObjectName(name);
  QFont own = font();
  own.setBold(bold);
  setFont(own);
  setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
}

void ElidedLabel::setText(const QString& text) {
  if (text == text_) return;
  text_ = text;
  setToolTip(text);
  setAccessibleName(text);
  updateGeometry();
  update();
}

QSize ElidedLabel::sizeHint() const {
  const QFontMetrics metrics(font());
  return {metrics.horizontalAdvance(text_), metrics.height() + 2};
}

QSize ElidedLabel::minimumSizeHint() const { return {20, QFontMetrics(font()).height() + 2}; }

void ElidedLabel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setPen(palette().color(QPalette::WindowText));
  painter.drawText(rect(), Qt::AlignVCenter | Qt::AlignLeft,
                   fontMetrics().elidedText(text_, Qt::ElideMiddle, width()));
}

StackedBar::StackedBar(QWidget* parent) : QWidget(parent) {
  QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
}

void StackedBar::setParts(std::vector<Part> parts) {
  parts_ = std::move(parts);
  QStringList spoken;
  for (const Part& part : parts_) spoken << part.name + u' ' + part.amount;
  setAccessibleDescription(spoken.join(QStringLiteral(", ")));
  setToolTip(spoken.join(u'\n'));
  updateGeometry();
  update();
}

/// Draws where there is a painter; gives the height.
int StackedBar::layOut(int width, QPainter* painter) const {
  const QFontMetrics metrics = fontMetrics();
  const int bar = metrics.height(), swatch = metrics.ascent(), gap = metrics.averageCharWidth();
  double left = 0;
  for (std::size_t i = 0; painter && i < parts_.size(); ++i) {
    const double part = parts_[i].share * width;
    painter->fillRect(QRectF(left, 0, std::max(part, 1.0), bar),
                      QColor::fromRgb(kPartColors[i % kPartColors.size()]));
    left += part;
    if (i + 1 < parts_.size()) {
      painter->fillRect(QRectF(left - 0.5, 0, 1, bar), palette().color(QPalette::Window));
    }
  }
  int x = 0, y = bar + 4;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const QString text = parts_[i].name + u' ' + parts_[i].amount;
    const int needed = swatch + gap + metrics.horizontalAdvance(text) + 2 * gap;
    if (x > 0 && x + needed - 2 * gap > width) {
      x = 0;
      y += metrics.height() + 2;
    }
    if (painter) {
      painter->fillRect(QRect(x, y + (metrics.height() - swatch) / 2, swatch, swatch),
                        QColor::fromRgb(kPartColors[i % kPartColors.size()]));
      painter->setPen(palette().color(QPalette::WindowText));
      const QRect place(x + swatch + gap, y, width - x - swatch - gap, metrics.height());
      painter->drawText(place, Qt::AlignVCenter | Qt::AlignLeft,
                        metrics.elidedText(text, Qt::ElideMiddle, place.width()));
    }
    x += needed;
  }
  return y + metrics.height() + 2;
}

QSize StackedBar::sizeHint() const { return {220, heightForWidth(220)}; }
QSize StackedBar::minimumSizeHint() const { return {60, fontMetrics().height() * 2}; }
int StackedBar::heightForWidth(int width) const {
  return parts_.empty() ? 0 : layOut(std::max(width, 60), nullptr);
}

void StackedBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  if (!parts_.empty()) layOut(width(), &painter);
}

void ShareDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const {
  QStyledItemDelegate::paint(painter, option, index);
  const QVariant share = index.data(kShareRole);
  if (!share.isValid()) return;
  const QFontMetrics metrics = option.fontMetrics;
  const int text = metrics.horizontalAdvance(QStringLiteral("0.00")) + 10;
  QRect room = option.rect.adjusted(2, 3, -text, -3);
  if (room.width() < 4) return;
  room.setWidth(std::max(1, static_cast<int>(room.width() * std::clamp(share.toDouble(), 0., 1.))));
  painter->fillRect(room, option.palette.color(QPalette::Highlight));
}

}  // namespace bitfrontier
