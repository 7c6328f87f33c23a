// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/figure_parts.h"

#include <algorithm>
#include <cmath>
#include <set>
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

void addCurve(FigureParts& parts, const PlotCurve& drawn) {
  if (drawn.band()) {
    FigureCurve area;
    area.color = drawn.fill;
    area.x = drawn.x;
    area.high = drawn.y;
    area.low = drawn.lower;
    parts.curves.push_back(std::move(area));
    return;
  }
  FigureCurve curve = curveOf(drawn.pen);
  if (drawn.across) {
    curve.x = {1e-6, 1e18};
    curve.y = {drawn.y.front(), drawn.y.front()};
  }
  for (std::size_t i = 0; i < drawn.x.size() && !drawn.across; ++i) {
    if (drawn.steps && !curve.x.empty()) {
      curve.x.push_back(drawn.x[i]);
      curve.y.push_back(curve.y.back());
    }
    curve.x.push_back(drawn.x[i]);
    curve.y.push_back(drawn.y[i]);
  }
  if (curve.x.size() > 1) parts.curves.push_back(std::move(curve));
}

QColor fainter(QColor color, double opacity) {
  if (color.isValid()) color.setAlphaF(static_cast<float>(color.alphaF() * opacity));
  return color;
}

/// `rowOf`: of points in the CSV; null when the scatter's rows are no points.
void addScatter(FigureParts& parts, const Scatter& scatter, const std::vector<QString>& names,
                const std::unordered_map<int, int>* rowOf, const FigureSpec& spec) {
  const ScatterData& data = scatter.data();
  const std::set<int> bars(data.bars.begin(), data.bars.end());
  std::size_t visible = 0;
  for (const ScatterGroup& group : data.groups) visible += group.visible ? group.rows.size() : 0;
  for (std::size_t g = 0; g < data.groups.size(); ++g) {
    const ScatterGroup& group = data.groups[g];
    if (!group.visible) continue;
    FigureMarks marks = marksOf(group.style);
    marks.name = g < names.size() ? names[g] : QString();
    marks.edge = fainter(marks.edge, Scatter::opacity(visible));
    marks.fill = fainter(marks.fill, Scatter::opacity(visible));
    marks.barColor = fainter(group.style.pen().color(), Scatter::kBarOpacity);
    marks.barWidth = data.barWidth;
    marks.barCap = data.whisker;
    for (const int row : group.rows) {
      const auto i = static_cast<std::size_t>(row);
      if (rowOf) {
        const auto found = rowOf->find(row);
        if (found == rowOf->end()) continue;
        marks.rows.push_back(found->second);
      } else if (spec.range && !spec.range->contains(data.x[i], data.y[i])) {
        continue;
      }
      marks.x.push_back(data.x[i]);
      marks.y.push_back(data.y[i]);
      const bool bar = bars.count(row) > 0 && std::isfinite(data.error[i]);
      marks.errors.push_back(bar ? data.error[i] : 0);
    }
    if (!marks.x.empty()) parts.marks.push_back(std::move(marks));
  }
}

std::vector<QString> groupNames(const PlotScene& scene) {
  std::vector<QString> names;
  for (const PlotGroup& group : scene.groups) {
    names.push_back(scene.values[static_cast<std::size_t>(group.value)] + QStringLiteral(", ") +
                    scene.families[static_cast<std::size_t>(group.family)]);
  }
  return names;
}

void addPlottables(FigureParts& parts, const FigureSpec& spec, FrontierPlot& plot) {
  std::unordered_map<int, int> rows;  // of points
  for (const int point : figureRows(spec)) rows.emplace(point, static_cast<int>(rows.size()));
  const std::vector<QString> names = groupNames(plot.scene());
  for (const PlotCurve& curve : plot.content().curves()->curves()) addCurve(parts, curve);
  for (int i = 0; i < plot.plottableCount(); ++i) {
    QCPAbstractPlottable* plottable = plot.plottable(i);
    if (!plottable->visible()) continue;
    const auto* scatter = qobject_cast<const Scatter*>(plottable);
    if (!scatter) continue;
    const bool points = scatter == plot.content().scatter();
    const bool rings = scatter == plot.content().rings();
    addScatter(parts, *scatter, points ? names : std::vector<QString>(),
               points || rings ? &rows : nullptr, spec);
  }
}

void addPlotLabels(FigureParts& parts, const PlotContent& content) {
  for (const PlacedLabel& placed : content.labels()) {
    const LabelWish& wish = content.labelWishes()[placed.wish];
    FigureLabel label{wish.text, wish.color, placed.rect.center(), {}};
    if (placed.leader) label.leader = leaderLine(placed, wish);
    parts.labels.push_back(std::move(label));
  }
}

void addBudget(FigureParts& parts, const FrontierPlot& plot) {
  const std::optional<double> at = plot.budgetAt();
  if (!at || *at >= parts.x.high) return;
  FigureCurve area;
  area.color = plot.budgetShade();
  area.x = {std::max(*at, parts.x.low), parts.x.high};
  area.low = {parts.y.low, parts.y.low};
  area.high = {parts.y.high, parts.y.high};
  parts.curves.push_back(std::move(area));
  if (*at < parts.x.low) return;
  FigureCurve line = curveOf(plot.budgetPen());
  line.x = {*at, *at};
  line.y = {parts.y.low, parts.y.high};
  parts.curves.push_back(std::move(line));
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
  addPlottables(parts, spec, *figure.plot);
  addBudget(parts, plot);
  addPlotLabels(parts, plot.content());
  parts.missingEntries = figure.missingEntries;
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
