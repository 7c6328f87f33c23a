// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/figure_export.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <QBuffer>
#include <QFileInfo>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QTemporaryDir>
#include <QUrl>
#include <span>

#include "core/analysis/curve_text.h"
#include "core/base/error.h"
#include "core/base/sqlite_file.h"
#include "core/law/numeric/exact_text.h"
#include "core/store/export.h"
#include "ui/base/table_mime.h"
#include "ui/base/text.h"
#include "ui/export/figure_plot.h"
#include "ui/export/figure_scripts.h"
#include "ui/export/figure_view.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString documentTitle(const FigureSpec& spec) {
  return spec.look.title.isEmpty() ? yAxisLabel(spec.options) : spec.look.title;
}

/// The same figure is the same file: its date goes, at the same places of all else.
QByteArray withoutDate(QByteArray pdf) {
  const qsizetype from = pdf.indexOf("/CreationDate (");
  const qsizetype end = from < 0 ? -1 : pdf.indexOf(')', from);
  if (end > 0) pdf.replace(from, end + 1 - from, QByteArray(end + 1 - from, ' '));
  return pdf;
}

/// Qt writes the fonts of a page in the order of a hash, which is another one in each run.
struct SameOrder {
  SameOrder() { QHashSeed::setDeterministicGlobalSeed(); }
  ~SameOrder() { QHashSeed::resetRandomGlobalSeed(); }
};

QByteArray renderPdf(const FigureSpec& spec) {
  constexpr int kResolution = 1200;
  const SameOrder order;
  const FigurePlot figure = makeFigurePlot(spec);
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  {
    QPdfWriter writer(&buffer);
    writer.setPdfVersion(QPagedPaintDevice::PdfVersion_1_6);
    writer.setCreator(u"Bitfrontier"_s);
    writer.setTitle(documentTitle(spec));
    writer.setResolution(kResolution);
    writer.setPageSize(
        QPageSize(figureSize(spec), QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    if (spec.look.embed) {
      writer.addFileAttachment(QLatin1String(kFigureViewName), figureViewText(spec),
                               u"application/json"_s);
    }
    figure.paint(writer, kResolution / 72.0);
  }
  return withoutDate(std::move(bytes));
}

QByteArray renderSvg(const FigureSpec& spec) {
  const FigurePlot figure = makeFigurePlot(spec);
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  generator.setResolution(72);
  generator.setSize(figureSize(spec).toSize());
  generator.setViewBox(QRectF(QPointF(0, 0), figureSize(spec)));
  // Qt 6.4 writes both as they are: one "&" would make the file no XML.
  generator.setTitle(documentTitle(spec).toHtmlEscaped());
  generator.setDescription(figureNote(spec).toHtmlEscaped());
  figure.paint(generator, 1);
  return spec.look.embed ? svgWithView(std::move(bytes), figureViewText(spec)) : bytes;
}

QByteArray renderPng(const FigureSpec& spec) {
  QImage image = renderImage(spec, spec.look.pngDpi / 72.0);
  const int dotsPerMeter = qRound(spec.look.pngDpi / 0.0254);
  image.setDotsPerMeterX(dotsPerMeter);
  image.setDotsPerMeterY(dotsPerMeter);
  if (spec.look.embed) {
    image.setText(QLatin1String(kFigureViewName), QString::fromUtf8(figureViewText(spec)));
  }
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  if (!image.save(&buffer, "PNG")) {
    throw Error(ErrorKind::Io, "the picture could not be encoded as PNG");
  }
  return bytes;
}

QByteArray lawsJson(const FigureSpec& spec) {
  if (!spec.laws) return "[]\n";
  return QByteArray::fromStdString(curvesToJson(spec.laws->laws, spec.laws->metric).dump(2) + "\n");
}

}  // namespace

QString formatEnding(FigureFormat format) {
  switch (format) {
    case FigureFormat::Pdf:
      return u"pdf"_s;
    case FigureFormat::Svg:
      return u"svg"_s;
    case FigureFormat::Png:
      return u"png"_s;
    case FigureFormat::Tex:
      return u"tex"_s;
    case FigureFormat::Csv:
      return u"csv"_s;
    case FigureFormat::Python:
      return u"py"_s;
    case FigureFormat::Json:
      return u"json"_s;
  }
  return {};
}

std::optional<FigureFormat> findFormat(const QString& ending) {
  for (const FigureFormat format : kFigureFormats) {
    if (formatEnding(format) == ending) return format;
  }
  return std::nullopt;
}

FigureFormat figureFormat(const std::string& fileName) {
  const auto format = findFormat(QFileInfo(QString::fromStdString(fileName)).suffix().toLower());
  if (format) return *format;
  throw Error(
      ErrorKind::InvalidArgument,
      fileName + ": a figure's name must end in .pdf, .svg, .png, .tex, .csv, .py or .json");
}

std::vector<int> figureRows(const FigureSpec& spec) {
  std::vector<int> rows = drawnPoints(spec);
  std::sort(rows.begin(), rows.end());
  return rows;
}

FigureColumns figureColumns(const FigureSpec& spec) {
  if (spec.options.x != XAxis::TotalBits || spec.options.y != YAxis::Metric) {
    return {u"plotted_x"_s, u"plotted_y"_s, 1};
  }
  const bool accuracy = spec.options.metric == LawMetric::Accuracy;
  return {u"total_bits"_s, accuracy ? u"accuracy"_s : u"cross_entropy"_s,
          plotScale(spec.options.metric)};
}

QByteArray figureCsv(const FigureSpec& spec) {
  const std::vector<int> rows = figureRows(spec);
  std::vector<LawPoint> some;
  for (const int i : rows) some.push_back((*spec.points)[static_cast<std::size_t>(i)]);
  if (figureColumns(spec).x == "total_bits"_L1) {
    return QByteArray::fromStdString(pointsToCsv(some));
  }
  const PlotValues at = sceneOf(spec).at;
  const auto header = pointsToCsv({});
  std::string csv = header.substr(0, header.size() - 1) + ",plotted_x,plotted_y,plotted_error\n";
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const auto i = static_cast<std::size_t>(rows[k]);
    const std::string row = pointsToCsv(std::span(&some[k], 1)).substr(header.size());
    csv += row.substr(0, row.size() - 1);
    for (const double value : {at.x[i], at.y[i], at.error[i]}) csv += ',' + exactNumber(value);
    csv += '\n';
  }
  return QByteArray::fromStdString(csv);
}

