// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/figure_export.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <QBuffer>
#include <QFileInfo>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <set>
#include <span>

#include "core/base/error.h"
#include "core/base/sqlite_file.h"
#include "core/quant/quant_config.h"
#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(FigureExport)
};

std::unique_ptr<FrontierPlot> makePlot(const FigureSpec& spec) {
  auto plot = std::make_unique<FrontierPlot>();
  plot->setStyle(PlotStyle::forFigure(spec.preset.font, spec.dark));
  plot->setSizeAxis(spec.preset.sizeAxis);
  plot->setOptions(spec.options);
  plot->setLegendPlacement(spec.preset.legend, qRound(spec.preset.width));
  plot->setVisibility(spec.visibility);
  plot->setPoints(spec.points, spec.facts, spec.axes);
  plot->setChances(spec.chances);
  plot->setLaws(spec.laws);
  if (spec.range) plot->showRange(*spec.range);
  if (spec.note) plot->setNote(figureNote(spec));
  return plot;
}

// A legend must not be cut nor, below, squeeze the plot: the figure grows instead.
QSizeF sizeOf(const FrontierPlot& plot, const FigureSpec& spec) {
  constexpr double kPlotShape = 0.66;
  const double needed = spec.preset.legend == FrontierPlot::LegendPlacement::Bottom
                            ? kPlotShape * spec.preset.width + plot.heightBelow()
                            : plot.heightBeside() + plot.heightBelow();
  return {spec.preset.width, std::max(spec.preset.height, std::ceil(needed))};
}

PlotScene sceneOf(const FigureSpec& spec) {
  return makeScene(*spec.points, spec.options, spec.facts, {spec.axes.get(), spec.laws.get()});
}

// Every point of a group that is not hidden, wherever it lies.
std::vector<int> shownPoints(const FigureSpec& spec) {
  std::vector<int> visible;
  const PlotScene scene = sceneOf(spec);
  for (const PlotGroup& group : scene.groups) {
    if (!spec.visibility.shows(scene, group)) continue;
    visible.insert(visible.end(), group.points.begin(), group.points.end());
  }
  return visible;
}

// Whether the point's bits are those that the sweep counts: linear layers at k bits, the rest at
// 16. Sizes of files and of other programs' configurations are what they are.
bool countedHere(const LawPoint& point) {
  if (point.published()) return false;
  try {
    const QuantConfig config = QuantConfig::parse(point.config);
    return !config.embeddings && !config.head;
  } catch (const Error&) {
    return false;
  }
}

// Which of the points are crosses, and why; points of one reason together.
QString exclusionNote(const FigureSpec& spec) {
  std::map<std::string, QStringList> byReason;
  for (const Exclusion& e : spec.options.exclusions) {
    if (placesOf(std::span(&e, 1), *spec.points).empty()) continue;
    byReason[e.reason] << Text::from(e.point.name);
  }
  QStringList parts;
  for (const auto& [reason, points] : byReason) {
    parts << u"%1 (%2)"_s.arg(points.join(u", "_s), Text::from(reason));
  }
  return parts.isEmpty() ? QString()
                         : Tr::tr("; excluded from laws and frontier: %1").arg(parts.join(u"; "_s));
}

// One pixel of the plot is one point of the paper.
void paint(FrontierPlot& plot, const FigureSpec& spec, QPaintDevice& device, double scale) {
  const QSizeF size = sizeOf(plot, spec);
  QCPPainter painter;
  if (!painter.begin(&device)) {
    throw Error(ErrorKind::Io, "the figure could not be started on its paint device");
  }
  // Else an SVG names the default font, a family that other programs do not know, in every group.
  painter.setFont(PlotStyle::forFigure(spec.preset.font, spec.dark).font);
  painter.setMode(QCPPainter::pmVectorized);
  painter.setMode(QCPPainter::pmNoCaching);
  painter.setMode(QCPPainter::pmNonCosmetic);
  painter.scale(scale, scale);
  if (spec.dark) {
    painter.fillRect(QRectF(QPointF(0, 0), size),
                     PlotStyle::forFigure(spec.preset.font, true).background);
  }
  plot.setBackground(Qt::NoBrush);
  plot.toPainter(&painter, qRound(size.width()), qRound(size.height()));
  painter.end();
}

