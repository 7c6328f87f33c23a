// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/figure_parts.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "ui/base/text.h"
#include "ui/export/figure_export.h"
#include "ui/export/figure_plot.h"

namespace bitfrontier {
namespace {

// As QCustomPlot draws its own shapes.
QPainterPath outline(const QCPScatterStyle& style) {
  const double w = style.size() / 2;
  QPainterPath path;
  switch (style.shape()) {
    case QCPScatterStyle::ssCustom: {
      QTransform scale;
      scale.scale(style.size() / 6, style.size() / 6);
      return scale.map(style.customPath());
    }
    case QCPScatterStyle::ssSquare:
      path.addRect(QRectF(-w, -w, 2 * w, 2 * w));
      break;
    case QCPScatterStyle::ssDiamond:
      path.addPolygon(QPolygonF({{-w, 0}, {0, -w}, {w, 0}, {0, w}}));
      break;
    case QCPScatterStyle::ssTriangle:
      path.addPolygon(QPolygonF({{-w, 0.755 * w}, {w, 0.755 * w}, {0, -0.977 * w}}));
      break;
    case QCPScatterStyle::ssTriangleInverted:
      path.addPolygon(QPolygonF({{-w, -0.755 * w}, {w, -0.755 * w}, {0, 0.977 * w}}));
      break;
    default:
      path.addEllipse(QPointF(0, 0), w, w);
  }
  path.closeSubpath();
  return path;
}

FigureMarks marksOf(const QCPScatterStyle& style) {
  FigureMarks marks;
  marks.shape = outline(style);
  marks.edge = style.pen().color();
  if (style.brush().style() != Qt::NoBrush) marks.fill = style.brush().color();
  const bool scaled = style.shape() == QCPScatterStyle::ssCustom;
  marks.edgeWidth = style.pen().widthF() * (scaled ? style.size() / 6 : 1);
  return marks;
}

FigureCurve curveOf(const QPen& pen) {
  FigureCurve curve;
  curve.color = pen.color();
  curve.width = pen.widthF();
  if (pen.style() != Qt::SolidLine) {
    const QList<qreal> pattern = pen.dashPattern();
    curve.dashes.assign(pattern.begin(), pattern.end());
  }
  curve.flatCap = pen.capStyle() == Qt::FlatCap;
  return curve;
}

void addGraph(FigureParts& parts, const QCPGraph& graph) {
  const QCPGraphDataContainer& data = *graph.data();
  if (graph.channelFillGraph() && graph.brush().style() != Qt::NoBrush) {
    FigureCurve area;
    area.color = graph.brush().color();
    const QCPGraphDataContainer& lower = *graph.channelFillGraph()->data();
    auto low = lower.constBegin();
    for (auto it = data.constBegin(); it != data.constEnd() && low != lower.constEnd();
         ++it, ++low) {
      area.x.push_back(it->key);
      area.high.push_back(it->value);
      area.low.push_back(low->value);
    }
    parts.curves.push_back(std::move(area));
    return;
  }
  if (graph.lineStyle() == QCPGraph::lsNone || graph.pen().style() == Qt::NoPen) return;
  FigureCurve curve = curveOf(graph.pen());
  for (auto it = data.constBegin(); it != data.constEnd(); ++it) {
    if (graph.lineStyle() == QCPGraph::lsStepLeft && !curve.x.empty()) {
      curve.x.push_back(it->key);
      curve.y.push_back(curve.y.back());
    }
    curve.x.push_back(it->key);
    curve.y.push_back(it->value);
  }
  if (curve.x.size() > 1) parts.curves.push_back(std::move(curve));
}

void addMarks(FigureParts& parts, const FigureSpec& spec, const FrontierPlot& plot) {
  const PlotScene& scene = plot.scene();
  std::unordered_map<int, int> rows;  // of points
  for (const int point : figureRows(spec)) rows.emplace(point, static_cast<int>(rows.size()));
  for (const PlotContent::Drawn& drawn : plot.content().drawn()) {
    if (!drawn.graph || !drawn.graph->visible()) continue;
    const PlotGroup& group = scene.groups[static_cast<std::size_t>(drawn.group)];
    FigureMarks marks = marksOf(drawn.graph->scatterStyle());
    marks.name = scene.values[static_cast<std::size_t>(group.value)] + QStringLiteral(", ") +
                 scene.families[static_cast<std::size_t>(group.family)];
    if (drawn.errors) {
      marks.barColor = drawn.errors->pen().color();
      marks.barWidth = drawn.errors->pen().widthF();
      marks.barCap = drawn.errors->whiskerWidth();
    }
    for (std::size_t i = 0; i < group.points.size(); ++i) {
      const auto row = rows.find(group.points[i]);
      if (row == rows.end()) continue;
      const LawPoint& point = (*spec.points)[static_cast<std::size_t>(group.points[i])];
      marks.rows.push_back(row->second);
      marks.x.push_back(point.totalBits);
      marks.y.push_back(plotValue(point, spec.options.metric));
      double error = 0;
      if (drawn.errors && i < static_cast<std::size_t>(drawn.errors->data()->size())) {
        error = drawn.errors->data()->at(static_cast<int>(i)).errorPlus;
      }
      marks.errors.push_back(std::isfinite(error) ? error : 0);
    }
    if (!marks.rows.empty()) parts.marks.push_back(std::move(marks));
  }
}

FigureAxis axisOf(const QCPAxis& axis) {
  FigureAxis out;
  out.low = axis.range().lower;
  out.high = axis.range().upper;
  out.log = axis.scaleType() == QCPAxis::stLogarithmic;
  out.label = axis.label();
  if (!axis.ticks()) return out;
  QVector<double> ticks, minor;
  QVector<QString> labels;
  axis.ticker()->generate(axis.range(), QLocale::c(), QLatin1Char('g'), 6, ticks, &minor, &labels);
  for (int i = 0; i < ticks.size(); ++i) {
    if (axis.range().contains(ticks[i])) {
      out.ticks.push_back({ticks[i], i < labels.size() ? labels[i] : QString()});
    }
  }
  for (const double value : minor) {
    if (axis.range().contains(value)) out.minor.push_back(value);
  }
  return out;
}

}  // namespace

FigureParts figureParts(const FigureSpec& spec) {
  const FigurePlot figure = makeFigurePlot(spec);
  const FrontierPlot& plot = *figure.plot;
  FigureParts parts;
  parts.size = figureSize(spec).toSize();
  const QRect axes = figure.axes();
  // QCustomPlot maps values onto the rectangle that ends at its last row of pixels.
  parts.axes = axes.translated(0, -1);
  parts.style = plot.plotStyle();
  parts.axisWidth = plot.xAxis->basePen().widthF();
  parts.tick = plot.xAxis->tickLengthIn();
  parts.minorTick = plot.xAxis->subTickLengthIn();
  parts.x = axisOf(*plot.xAxis);
  parts.y = axisOf(*plot.yAxis);
  parts.top = axisOf(*plot.xAxis2);
  for (int i = 0; i < plot.plottableCount(); ++i) {
    const auto* graph = qobject_cast<const QCPGraph*>(figure.plot->plottable(i));
    if (graph && graph->visible()) addGraph(parts, *graph);
  }
  addMarks(parts, spec, plot);
  if (figure.legend) {
    const int line = QFontMetrics(parts.style.font).height();
    for (const LegendEntry* entry : figure.legend->entries()) {
      const QRect place = entry->rect();
      FigureParts::Entry out{entry->text(),
                             QRect(place.topLeft(), QSize(place.width(), line)),
                             place.left() + entry->swatchWidth(),
                             {},
                             {}};
      if (entry->marker()) out.marker = marksOf(*entry->marker());
      if (entry->line()) out.line = curveOf(*entry->line());
      parts.legend.push_back(std::move(out));
    }
  }
  parts.title = spec.look.title;
  if (spec.look.note) {
    parts.note = figureNote(spec);
    parts.noteTop = figure.noteTop();
  }
  return parts;
}

}  // namespace bitfrontier
