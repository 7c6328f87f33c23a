// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/base/focus_frame.h"

#include <QApplication>
#include <QFocusEvent>
#include <QMenu>
#include <QMenuBar>
#include <QPainter>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr int kWidth = 2;

class Frame : public QWidget {
 public:
  explicit Frame(QWidget* around) : QWidget(around) {
    setObjectName(u"qt_focusFrame"_s);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setAttribute(Qt::WA_NoSystemBackground);
    setFocusPolicy(Qt::NoFocus);
    setGeometry(around->rect());
    raise();
    show();
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setPen(
        QPen(palette().color(QPalette::Link), kWidth, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
    // Default buttons are near the colour of that line; that of their text is seen on them.
    if (!qobject_cast<QPushButton*>(parentWidget())) return;
    painter.setPen(QPen(palette().color(QPalette::ButtonText), 1, Qt::SolidLine, Qt::SquareCap,
                        Qt::MiterJoin));
    painter.drawRect(rect().adjusted(3, 3, -4, -4));
  }
};

bool byKeys(Qt::FocusReason reason) {
  return reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason ||
         reason == Qt::ShortcutFocusReason;
}

}  // namespace

FocusFrame::FocusFrame(QObject* parent) : QObject(parent) { qApp->installEventFilter(this); }

void FocusFrame::install() {
  static QPointer<FocusFrame> instance;
  if (!instance) instance = new FocusFrame(qApp);
}

void FocusFrame::surround(QWidget* widget) {
  delete frame_;
  // Menus mark their own entries.
  if (!widget || widget->isWindow() || qobject_cast<QMenuBar*>(widget)) return;
  frame_ = new Frame(widget);
}

bool FocusFrame::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::FocusIn && watched->isWidgetType()) {
    const Qt::FocusReason reason = static_cast<QFocusEvent*>(event)->reason();
    if (byKeys(reason)) {
      surround(static_cast<QWidget*>(watched));
    } else if (reason == Qt::MouseFocusReason) {
      surround(nullptr);
    }
  } else if (event->type() == QEvent::FocusOut && frame_ && watched == frame_->parent()) {
    const Qt::FocusReason reason = static_cast<QFocusEvent*>(event)->reason();
    if (reason != Qt::ActiveWindowFocusReason && reason != Qt::PopupFocusReason) surround(nullptr);
  } else if (event->type() == QEvent::Resize && frame_ && watched == frame_->parent()) {
    frame_->resize(static_cast<QResizeEvent*>(event)->size());
  }
  return false;
}

}  // namespace bitfrontier
