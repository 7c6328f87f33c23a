// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>
#include <QString>

#include "core/law/data/series.h"

namespace bitfrontier {

/// Which colours the series of a figure have.
enum class FigurePalette {
  OkabeIto,
  Grey,  ///< from light to black with the bits, for printing without colour
  Tab10  ///< the ten of Matplotlib and Tableau, as many papers have them
};

/// Colours, fonts and sizes of a figure. Colours are the Okabe-Ito set, chosen so that people with
/// any common colour vision deficiency can tell them apart, and further ones where eight do not
/// suffice; families differ in shape besides (ui/plot/glyph.h).
struct PlotStyle {
  bool dark = false;
  FigurePalette palette = FigurePalette::OkabeIto;
  QColor background;
  QColor text;
  QColor faint;  ///< grid lines
  QColor axis;
  QColor frontier;
  QFont font;
  double marker = 8;  ///< diameter of a point, pixels
  double lineWidth = 1.6;

  /// Follows a widget palette: dark when its window is darker than its text.
  static PlotStyle fromPalette(const QPalette& palette, const QFont& font);
  /// For paper and slides: text of `fontPoints`, one pixel being one point of the figure. An empty
  /// or unknown `family` gives a sans serif that is there.
  static PlotStyle forFigure(double fontPoints, bool dark, const QString& family = {},
                             FigurePalette palette = FigurePalette::OkabeIto);

  /// Colour of a series value: fixed for bit widths and the paper's data types, by `position` in
  /// StoreFacts::values for everything else.
  QColor seriesColor(SeriesKey key, const QString& label, int position) const;
};

}  // namespace bitfrontier
