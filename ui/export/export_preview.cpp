// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_preview.h"

#include <algorithm>
#include <QApplication>
#include <QMouseEvent>
#include <QScreen>
#include <QVBoxLayout>

#include "ui/export/figure_export.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

ExportPreview::ExportPreview(QWidget* parent)
    : QWidget(parent), visions_(new QTabBar), picture_(new QLabel) {
  visions_->setObjectName(u"exportVision"_s);
  visions_->setAccessibleName(tr("How the figure is seen"));
  visions_->setToolTip(
      tr("Shows the figure as it is seen without colour, or by people who see "
         "colours differently"));
  visions_->setStatusTip(visions_->toolTip());
  visions_->setDrawBase(false);
  visions_->setUsesScrollButtons(true);
  for (const Vision vision : kVisions) {
    QString name = visionName(vision);
    name[0] = name[0].toUpper();
    visions_->addTab(name);
  }
  picture_->setObjectName(u"exportPreview"_s);
  picture_->setAccessibleName(tr("Preview"));
  picture_->setToolTip(tr("Drag it into a folder or another program"));
  picture_->setAlignment(Qt::AlignCenter);
  picture_->setFrameShape(QFrame::StyledPanel);
  picture_->setCursor(Qt::OpenHandCursor);
  picture_->installEventFilter(this);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(visions_);
  layout->addWidget(picture_, 1);
  connect(visions_, &QTabBar::currentChanged, this, &ExportPreview::showPicture);
}

Vision ExportPreview::vision() const {
  return kVisions[static_cast<std::size_t>(std::max(0, visions_->currentIndex()))];
}

void ExportPreview::showFigure(const FigureSpec& spec) {
  constexpr double kWidest = 560, kHighest = 380;
  const QSizeF room = QSizeF(kWidest, kHighest)
                          .boundedTo(screen()->availableSize() - QSize(440, 260))  // what is around
                          .expandedTo(QSizeF(200, 150));
  const QSizeF figure = figureSize(spec);
  const double printed = screen()->logicalDotsPerInch() / 72;
  const double scale =
      std::min({printed, room.width() / figure.width(), room.height() / figure.height()});
  share_ = scale / printed;
  image_ = renderImage(spec, scale * devicePixelRatioF());
  showPicture();
}

void ExportPreview::showPicture() {
  if (image_.isNull()) return;
  QPixmap pixmap =
      QPixmap::fromImage(vision() == Vision::Normal ? image_ : seenWith(vision(), image_));
  pixmap.setDevicePixelRatio(devicePixelRatioF());
  picture_->setPixmap(pixmap);
  picture_->setMinimumSize(picture_->sizeHint());  // a cut preview says something else
}

bool ExportPreview::eventFilter(QObject* watched, QEvent* event) {
  if (watched != picture_) return QWidget::eventFilter(watched, event);
  if (event->type() == QEvent::MouseButtonPress) {
    pressed_ = static_cast<QMouseEvent*>(event)->pos();
  } else if (event->type() == QEvent::MouseMove) {
    const auto* mouse = static_cast<QMouseEvent*>(event);
    const bool far =
        (mouse->pos() - pressed_).manhattanLength() >= QApplication::startDragDistance();
    if (mouse->buttons() & Qt::LeftButton && far) Q_EMIT dragged();
  }
  return false;
}

}  // namespace bitfrontier
