// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_content.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_set>

#include "ui/plot/series_value.h"
#include "ui/text.h"

namespace bitfrontier {
namespace {

constexpr int kCurvePoints = 121;
constexpr double kExtrapolation = 3;  // a law is drawn dashed this factor beyond its data

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(FrontierPlot)
};

QString keyHeading(SeriesKey key) {
  switch (key) {
    case SeriesKey::Bits:
      return Tr::tr("Bits per weight");
    case SeriesKey::BlockSize:
      return Tr::tr("Block size");
    case SeriesKey::DataType:
      return Tr::tr("Data type");
    case SeriesKey::Config:
      return Tr::tr("Configuration");
  }
  return {};
}

QCPScatterStyle markerStyle(const PlotStyle& style, const QColor& color, int family, bool hollow) {
  const auto shape = PlotStyle::familyShape(family);
  const double size = shape == QCPScatterStyle::ssSquare ? style.marker * 0.9 : style.marker;
  const QPen pen(hollow ? color : color.darker(style.dark ? 90 : 115),
                 hollow ? style.lineWidth : style.lineWidth * 0.6);
  return QCPScatterStyle(shape, pen, hollow ? QBrush(Qt::NoBrush) : QBrush(color), size);
}

QColor valueColor(const PlotScene& scene, int value, SeriesKey key, const PlotStyle& style) {
  return style.seriesColor(key, scene.values[static_cast<std::size_t>(value)], value);
}

}  // namespace

bool PlotContent::shows(const PlotVisibility& visibility, const QString& value,
                        const QString& family, const QString& source) {
  return !visibility.hiddenValues.count(value) && !visibility.hiddenFamilies.count(family) &&
         !visibility.hiddenSources.count(source);
}

