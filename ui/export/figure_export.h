// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <QByteArray>
#include <QImage>
#include <QMimeData>
#include <QString>
#include <string>

#include "ui/export/figure_spec.h"

namespace bitfrontier {

/// What a figure can be written as. Csv has the points that are drawn, Python draws them again with
/// Matplotlib, Tex is a document for pgfplots, Json has the laws.
enum class FigureFormat { Pdf, Svg, Png, Tex, Csv, Python, Json };

inline constexpr std::array<FigureFormat, 7> kFigureFormats{
    FigureFormat::Pdf, FigureFormat::Svg,    FigureFormat::Png, FigureFormat::Tex,
    FigureFormat::Csv, FigureFormat::Python, FigureFormat::Json};

/// "pdf", "svg", "png", "tex", "csv", "py", "json".
QString formatEnding(FigureFormat format);
std::optional<FigureFormat> findFormat(const QString& ending);
/// By the file name's ending; throws Error{InvalidArgument} for any other.
FigureFormat figureFormat(const std::string& fileName);

/// The figure in memory. PDF and SVG keep text as text, and shapes as shapes, at exactly the
/// preset's size. `name` is that of the file without its ending: the script reads the CSV beside
/// it. Needs a QApplication; GUI thread.
QByteArray renderFigure(const FigureSpec& spec, FigureFormat format,
                        const QString& name = QStringLiteral("figure"));
/// The figure as a picture, e.g. for a preview; `scale` pixels per point.
QImage renderImage(const FigureSpec& spec, double scale);

/// The figure as PNG, SVG and PDF and its points as a table, for the clipboard; the caller owns it.
QMimeData* figureMimeData(const FigureSpec& spec);

/// What a drag out of the window takes along: the figure as a PDF file of this name, and what
/// figureMimeData() has. The file is there until the program ends; the caller owns the data.
QMimeData* figureDragData(const FigureSpec& spec, const QString& name);

/// Points that are drawn, in the order of the rows of the CSV.
std::vector<int> figureRows(const FigureSpec& spec);
/// CSV of the points that are drawn; with their places as plotted_x, plotted_y and plotted_error
/// where the axes are not the total bits and the metric.
QByteArray figureCsv(const FigureSpec& spec);
/// Columns of the CSV that have what is plotted; y times `yScale`.
struct FigureColumns {
  QString x, y;
  double yScale = 1;
};
FigureColumns figureColumns(const FigureSpec& spec);

/// Writes all of `bytes` or nothing. Throws Error{Io} naming the file.
void writeFile(const QString& file, const QByteArray& bytes);
/// The name with the ending of a format in place of that of any other.
QString withEnding(const QString& file, FigureFormat format);
/// renderFigure + writeFile; the format by the ending where none is named.
void exportFigure(const FigureSpec& spec, const QString& file);
void exportFigure(const FigureSpec& spec, const QString& file, FigureFormat format);

}  // namespace bitfrontier
