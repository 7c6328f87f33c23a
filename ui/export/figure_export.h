// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <QByteArray>
#include <QImage>
#include <QMimeData>
#include <QSizeF>
#include <QString>
#include <string>

#include "ui/base/view_options.h"
#include "ui/export/figure_preset.h"
#include "ui/plot/law_set.h"

namespace bitfrontier {

/// Everything a figure is made from.
struct FigureSpec {
  PointsPtr points;
  std::shared_ptr<const LawSet> laws;  ///< null: no curves
  ViewOptions options;
  PlotVisibility visibility;
  std::shared_ptr<const PointAxes> axes;           ///< what axes need beside points
  std::shared_ptr<const FrontierChances> chances;  ///< null: no rings
  StoreFacts facts;                                ///< of the store that the points are from
  std::optional<PlotRange> range;                  ///< only this part; absent: everything
  FigurePreset preset;
  bool dark = false;
  bool note = true;  ///< a line below with n, what the bars are and the counting rule
  int pngDpi = 300;
};

/// File formats of a figure.
enum class FigureFormat { Pdf, Svg, Png };
/// By the file name's ending; throws Error{InvalidArgument} for any other.
FigureFormat figureFormat(const std::string& fileName);

/// Size of the figure in points: the preset's width, and at least its height.
QSizeF figureSize(const FigureSpec& spec);

/// Points that are drawn: with the metric, of series that are not hidden, in the range if there is
/// one.
std::vector<int> drawnPoints(const FigureSpec& spec);

/// The note that goes below a figure.
QString figureNote(const FigureSpec& spec);

/// The figure in memory. PDF and SVG keep text as text, and shapes as shapes, at exactly the
/// preset's size. Needs a QApplication; GUI thread.
QByteArray renderFigure(const FigureSpec& spec, FigureFormat format);
/// The figure as a picture, e.g. for a preview; `scale` pixels per point.
QImage renderImage(const FigureSpec& spec, double scale);

/// The figure as PNG, SVG and PDF for the clipboard; the caller owns it.
QMimeData* figureMimeData(const FigureSpec& spec);

/// Writes all of `bytes` or nothing. Throws Error{Io} naming the file.
void writeFile(const QString& file, const QByteArray& bytes);
/// renderFigure + writeFile, the format by the ending.
void exportFigure(const FigureSpec& spec, const QString& file);

}  // namespace bitfrontier