bool PlotContent::shows(const PlotScene& scene, const PlotGroup& group) const {
  return shows(visibility_, scene.values[static_cast<std::size_t>(group.value)],
               scene.families[static_cast<std::size_t>(group.family)],
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
  const QColor color = valueColor(scene, group.value, options.series, style);
  graph->setScatterStyle(markerStyle(style, color, group.family, scene.published(group)));
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
  QColor color = valueColor(scene, group.value, options.series, style);
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
  const double scale = plotScale(options.metric);
  for (const SeriesLaw& law : laws.laws) {
    if (law.series.points.empty()) continue;
    const QString value = seriesValue(law.series.points.front(), options.series).label;
    if (!shows(visibility_, value, shapeLabel(law.series.points.front(), scene.methods),
               Text::from(law.series.source))) {
      continue;
    }
    const auto position = std::find(scene.values.begin(), scene.values.end(), value);
    if (position == scene.values.end()) continue;  // the laws of an earlier view
    QColor color =
        style.seriesColor(options.series, value, static_cast<int>(position - scene.values.begin()));
    // A law that hardly explains its points must not look like one that can be relied on.
    color.setAlphaF(law.fit.r2 < kWeakFit ? 0.3F : 0.85F);
    if (options.means && !law.means.totalBits.empty()) {
      QVector<double> x(law.means.totalBits.begin(), law.means.totalBits.end()), y;
      for (const double v : law.means.values) y << scale * v;
      addCurve(plot, x, y, QPen(color, style.lineWidth, Qt::DashDotLine));
    }
    if (!options.fits || !law.fit.usable || !(law.fit.minBits > 0)) continue;
    const auto sample = [&](double from, double to, Qt::PenStyle pattern) {
      QVector<double> x, y;
      for (int i = 0; i < kCurvePoints; ++i) {
        const double bits = from * std::pow(to / from, i / (kCurvePoints - 1.0));
        const double predicted = scale * law.fit.predict(bits);
        if (!std::isfinite(predicted)) continue;
        x << bits;
        y << predicted;
      }
      addCurve(plot, x, y, QPen(color, style.lineWidth, pattern));
    };
    sample(law.fit.minBits, law.fit.maxBits, Qt::SolidLine);
    sample(law.fit.minBits / kExtrapolation, law.fit.minBits, Qt::DashLine);
    sample(law.fit.maxBits, law.fit.maxBits * kExtrapolation, Qt::DashLine);
  }
}

void PlotContent::addChance(QCustomPlot& plot, const PlotScene& scene, const PlotStyle& style) {
  if (!std::isfinite(scene.chance)) return;
  addCurve(plot, {1e2, 1e18}, {scene.chance, scene.chance},
           QPen(style.axis, style.lineWidth * 0.7, Qt::DotLine));
}

void PlotContent::addFrontiers(QCustomPlot& plot, std::span<const LawPoint> points,
                               const PlotScene& scene, const ViewOptions& options,
                               const PlotStyle& style) {
  for (const PlotFrontier& frontier : scene.frontiers) {
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
    graph->setPen(QPen(style.frontier, style.lineWidth * 1.6, Qt::SolidLine, Qt::FlatCap));
    graph->setSelectable(QCP::stNone);
    graph->removeFromLegend();
  }
}

void buildLegend(QCPLegend& legend, const PlotScene& scene, const LegendSpec& spec,
                 const PlotStyle& style, const PlotVisibility& visibility) {
  const ViewOptions& options = spec.options;
  legend.clearItems();
  const auto add = [&](const QString& text, LegendTarget target = {}) {
    auto* entry = new LegendEntry(&legend, text, target);
    entry->setFont(style.font);
    entry->setTextColor(style.text);
    entry->setMaximumTextWidth(spec.maximumTextWidth);
    legend.addItem(entry);
    return entry;
  };
  const auto heading = [&](const QString& text) {
    if (spec.headings) add(text)->setHeading(true);
  };
  if (spec.sections & LegendSpec::Marks) {
    heading(keyHeading(options.series));
    for (std::size_t v = 0; v < scene.values.size(); ++v) {
      const int index = static_cast<int>(v);
      auto* entry = add(scene.values[v], {LegendTarget::Kind::Value, index});
      const QColor color = valueColor(scene, index, options.series, style);
      entry->setMarker(QCPScatterStyle(QCPScatterStyle::ssDisc, color, color, style.marker * 1.15));
      entry->setFaded(visibility.hiddenValues.count(scene.values[v]) > 0);
    }
    const bool anyPublished = std::any_of(scene.sources.begin(), scene.sources.end(),
                                          [](const QString& source) { return !source.isEmpty(); });
    if (!scene.families.empty()) heading(Tr::tr("Family"));
    for (std::size_t f = 0; f < scene.families.size(); ++f) {
      const int index = static_cast<int>(f);
      auto* entry = add(scene.families[f], {LegendTarget::Kind::Family, index});
      entry->setMarker(markerStyle(style, style.text, index, anyPublished));
      entry->setFaded(visibility.hiddenFamilies.count(scene.families[f]) > 0);
    }
  }
  if (spec.sections & LegendSpec::Lines) {
    const bool frontier = options.frontier && !scene.frontiers.empty();
    const bool fits = spec.hasLaws && options.fits, means = spec.hasLaws && options.means;
    const bool chance = std::isfinite(scene.chance);
    if (frontier || fits || means || chance) heading(Tr::tr("Lines"));
    if (fits) {
      add(Tr::tr("fitted law"))->setLine(QPen(style.text, style.lineWidth));
      add(Tr::tr("extrapolated"))->setLine(QPen(style.text, style.lineWidth, Qt::DashLine));
      if (spec.hasWeakLaws) {
        QColor faint = style.text;
        faint.setAlphaF(0.3F);
        add(Tr::tr("weak fit, R² < %1").arg(QLocale().toString(kWeakFit)))
            ->setLine(QPen(faint, style.lineWidth));
      }
    }
    if (means) {
      add(spec.headings ? Tr::tr("mean of each model") : Tr::tr("model means"))
          ->setLine(QPen(style.text, style.lineWidth, Qt::DashDotLine));
    }
    if (frontier) {
      add(spec.headings ? Tr::tr("Pareto frontier") : Tr::tr("frontier"))
          ->setLine(QPen(style.frontier, style.lineWidth * 1.6));
    }
  }
  if (spec.sections & LegendSpec::Lines && std::isfinite(scene.chance)) {
    add(Tr::tr("guessing"))->setLine(QPen(style.axis, style.lineWidth * 0.7, Qt::DotLine));
  }
  if (spec.sections & LegendSpec::Sources) {
    if (!scene.sources.empty()) heading(Tr::tr("Source"));
    for (std::size_t s = 0; s < scene.sources.size(); ++s) {
      const bool published = !scene.sources[s].isEmpty();
      auto* entry =
          add(published ? Tr::tr("published: %1").arg(scene.sources[s]) : Tr::tr("measured here"),
              {LegendTarget::Kind::Source, static_cast<int>(s)});
      entry->setMarker(markerStyle(style, style.axis, 0, published));
      entry->setFaded(visibility.hiddenSources.count(scene.sources[s]) > 0);
    }
  }
}

}  // namespace bitfrontier
