// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_content.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

#include "ui/base/text.h"
#include "ui/plot/glyph.h"
#include "ui/plot/series_value.h"

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(FrontierPlot)
};

}  // namespace

QCPScatterStyle markerStyle(const PlotStyle& style, const QColor& color, int familyLook,
                            int methodLook, bool hollow) {
  const QPen pen(hollow ? color : color.darker(style.dark ? 90 : 115),
                 hollow ? style.lineWidth : style.lineWidth * 0.6);
  return glyphStyle(familyLook, methodLook, pen, hollow ? QBrush(Qt::NoBrush) : QBrush(color),
                    style.marker);
}

QColor valueColor(const PlotScene& scene, std::size_t value, SeriesKey key,
                  const PlotStyle& style) {
  return style.seriesColor(key, scene.values[value], scene.valueLooks[value]);
}

QPen frontierPen(const PlotStyle& style, std::size_t frontier) {
  static const std::vector<QVector<double>> kPatterns{
      {}, {5, 1.5}, {2, 1.2}, {7, 1.5, 1.5, 1.5}, {4, 1.5, 1, 1.5, 1, 1.5}, {9, 3}};
  QPen pen(style.frontier, style.lineWidth * 1.6, Qt::SolidLine, Qt::FlatCap);
  const QVector<double>& pattern = kPatterns[frontier % kPatterns.size()];
  if (!pattern.isEmpty()) pen.setDashPattern(pattern);
  return pen;
}

bool PlotVisibility::shows(const PlotScene& scene, const PlotGroup& group) const {
  return shows(scene.values[static_cast<std::size_t>(group.value)],
               scene.families[static_cast<std::size_t>(group.family)],
               group.method < 0 ? QString() : scene.methods[static_cast<std::size_t>(group.method)],
               scene.sources[static_cast<std::size_t>(group.source)]);
}

void PlotContent::rebuild(QCustomPlot& plot, std::span<const LawPoint> points,
                          const PlotScene& scene, const ViewOptions& options, const LawSet* laws,
                          const PlotStyle& style, const PlotVisibility& visibility) {
  drawn_.clear();
  visibility_ = visibility;
  plot.clearPlottables();
  addChance(plot, scene, style);
  if (options.frontier) addFrontiers(plot, points, scene, options, style);
  if (laws && laws->metric == options.metric && laws->key == options.series) {
    addLaws(plot, scene, *laws, options, style);
  }
  for (std::size_t g = 0; g < scene.groups.size(); ++g) {
    addGroup(plot, points, scene, g, options, style);
  }
}

void PlotContent::addGroup(QCustomPlot& plot, std::span<const LawPoint> points,
                           const PlotScene& scene, std::size_t index, const ViewOptions& options,
                           const PlotStyle& style) {
  const PlotGroup& group = scene.groups[index];
  QVector<double> x, y;
  for (const int i : group.points) {
    x << points[static_cast<std::size_t>(i)].totalBits;
    y << plotValue(points[static_cast<std::size_t>(i)], options.metric);
  }
  auto* graph = new GlyphGraph(plot.xAxis, plot.yAxis);
  graph->setName(scene.values[static_cast<std::size_t>(group.value)] + QChar(u' ') +
                 scene.families[static_cast<std::size_t>(group.family)]);
  graph->setData(x, y, true);
  graph->setLineStyle(QCPGraph::lsNone);
  graph->setAdaptiveSampling(false);
  const QColor color =
      valueColor(scene, static_cast<std::size_t>(group.value), options.series, style);
  graph->setScatterStyle(
      markerStyle(style, color, scene.familyLooks[static_cast<std::size_t>(group.family)],
                  group.method < 0 ? 0 : scene.methodLooks[static_cast<std::size_t>(group.method)],
                  scene.published(group)));
  if (group.excluded) {
    graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCross, QPen(color, style.lineWidth),
                                           Qt::NoBrush, style.marker));
  }
  graph->removeFromLegend();
  graph->setVisible(shows(scene, group));
  drawn_.push_back({graph, nullptr, static_cast<int>(index)});
  if (options.errorBars && graph->visible()) {
    addErrors(plot, points, scene, index, options, style);
  }
}

void PlotContent::addErrors(QCustomPlot& plot, std::span<const LawPoint> points,
                            const PlotScene& scene, std::size_t index, const ViewOptions& options,
                            const PlotStyle& style) {
  const PlotGroup& group = scene.groups[index];
  std::unordered_set<int> onFrontier;
  const bool everyPoint = static_cast<int>(points.size()) <= kMaximumErrorBars;
  if (!everyPoint) {
    for (const PlotFrontier& f : scene.frontiers) {
      onFrontier.insert(f.points.begin(), f.points.end());
    }
  }
  QVector<double> errors;
  bool any = false;
  for (const int i : group.points) {
    const double e = plotError(points[static_cast<std::size_t>(i)], options.metric);
    const bool draw = std::isfinite(e) && (everyPoint || onFrontier.count(i));
    errors << (draw ? e : std::numeric_limits<double>::quiet_NaN());
    any = any || (draw && e > 0);
  }
  if (!any) return;
  auto* bars = new QCPErrorBars(plot.xAxis, plot.yAxis);
  bars->setDataPlottable(drawn_.back().graph);
  bars->setData(errors);
  bars->setErrorType(QCPErrorBars::etValueError);
  bars->setWhiskerWidth(style.marker * 0.6);
  bars->setSymbolGap(0);
  QColor color = valueColor(scene, static_cast<std::size_t>(group.value), options.series, style);
  color.setAlphaF(0.75F);
  bars->setPen(QPen(color, style.lineWidth * 0.6));
  bars->setSelectable(QCP::stNone);
  bars->removeFromLegend();
  drawn_.back().errors = bars;
}

