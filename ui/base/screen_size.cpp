// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/base/screen_size.h"

#include <algorithm>
#include <QGuiApplication>
#include <QScreen>

namespace bitfrontier {

QSize sizeWithin(QSize wanted, QSize available) {
  constexpr QSize kFrame(8, 36);  // not known before the window is shown
  return wanted.boundedTo(available - kFrame);
}

QRect rectWithin(QRect window, QRect available) {
  window.setSize(window.size().boundedTo(available.size()));
  const int x = std::clamp(window.x(), available.left(), available.right() + 1 - window.width());
  const int y = std::clamp(window.y(), available.top(), available.bottom() + 1 - window.height());
  window.moveTopLeft({x, y});
  return window;
}

void moveIntoScreen(QWidget& window) {
  if (window.isMaximized() || window.isFullScreen()) return;
  const QScreen* screen = QGuiApplication::screenAt(window.geometry().center());
  if (!screen) screen = window.screen();
  if (screen) window.setGeometry(rectWithin(window.geometry(), screen->availableGeometry()));
}

void resizeToScreen(QWidget& window, QSize wanted) {
  const QScreen* screen = window.screen();
  window.resize(screen ? sizeWithin(wanted, screen->availableSize()) : wanted);
}

}  // namespace bitfrontier
