// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/base/notice.h"

#include <algorithm>
#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QToolButton>
#include <utility>

using namespace Qt::StringLiterals;

namespace bitfrontier {

Notice::Notice(QWidget* over, QBoxLayout* rows)
    : QFrame(over), rows_(rows), text_(new QLabel), button_(new QPushButton) {
  setObjectName(u"notice"_s);
  setFrameShape(QFrame::StyledPanel);
  setBackgroundRole(QPalette::ToolTipBase);
  setForegroundRole(QPalette::ToolTipText);
  setAutoFillBackground(true);
  text_->setWordWrap(false);
  text_->setForegroundRole(QPalette::ToolTipText);
  text_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  button_->setObjectName(u"noticeButton"_s);
  button_->setAccessibleName(tr("Nothing to do"));
  button_->setToolTip(button_->accessibleName());
  auto* close = new QToolButton;
  close->setObjectName(u"noticeClose"_s);
  close->setText(u"×"_s);
  close->setAutoRaise(true);
  close->setToolTip(tr("Hides this line"));
  close->setAccessibleName(tr("Hide the message"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(10, 4, 4, 4);
  row->addWidget(text_, 1);
  row->addWidget(button_);
  row->addWidget(close);
  timer_.setSingleShot(true);
  connect(&timer_, &QTimer::timeout, this, &QWidget::hide);
  connect(close, &QToolButton::clicked, this, &QWidget::hide);
  connect(button_, &QPushButton::clicked, this, [this] {
    hide();
    if (const auto action = std::exchange(action_, {})) action();
  });
  over->installEventFilter(this);
  hide();
}

void Notice::say(const QString& sentence, int seconds, const QString& button,
                 std::function<void()> action) {
  text_->setText(sentence);
  text_->setToolTip(sentence);
  setAccessibleName(sentence);
  button_->setText(button);
  button_->setAccessibleName(button.isEmpty() ? tr("Nothing to do") : button);
  button_->setToolTip(sentence);
  button_->setVisible(!button.isEmpty());
  action_ = std::move(action);
  timer_.stop();
  timer_.setProperty("left", 0);
  rows_->removeWidget(this);
  if (seconds > 0) {
    timer_.start(seconds * 1000);
    place();
  } else {
    text_->setWordWrap(true);
    rows_->addWidget(this);
  }
  show();
  raise();
  QAccessibleEvent event(this, QAccessible::Alert);
  QAccessible::updateAccessibility(&event);
}

void Notice::place() {
  const QSize room = parentWidget()->size();
  text_->setWordWrap(false);
  if (sizeHint().width() > room.width() - 16) text_->setWordWrap(true);
  const QSize wanted = sizeHint();
  const int width = std::min(wanted.width(), room.width() - 16);
  resize(width, std::max(wanted.height(), layout()->totalHeightForWidth(width)));
  move((room.width() - width) / 2, room.height() - height() - 12);
}

bool Notice::eventFilter(QObject* watched, QEvent* event) {
  if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible() &&
      rows_->indexOf(this) < 0) {
    place();
  }
  return false;
}

void Notice::enterEvent(QEnterEvent* event) {
  QFrame::enterEvent(event);
  if (timer_.isActive()) timer_.setProperty("left", timer_.remainingTime());
  timer_.stop();
}

void Notice::leaveEvent(QEvent* event) {
  QFrame::leaveEvent(event);
  const int left = timer_.property("left").toInt();
  if (left > 0 && isVisible()) timer_.start(std::max(left, 2000));
}

}  // namespace bitfrontier