void PlotContent::addCurve(QCustomPlot& plot, const QVector<double>& x, const QVector<double>& y,
                           const QPen& pen) {
  QCPGraph* graph = plot.addGraph();
  graph->setData(x, y, true);
  graph->setPen(pen);
  graph->setAdaptiveSampling(false);  // it rounds to pixels, which vector files show
  graph->setSelectable(QCP::stNone);
  graph->removeFromLegend();
}

void PlotContent::addLaws(QCustomPlot& plot, const PlotScene& scene, const LawSet& laws,
                          const ViewOptions& options, const PlotStyle& style) {
  for (const LawCurve& law : laws.laws) {
    if (law.series.points.empty()) continue;
    const LawPoint& first = law.series.points.front();
    const QString value = seriesValue(first, options.series).label;
    if (!visibility_.shows(value, Text::from(first.family),
                           first.bits < 16 ? methodLabel(first) : QString(),
                           Text::from(law.series.source))) {
      continue;
    }
    const auto position = std::find(scene.values.begin(), scene.values.end(), value);
    if (position == scene.values.end()) continue;  // the laws of an earlier view
    QColor color = valueColor(scene, static_cast<std::size_t>(position - scene.values.begin()),
                              options.series, style);
    // A law that hardly explains its points must not look like one that can be relied on.
    color.setAlphaF(law.r2 < kWeakFit ? 0.3F : 0.85F);
    addLaw(plot, law, color, options, style);
  }
}

void PlotContent::addLaw(QCustomPlot& plot, const LawCurve& law, const QColor& color,
                         const ViewOptions& options, const PlotStyle& style) {
  const double scale = plotScale(options.metric);
  const auto draw = [&](const std::vector<CurvePoint>& curve, Qt::PenStyle pattern) {
    if (curve.empty()) return;
    QVector<double> x, y;
    for (const CurvePoint& p : curve) {
      x << p.totalBits;
      y << scale * p.value;
    }
    addCurve(plot, x, y, QPen(color, style.lineWidth, pattern));
  };
  // Where no law describes the points the interpolation stands for it.
  const bool interpolated = options.fits && !law.law;
  if ((options.means || interpolated) && law.means.totalBits.size() > 1) {
    QVector<double> x(law.means.totalBits.begin(), law.means.totalBits.end()), y;
    for (const double v : law.means.values) y << scale * v;
    addCurve(plot, x, y, QPen(color, style.lineWidth, Qt::DashDotLine));
  }
  if (!options.fits || !law.law) return;
  addBand(plot, law.inside, scale, color);
  draw(law.inside, Qt::SolidLine);
  draw(law.below, Qt::DashLine);
  draw(law.above, Qt::DashLine);
}

void PlotContent::addBand(QCustomPlot& plot, const std::vector<CurvePoint>& curve, double scale,
                          QColor color) {
  QVector<double> x, lower, upper;
  for (const CurvePoint& p : curve) {
    if (!std::isfinite(p.lower) || !std::isfinite(p.upper)) continue;
    x << p.totalBits;
    lower << scale * p.lower;
    upper << scale * p.upper;
  }
  if (x.size() < 2) return;
  color.setAlphaF(0.12F);
  addCurve(plot, x, lower, QPen(Qt::NoPen));
  QCPGraph* low = plot.graph(plot.graphCount() - 1);
  addCurve(plot, x, upper, QPen(Qt::NoPen));
  QCPGraph* high = plot.graph(plot.graphCount() - 1);
  high->setBrush(color);
  high->setChannelFillGraph(low);
}

void PlotContent::addChance(QCustomPlot& plot, const PlotScene& scene, const PlotStyle& style) {
  if (!std::isfinite(scene.chance)) return;
  addCurve(plot, {1e2, 1e18}, {scene.chance, scene.chance},
           QPen(style.axis, style.lineWidth * 0.7, Qt::DotLine));
}

void PlotContent::addFrontiers(QCustomPlot& plot, std::span<const LawPoint> points,
                               const PlotScene& scene, const ViewOptions& options,
                               const PlotStyle& style) {
  for (std::size_t f = 0; f < scene.frontiers.size(); ++f) {
    const PlotFrontier& frontier = scene.frontiers[f];
    if (visibility_.hiddenSources.count(scene.sources[static_cast<std::size_t>(frontier.source)])) {
      continue;
    }
    QVector<double> x, y;
    for (const int i : frontier.points) {
      x << points[static_cast<std::size_t>(i)].totalBits;
      y << plotValue(points[static_cast<std::size_t>(i)], options.metric);
    }
    QCPGraph* graph = plot.addGraph();
    graph->setName(Tr::tr("frontier"));
    graph->setData(x, y, true);
    graph->setLineStyle(QCPGraph::lsStepLeft);
    graph->setPen(frontierPen(style, f));
    graph->setSelectable(QCP::stNone);
    graph->removeFromLegend();
  }
}

}  // namespace bitfrontier
