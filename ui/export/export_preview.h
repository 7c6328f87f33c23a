// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QLabel>
#include <QTabBar>
#include <QWidget>

#include "ui/base/colour_vision.h"
#include "ui/export/figure_spec.h"

namespace bitfrontier {

/// The figure as it is printed, as large as it is printed where there is room, and as readers see
/// it who print without colour or see colours differently. Dragging it takes its file along.
class ExportPreview : public QWidget {
  Q_OBJECT

 public:
  explicit ExportPreview(QWidget* parent = nullptr);

  void showFigure(const FigureSpec& spec);
  Vision vision() const;
  /// Of the printed size; 1 where there is room.
  double share() const { return share_; }

 Q_SIGNALS:
  void dragged();  ///< the picture, by the mouse

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void showPicture();

  QTabBar* visions_;
  QLabel* picture_;
  QImage image_;
  double share_ = 1;
  QPoint pressed_;
};

}  // namespace bitfrontier
