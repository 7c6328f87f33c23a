// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/picture.h"

#include <cmath>
#include <utility>

namespace bitfrontier {

PixelMap::Scale::Scale(const QCPAxis& axis) : log(axis.scaleType() == QCPAxis::stLogarithmic) {
  const double a = axis.range().lower, b = axis.range().upper;
  const double from = axis.coordToPixel(a), to = axis.coordToPixel(b);
  const double low = log ? std::log(a) : a, high = log ? std::log(b) : b;
  slope = (to - from) / (high - low);
  offset = from - slope * low;
}

double PixelMap::Scale::at(double value) const {
  return offset + slope * (log ? std::log(value) : value);
}

PixelMap::PixelMap(const QCPAxis& keyAxis, const QCPAxis& valueAxis, const QRect& rect)
    : x(keyAxis), y(valueAxis), area(rect) {}

Picture::Picture(QCPAxis* keyAxis, QCPAxis* valueAxis) : QCPAbstractPlottable(keyAxis, valueAxis) {
  setSelectable(QCP::stNone);
  removeFromLegend();
}

QImage Picture::blank(const QRect& area, double ratio) {
  QImage image(area.size() * ratio, QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  return image;
}

void Picture::prepare(QCPPainter& painter, const QRect& area, double ratio) {
  painter.scale(ratio, ratio);
  painter.translate(-area.topLeft());
  painter.setAntialiasing(true);
}

void Picture::keep(QImage image, const Made& made) {
  image_ = std::move(image);
  made_ = made;
  ++renderings_;
}

void Picture::draw(QCPPainter* painter) {
  if (!keyAxis() || !valueAxis()) return;
  const PixelMap now = map();
  const bool toFile = painter->modes() & (QCPPainter::pmVectorized | QCPPainter::pmNoCaching);
  if (toFile || (!background_ && !alwaysKept())) {
    painter->setAntialiasing(true);
    drawExact(*painter, now);
    return;
  }
  const Made wanted{now, painter->device()->devicePixelRatioF(), version_};
  if (wanted != made_) {
    const Render render = renderer();
    if (!render) {
      image_ = QImage();
    } else if (!background_) {
      keep(render(now, wanted.ratio), wanted);
    } else if (!task_.busy()) {  // else it is asked again when that is done
      task_.start([render, wanted](std::stop_token) { return render(wanted.map, wanted.ratio); },
                  [this, wanted](QImage image) {
                    keep(std::move(image), wanted);
                    layer()->replot();
                    Q_EMIT rendered();
                  });
    }
  }
  lay(*painter, now);
}

void Picture::lay(QCPPainter& painter, const PixelMap& now) {
  if (image_.isNull()) return;
  const PixelMap& then = made_.map;
  if (then == now) {
    // Onto device pixels, whatever the painter is scaled by.
    image_.setDevicePixelRatio(made_.ratio);
    painter.drawImage(QPointF(now.area.topLeft()), image_);
    image_.setDevicePixelRatio(1);
    return;
  }
  if (then.x.log != now.x.log || then.y.log != now.y.log) return;
  const auto moved = [](const PixelMap::Scale& from, const PixelMap::Scale& to, double pixel) {
    return to.offset + to.slope * ((pixel - from.offset) / from.slope);
  };
  const QRectF was(then.area);
  const QPointF topLeft(moved(then.x, now.x, was.left()), moved(then.y, now.y, was.top()));
  const QPointF bottomRight(moved(then.x, now.x, was.right()), moved(then.y, now.y, was.bottom()));
  painter.drawImage(QRectF(topLeft, bottomRight), image_, QRectF(image_.rect()));
}

}  // namespace bitfrontier
