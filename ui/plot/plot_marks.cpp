// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_marks.h"

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

ScatterPtr pointsOf(const PlotMarks& marks) {
  const PlotScene& scene = marks.scene;
  const PlotStyle& style = marks.request.style;
  const ViewOptions& options = marks.request.options;
  ScatterData data;
  data.x = scene.at.x;
  data.y = scene.at.y;
  data.error = scene.at.error;
  data.barWidth = style.lineWidth * 0.6;
  data.whisker = style.marker * 0.6;
  std::size_t drawn = 0;
  for (const PlotGroup& group : scene.groups) {
    const QColor color =
        valueColor(scene, static_cast<std::size_t>(group.value), options.series, style);
    const int method =
        group.method < 0 ? 0 : scene.methodLooks[static_cast<std::size_t>(group.method)];
    const int family = scene.familyLooks[static_cast<std::size_t>(group.family)];
    const QCPScatterStyle look =
        group.excluded ? QCPScatterStyle(QCPScatterStyle::ssCross, QPen(color, style.lineWidth),
                                         Qt::NoBrush, style.marker)
                       : markerStyle(style, color, family, method, scene.published(group));
    data.groups.push_back({look, marks.shows(group), group.points});
    drawn += group.points.size();
  }
  for (const PlotFrontier& f : scene.frontiers) {
    data.prominent.insert(data.prominent.end(), f.points.begin(), f.points.end());
  }
  if (options.errorBars && drawn <= PlotMarks::kMaximumErrorBars) {
    for (const PlotGroup& group : scene.groups) {
      data.bars.insert(data.bars.end(), group.points.begin(), group.points.end());
    }
  } else if (options.errorBars) {
    data.bars = data.prominent;
  }
  return std::make_shared<const ScatterData>(std::move(data));
}

ScatterPtr ringsOf(const PlotMarks& marks) {
  constexpr int kSteps = 10;  // thicknesses
  const PlotScene& scene = marks.scene;
  const PlotStyle& style = marks.request.style;
  const auto& chances = marks.request.chances->points;
  std::map<std::pair<bool, int>, std::vector<int>> rows;
  for (const PlotGroup& group : scene.groups) {
    if (!marks.shows(group)) continue;
    for (const int row : group.points) {
      const auto found =
          chances.find(pointKey((*marks.request.points)[static_cast<std::size_t>(row)]));
      if (found == chances.end()) continue;
      const FrontierChance& chance = found->second;
      if (chance.probability < PlotMarks::kLeastChance) continue;
      rows[{chance.on, static_cast<int>(std::ceil(chance.probability * kSteps))}].push_back(row);
    }
  }
  if (rows.empty()) return {};
  ScatterData data;
  data.x = scene.at.x;
  data.y = scene.at.y;
  data.error.assign(data.x.size(), LawPoint::kAbsent);
  for (auto& [look, members] : rows) {
    const double width = ringWidth(look.second / double(kSteps), style.marker);
    QColor color = look.first ? style.text : style.frontier;
    color.setAlphaF(look.first ? 0.9F : 0.6F);
    data.groups.push_back({QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(color, width),
                                           Qt::NoBrush, style.marker * 1.45 + width),
                           true, std::move(members)});
  }
  return std::make_shared<const ScatterData>(std::move(data));
}

ScatterPtr predictionsOf(const PlotMarks& marks) {
  const ViewOptions& options = marks.request.options;
  const PlotStyle& style = marks.request.style;
  const auto& names = marks.scene.values;
  if (options.x != XAxis::TotalBits) return {};  // what is predicted is known by bits alone
  const double scale = plotScale(options.metric);
  ScatterData data;
  std::map<QRgb, std::vector<int>> byColor;
  for (const PredictedPoint& p : marks.request.predictions) {
    const double y = curveValue(metricOf(p.point, options.metric), options);
    if (!std::isfinite(y) || !(p.point.totalBits > 0)) continue;
    const auto at =
        std::find(names.begin(), names.end(), seriesValue(p.point, options.series).label);
    const QColor color = at == names.end()
                             ? style.axis
                             : valueColor(marks.scene, static_cast<std::size_t>(at - names.begin()),
                                          options.series, style);
    byColor[color.rgba()].push_back(static_cast<int>(data.x.size()));
    data.bars.push_back(static_cast<int>(data.x.size()));
    data.x.push_back(p.point.totalBits);
    data.y.push_back(y);
    data.error.push_back(scale * (p.high - p.low) / 2);
  }
  if (data.x.empty()) return {};
  for (auto& [rgba, rows] : byColor) {
    const QPen pen(QColor::fromRgba(rgba), style.lineWidth, Qt::DotLine);
    data.groups.push_back(
        {QCPScatterStyle(QCPScatterStyle::ssCircle, pen, QBrush(style.background), style.marker),
         true, std::move(rows)});
  }
  data.barWidth = style.lineWidth * 0.6;
  data.whisker = style.marker * 0.6;
  return std::make_shared<const ScatterData>(std::move(data));
}

}  // namespace

PlotRequest::PlotRequest() : points(std::make_shared<const std::vector<LawPoint>>()) {}

bool PlotVisibility::shows(const PlotScene& scene, const PlotGroup& group) const {
  return shows(scene.values[static_cast<std::size_t>(group.value)],
               scene.families[static_cast<std::size_t>(group.family)],
               group.method < 0 ? QString() : scene.methods[static_cast<std::size_t>(group.method)],
               scene.sources[static_cast<std::size_t>(group.source)]);
}

PlotMarksPtr makePlotMarks(PlotRequest request) {
  auto marks = std::make_shared<PlotMarks>();
  marks->request = std::move(request);
  const PlotRequest& asked = marks->request;
  marks->scene =
      makeScene(*asked.points, asked.options, asked.facts, {asked.axes.get(), asked.laws.get()});
  std::vector<PlotCurve> curves;
  addLevel(*marks, curves);
  if (asked.options.frontier) addFrontiers(*marks, curves);
  addLaws(*marks, curves);
  marks->curves = std::make_shared<const std::vector<PlotCurve>>(std::move(curves));
  marks->points = pointsOf(*marks);
  if (asked.options.rings && asked.chances) marks->rings = ringsOf(*marks);
  marks->predictions = predictionsOf(*marks);
  if (asked.options.labels) marks->names = namesOf(*marks);
  return marks;
}

void addFrontiers(const PlotMarks& marks, std::vector<PlotCurve>& curves) {
  const PlotScene& scene = marks.scene;
  for (std::size_t f = 0; f < scene.frontiers.size(); ++f) {
    const PlotFrontier& frontier = scene.frontiers[f];
    const QString& source = scene.sources[static_cast<std::size_t>(frontier.source)];
    if (marks.request.visibility.hiddenSources.count(source)) continue;
    PlotCurve line;
    for (const int i : frontier.points) {
      line.x.push_back(scene.at.x[static_cast<std::size_t>(i)]);
      line.y.push_back(scene.at.y[static_cast<std::size_t>(i)]);
    }
    line.name = Tr::tr("frontier");
    line.pen = frontierPen(marks.request.style, f);
    line.steps = true;
    curves.push_back(std::move(line));
  }
}

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

double ringWidth(double probability, double marker) {
  return marker * (0.05 + 0.22 * std::clamp(probability, 0.0, 1.0));
}

}  // namespace bitfrontier