QByteArray renderPdf(const FigureSpec& spec) {
  constexpr int kResolution = 1200;
  const auto plot = makePlot(spec);
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  {
    QPdfWriter writer(&buffer);
    writer.setPdfVersion(QPagedPaintDevice::PdfVersion_1_6);
    writer.setCreator(u"Bitfrontier"_s);
    writer.setTitle(yAxisLabel(spec.options));
    writer.setResolution(kResolution);
    writer.setPageSize(
        QPageSize(sizeOf(*plot, spec), QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    paint(*plot, spec, writer, kResolution / 72.0);
  }
  return bytes;
}

QByteArray renderSvg(const FigureSpec& spec) {
  const auto plot = makePlot(spec);
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  generator.setResolution(72);
  generator.setSize(sizeOf(*plot, spec).toSize());
  generator.setViewBox(QRectF(QPointF(0, 0), sizeOf(*plot, spec)));
  generator.setTitle(yAxisLabel(spec.options));
  generator.setDescription(figureNote(spec));
  paint(*plot, spec, generator, 1);
  return bytes;
}

}  // namespace

FigureFormat figureFormat(const std::string& fileName) {
  const QString suffix = QFileInfo(QString::fromStdString(fileName)).suffix().toLower();
  if (suffix == "pdf"_L1) return FigureFormat::Pdf;
  if (suffix == "svg"_L1) return FigureFormat::Svg;
  if (suffix == "png"_L1) return FigureFormat::Png;
  throw Error(ErrorKind::InvalidArgument,
              fileName + ": a figure's name must end in .pdf, .svg or .png");
}

QSizeF figureSize(const FigureSpec& spec) { return sizeOf(*makePlot(spec), spec); }

std::vector<int> drawnPoints(const FigureSpec& spec) {
  std::vector<int> drawn = shownPoints(spec);
  if (!spec.range) return drawn;
  const PlotValues at = sceneOf(spec).at;
  std::erase_if(drawn, [&](int row) {
    const auto i = static_cast<std::size_t>(row);
    return !spec.range->contains(at.x[i], at.y[i]);
  });
  return drawn;
}

namespace {

// Where the points are from, which a legend that must be small does not say: ", measured here".
QString sourcesText(const std::vector<int>& drawn, const FigureSpec& spec) {
  constexpr std::size_t kMostNamed = 3;
  std::set<std::string> sources;
  for (const int i : drawn) sources.insert((*spec.points)[static_cast<std::size_t>(i)].source);
  if (sources.size() > kMostNamed) return Tr::tr(", from %1 sources").arg(sources.size());
  QStringList names;
  for (const std::string& source : sources) names << Text::source(source);
  return names.isEmpty() ? QString() : u", "_s + names.join(u", "_s);
}

}  // namespace

QString figureNote(const FigureSpec& spec) {
  const std::vector<int> drawn = drawnPoints(spec);
  const std::size_t all = shownPoints(spec).size();
  const auto point = [&](int i) -> const LawPoint& {
    return (*spec.points)[static_cast<std::size_t>(i)];
  };
  const bool bars = std::any_of(drawn.begin(), drawn.end(), [&](int i) {
    return plotError(point(i), spec.options.metric) > 0;
  });
  const bool counted =
      std::all_of(drawn.begin(), drawn.end(), [&](int i) { return countedHere(point(i)); });
  QString note = drawn.size() == all ? Tr::tr("n = %1 points").arg(all)
                                     : Tr::tr("n = %1 of %2 points").arg(drawn.size()).arg(all);
  note += sourcesText(drawn, spec);
  if (spec.options.errorBars && bars) note += Tr::tr("; bars: %1").arg(barText(spec.options));
  switch (spec.options.rule) {
    case CountingRule::LinearOnly:
      note += counted ? Tr::tr("; bits of the linear layers only")
                      : Tr::tr("; bits of the quantized layers only");
      break;
    case CountingRule::AllParameters:
      note += Tr::tr("; all parameters counted at k bits");
      break;
    case CountingRule::CheckpointBytes:
      note += counted ? Tr::tr("; linear layers at k bits, all else at 16")
                      : Tr::tr("; bits of each whole model as stored");
      break;
  }
  return note + exclusionNote(spec);
}

QImage renderImage(const FigureSpec& spec, double scale) {
  const auto plot = makePlot(spec);
  QImage image((sizeOf(*plot, spec) * scale).toSize(), QImage::Format_RGB32);
  image.fill(PlotStyle::forFigure(spec.preset.font, spec.dark).background);
  paint(*plot, spec, image, scale);
  return image;
}

QByteArray renderFigure(const FigureSpec& spec, FigureFormat format) {
  if (format == FigureFormat::Pdf) return renderPdf(spec);
  if (format == FigureFormat::Svg) return renderSvg(spec);
  QImage image = renderImage(spec, spec.pngDpi / 72.0);
  const int dotsPerMeter = qRound(spec.pngDpi / 0.0254);
  image.setDotsPerMeterX(dotsPerMeter);
  image.setDotsPerMeterY(dotsPerMeter);
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  if (!image.save(&buffer, "PNG")) {
    throw Error(ErrorKind::Io, "the picture could not be encoded as PNG");
  }
  return bytes;
}

QMimeData* figureMimeData(const FigureSpec& spec) {
  auto* data = new QMimeData;
  data->setImageData(renderImage(spec, spec.pngDpi / 72.0));
  data->setData(u"image/svg+xml"_s, renderFigure(spec, FigureFormat::Svg));
  data->setData(u"application/pdf"_s, renderFigure(spec, FigureFormat::Pdf));
  return data;
}

void writeFile(const QString& file, const QByteArray& bytes) {
  refuseToReplaceDatabase(file.toStdString());
  QSaveFile save(file);
  if (!save.open(QIODevice::WriteOnly) || save.write(bytes) != bytes.size() || !save.commit()) {
    throw Error(ErrorKind::Io, file.toStdString() + ": cannot be written: " +
                                   save.errorString().toLower().toStdString());
  }
}

void exportFigure(const FigureSpec& spec, const QString& file) {
  writeFile(file, renderFigure(spec, figureFormat(file.toStdString())));
}

}  // namespace bitfrontier
