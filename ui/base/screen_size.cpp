// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/base/screen_size.h"

#include <QScreen>

namespace bitfrontier {

QSize sizeWithin(QSize wanted, QSize available) {
  constexpr QSize kFrame(8, 36);  // not known before the window is shown
  return wanted.boundedTo(available - kFrame);
}

void resizeToScreen(QWidget& window, QSize wanted) {
  const QScreen* screen = window.screen();
  window.resize(screen ? sizeWithin(wanted, screen->availableSize()) : wanted);
}

}  // namespace bitfrontier
