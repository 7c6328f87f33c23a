// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/base/wrapped_label.h"

#include <algorithm>
#include <QResizeEvent>

namespace bitfrontier {

QSize WrappedLabel::minimumSizeHint() const {
  QSize hint = QLabel::minimumSizeHint();
  if (placed_ && !text().isEmpty()) {
    hint.setHeight(std::max(hint.height(), heightForWidth(width())));
  }
  return hint;
}

void WrappedLabel::resizeEvent(QResizeEvent* event) {
  QLabel::resizeEvent(event);
  if (placed_ && event->size().width() == event->oldSize().width()) return;
  placed_ = true;
  updateGeometry();
}

}  // namespace bitfrontier
