// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QImage>

#include "ui/base/latest_task.h"
#include "ui/plot/qcp.h"

namespace bitfrontier {

/// Where coordinates of two axes lie on the widget; a value that any thread may use.
struct PixelMap {
  /// Pixel of a coordinate as a straight line over the coordinate or its logarithm.
  struct Scale {
    double offset = 0, slope = 1;
    bool log = false;

    Scale() = default;
    explicit Scale(const QCPAxis& axis);
    double at(double value) const;
    bool operator==(const Scale&) const = default;
  };

  Scale x, y;
  QRect area;  ///< inside of the axes

  PixelMap() = default;
  PixelMap(const QCPAxis& keyAxis, const QCPAxis& valueAxis, const QRect& rect);
  QPointF at(double key, double value) const { return {x.at(key), y.at(value)}; }
  bool operator==(const PixelMap&) const = default;
};

/// A plottable that is drawn into a picture, which is kept until content or axes change. In the
/// background another thread draws it; until it is done the picture before is shown, moved and
/// stretched as the axes were. Vector files get real shapes.
class Picture : public QCPAbstractPlottable {
  Q_OBJECT

 public:
  Picture(QCPAxis* keyAxis, QCPAxis* valueAxis);

  void setBackground(bool on) { background_ = on; }
  bool busy() const { return task_.busy(); }
  /// Shows nothing rather than the picture before, which is of other axes.
  void forget() { image_ = QImage(); }
  /// How often it was really drawn, for tests.
  int renderings() const { return renderings_; }
  PixelMap map() const { return {*keyAxis(), *valueAxis(), clipRect()}; }

  double selectTest(const QPointF&, bool, QVariant* = nullptr) const override { return -1; }

 Q_SIGNALS:
  /// A picture is there that another thread has drawn.
  void rendered();

 protected:
  using Render = std::function<QImage(const PixelMap&, double ratio)>;
  /// What draws the present content on any thread, with `ratio` device pixels a pixel; it owns all
  /// that it needs. Null: nothing to draw.
  virtual Render renderer() const = 0;
  virtual void drawExact(QCPPainter& painter, const PixelMap& map) const = 0;
  /// Whether a picture is kept although nothing is drawn in the background.
  virtual bool alwaysKept() const { return true; }
  /// To be called when the content is another.
  void contentChanged() { ++version_; }

  void draw(QCPPainter* painter) override;
  void drawLegendIcon(QCPPainter*, const QRectF&) const override {}

  /// An empty picture of an area, and a painter of it in coordinates of the widget.
  static QImage blank(const QRect& area, double ratio);
  static void prepare(QCPPainter& painter, const QRect& area, double ratio);

 private:
  struct Made {
    PixelMap map;
    double ratio = 0;
    int version = -1;
    bool operator==(const Made&) const = default;
  };

  void keep(QImage image, const Made& made);
  void lay(QCPPainter& painter, const PixelMap& now);

  bool background_ = false;
  int version_ = 0, renderings_ = 0;
  QImage image_;
  Made made_;
  LatestTask task_;
};

}  // namespace bitfrontier
