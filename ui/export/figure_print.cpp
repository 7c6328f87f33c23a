// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/figure_print.h"

#include <algorithm>

#include "ui/export/figure_plot.h"

namespace bitfrontier {

QRectF placeOnPage(const QSizeF& figure, const QSizeF& page) {
  const double scale =
      std::min({1.0, page.width() / figure.width(), page.height() / figure.height()});
  const QSizeF size = figure * scale;
  return {QPointF((page.width() - size.width()) / 2, 0), size};
}

void orientFor(const FigureSpec& spec, QPrinter& printer) {
  const bool wide = spec.look.preset.width > spec.look.preset.height;
  const QSizeF page = printer.pageLayout().paintRect(QPageLayout::Point).size();
  const bool fits = spec.look.preset.width <= page.width();
  if (!fits && wide) printer.setPageOrientation(QPageLayout::Landscape);
}

void printFigure(const FigureSpec& spec, QPrinter& printer) {
  const QSizeF page = printer.pageLayout().paintRect(QPageLayout::Point).size();
  const QRectF place = placeOnPage(figureSize(spec), page);
  const double dots = printer.resolution() / 72.0;
  const double scale = place.width() / figureSize(spec).width();
  FigureSpec onPaper = spec;
  onPaper.look.dark = false;  // paper is white
  makeFigurePlot(onPaper).paint(printer, scale * dots, place.topLeft() * dots);
}

}  // namespace bitfrontier