QImage renderImage(const FigureSpec& spec, double scale) {
  const FigurePlot figure = makeFigurePlot(spec);
  QImage image((figureSize(spec) * scale).toSize(), QImage::Format_RGB32);
  image.fill(figure.plot->plotStyle().background);
  figure.paint(image, scale);
  return image;
}

QByteArray renderFigure(const FigureSpec& spec, FigureFormat format, const QString& name) {
  switch (format) {
    case FigureFormat::Pdf:
      return renderPdf(spec);
    case FigureFormat::Svg:
      return renderSvg(spec);
    case FigureFormat::Png:
      return renderPng(spec);
    case FigureFormat::Tex:
      return figureTex(spec);
    case FigureFormat::Csv:
      return figureCsv(spec);
    case FigureFormat::Python:
      return figurePython(spec, name);
    case FigureFormat::Json:
      return lawsJson(spec);
  }
  return {};
}

QMimeData* figureMimeData(const FigureSpec& spec) {
  QMimeData* data = tableMimeData(figureTable(spec));  // a spreadsheet takes it for cells
  data->removeFormat(u"text/html"_s);                  // a text processor shall take the picture
  data->setImageData(QImage::fromData(renderPng(spec)));
  data->setData(u"image/svg+xml"_s, renderSvg(spec));
  data->setData(u"application/pdf"_s, renderPdf(spec));
  return data;
}

QMimeData* figureDragData(const FigureSpec& spec, const QString& name) {
  static const QTemporaryDir folder;
  QMimeData* data = figureMimeData(spec);
  const QString file = folder.filePath(withEnding(name, FigureFormat::Pdf));
  exportFigure(spec, file);
  data->setUrls({QUrl::fromLocalFile(file)});
  return data;
}

void writeFile(const QString& file, const QByteArray& bytes) {
  refuseToReplaceDatabase(file.toStdString());
  QSaveFile save(file);
  // Unbuffered: commit() of Qt 6.4 does not see that the rest of a buffer could not be written.
  if (!save.open(QIODevice::WriteOnly | QIODevice::Unbuffered) ||
      save.write(bytes) != bytes.size() || !save.commit()) {
    throw Error(ErrorKind::Io, file.toStdString() + ": cannot be written: " +
                                   save.errorString().toLower().toStdString());
  }
}

QString withEnding(const QString& file, FigureFormat format) {
  const QString ending = QFileInfo(file).suffix();
  const QString base = findFormat(ending.toLower()) ? file.chopped(ending.size() + 1) : file;
  return base + u'.' + formatEnding(format);
}

void exportFigure(const FigureSpec& spec, const QString& file) {
  exportFigure(spec, file, figureFormat(file.toStdString()));
}

void exportFigure(const FigureSpec& spec, const QString& file, FigureFormat format) {
  writeFile(file, renderFigure(spec, format, QFileInfo(file).completeBaseName()));
}

}  // namespace bitfrontier
