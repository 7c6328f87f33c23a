// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_content.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

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

void PlotContent::rebuild(QCustomPlot& plot, const PlotDress& dress) {
  visibility_ = dress.visibility;
  curves_.clear();
  named_.clear();
  placed_.clear();
  wishes_.clear();
  plot.clearPlottables();
  addLevel(plot, dress);
  if (dress.options.frontier) addFrontiers(plot, dress);
  if (dress.currentLaws()) addLaws(plot, dress);
  addPoints(plot, dress);
  if (dress.options.rings && dress.chances) addRings(plot, dress);
  addPredictions(plot, dress);
  if (dress.options.labels) addLabels(plot, dress);
}

void PlotContent::addPoints(QCustomPlot& plot, const PlotDress& dress) {
  const PlotScene& scene = dress.scene;
  ScatterData data;
  data.x = scene.at.x;
  data.y = scene.at.y;
  data.error = scene.at.error;
  data.barWidth = dress.style.lineWidth * 0.6;
  data.whisker = dress.style.marker * 0.6;
  std::size_t drawn = 0;
  for (const PlotGroup& group : scene.groups) {
    const QColor color =
        valueColor(scene, static_cast<std::size_t>(group.value), dress.options.series, dress.style);
    const int method =
        group.method < 0 ? 0 : scene.methodLooks[static_cast<std::size_t>(group.method)];
    const int family = scene.familyLooks[static_cast<std::size_t>(group.family)];
    const QCPScatterStyle look =
        group.excluded
            ? QCPScatterStyle(QCPScatterStyle::ssCross, QPen(color, dress.style.lineWidth),
                              Qt::NoBrush, dress.style.marker)
            : markerStyle(dress.style, color, family, method, scene.published(group));
    data.groups.push_back({look, shows(scene, group), group.points});
    drawn += group.points.size();
  }
  for (const PlotFrontier& f : scene.frontiers) {
    data.prominent.insert(data.prominent.end(), f.points.begin(), f.points.end());
  }
  if (dress.options.errorBars && drawn <= kMaximumErrorBars) {
    for (const PlotGroup& group : scene.groups) {
      data.bars.insert(data.bars.end(), group.points.begin(), group.points.end());
    }
  } else if (dress.options.errorBars) {
    data.bars = data.prominent;
  }
  scatter_ = new Scatter(plot.xAxis, plot.yAxis);
  scatter_->setData(std::move(data));
}

double ringWidth(double probability, double marker) {
  return marker * (0.05 + 0.22 * std::clamp(probability, 0.0, 1.0));
}

void PlotContent::addRings(QCustomPlot& plot, const PlotDress& dress) {
  constexpr int kSteps = 10;  // thicknesses
  const PlotScene& scene = dress.scene;
  std::map<std::pair<bool, int>, std::vector<int>> rows;
  for (const PlotGroup& group : scene.groups) {
    if (!shows(scene, group)) continue;
    for (const int row : group.points) {
      const auto found =
          dress.chances->points.find(pointKey(dress.points[static_cast<std::size_t>(row)]));
      if (found == dress.chances->points.end()) continue;
      const FrontierChance& chance = found->second;
      if (chance.probability < kLeastChance) continue;
      rows[{chance.on, static_cast<int>(std::ceil(chance.probability * kSteps))}].push_back(row);
    }
  }
  if (rows.empty()) return;
  ScatterData data;
  data.x = scene.at.x;
  data.y = scene.at.y;
  data.error.assign(data.x.size(), LawPoint::kAbsent);
  for (auto& [look, members] : rows) {
    const double width = ringWidth(look.second / double(kSteps), dress.style.marker);
    QColor color = look.first ? dress.style.text : dress.style.frontier;
    color.setAlphaF(look.first ? 0.9F : 0.6F);
    data.groups.push_back({QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(color, width),
                                           Qt::NoBrush, dress.style.marker * 1.45 + width),
                           true, std::move(members)});
  }
  rings_ = new Scatter(plot.xAxis, plot.yAxis);
  rings_->setData(std::move(data));
}

void PlotContent::addFrontiers(QCustomPlot& plot, const PlotDress& dress) {
  const PlotScene& scene = dress.scene;
  for (std::size_t f = 0; f < scene.frontiers.size(); ++f) {
    const PlotFrontier& frontier = scene.frontiers[f];
    if (visibility_.hiddenSources.count(scene.sources[static_cast<std::size_t>(frontier.source)])) {
      continue;
    }
    QVector<double> x, y;
    for (const int i : frontier.points) {
      x << scene.at.x[static_cast<std::size_t>(i)];
      y << scene.at.y[static_cast<std::size_t>(i)];
    }
    QCPGraph* graph = addCurve(plot, x, y, frontierPen(dress.style, f));
    graph->setName(Tr::tr("frontier"));
    graph->setLineStyle(QCPGraph::lsStepLeft);
  }
}

void PlotContent::addPredictions(QCustomPlot& plot, const PlotDress& dress) {
  if (dress.options.x != XAxis::TotalBits) return;  // what is predicted is known by bits alone
  const double scale = plotScale(dress.options.metric);
  ScatterData data;
  std::map<QRgb, std::vector<int>> byColor;
  for (const PredictedPoint& p : dress.predictions) {
    const double y = curveValue(metricOf(p.point, dress.options.metric), dress.options);
    if (!std::isfinite(y) || !(p.point.totalBits > 0)) continue;
    const QString value = seriesValue(p.point, dress.options.series).label;
    const auto at = std::find(dress.scene.values.begin(), dress.scene.values.end(), value);
    const QColor color =
        at == dress.scene.values.end()
            ? dress.style.axis
            : valueColor(dress.scene, static_cast<std::size_t>(at - dress.scene.values.begin()),
                         dress.options.series, dress.style);
    byColor[color.rgba()].push_back(static_cast<int>(data.x.size()));
    data.bars.push_back(static_cast<int>(data.x.size()));
    data.x.push_back(p.point.totalBits);
    data.y.push_back(y);
    data.error.push_back(scale * (p.high - p.low) / 2);
  }
  if (data.x.empty()) return;
  for (auto& [rgba, rows] : byColor) {
    QPen pen(QColor::fromRgba(rgba), dress.style.lineWidth, Qt::DotLine);
    data.groups.push_back({QCPScatterStyle(QCPScatterStyle::ssCircle, pen,
                                           QBrush(dress.style.background), dress.style.marker),
                           true, std::move(rows)});
  }
  data.barWidth = dress.style.lineWidth * 0.6;
  data.whisker = dress.style.marker * 0.6;
  (new Scatter(plot.xAxis, plot.yAxis))->setData(std::move(data));
}

}  // namespace bitfrontier
