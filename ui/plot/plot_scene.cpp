// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_scene.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "core/law/frontier.h"
#include "ui/plot/series_value.h"
#include "ui/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

bool drawable(const LawPoint& point, LawMetric metric) {
  return std::isfinite(point.totalBits) && point.totalBits > 0 &&
         std::isfinite(plotValue(point, metric));
}

template <typename T, typename V>
int indexOf(const std::vector<T>& list, const V& value) {
  return static_cast<int>(std::find(list.begin(), list.end(), value) - list.begin());
}

/// One for each set of points that may be compared.
std::vector<PlotFrontier> makeFrontiers(std::span<const LawPoint> points,
                                        const std::vector<int>& drawn,
                                        const std::vector<std::string>& sources, LawMetric metric) {
  struct Comparable {
    std::vector<int> members;
    std::vector<LawPoint> points;
  };
  std::map<std::pair<int, std::string>, Comparable> sets;
  for (const int i : drawn) {
    const LawPoint& p = points[static_cast<std::size_t>(i)];
    Comparable& set = sets[{indexOf(sources, p.source), comparableKey(p, metric)}];
    set.members.push_back(i);
    LawPoint bare;  // the frontier reads only these three fields
    bare.totalBits = p.totalBits;
    bare.accuracy = p.accuracy;
    bare.crossEntropy = p.crossEntropy;
    set.points.push_back(std::move(bare));
  }
  std::vector<PlotFrontier> frontiers;
  for (const auto& [key, set] : sets) {
    PlotFrontier frontier{key.first, {}};
    for (const std::size_t j : paretoFrontier(set.points, metric))
      frontier.points.push_back(set.members[j]);
    if (!frontier.points.empty()) frontiers.push_back(std::move(frontier));
  }
  return frontiers;
}

}  // namespace

QString shapeLabel(const LawPoint& point, bool methods) {
  const QString family = Text::from(point.family);
  return methods && point.bits < 16 ? family + u", "_s + Text::from(point.method) : family;
}

PlotScene makeScene(std::span<const LawPoint> points, const ViewOptions& options) {
  PlotScene scene;
  std::vector<int> drawn;
  std::set<std::string> methods, sources;
  std::set<QString> families;
  for (const LawPoint& p : points) {
    if (p.bits < 16) methods.insert(p.method);
  }
  scene.methods = methods.size() > 1;
  std::vector<SeriesValue> values;
  std::vector<SeriesValue> ofPoint(points.size());
  std::set<QString> seen;
  scene.chance = std::numeric_limits<double>::quiet_NaN();
  std::set<double> chances;  // -1 where there is none
  for (std::size_t i = 0; i < points.size(); ++i) {
    const LawPoint& p = points[i];
    if (!drawable(p, options.metric)) {
      ++scene.hidden;
      continue;
    }
    drawn.push_back(static_cast<int>(i));
    families.insert(shapeLabel(p, scene.methods));
    sources.insert(p.source);
    ofPoint[i] = seriesValue(p, options.series);
    if (seen.insert(ofPoint[i].label).second) values.push_back(ofPoint[i]);
    chances.insert(options.metric == LawMetric::Accuracy && std::isfinite(p.chance) ? p.chance
                                                                                    : -1);
  }
  if (chances.size() == 1 && *chances.begin() >= 0) {
    scene.chance = *chances.begin() * plotScale(options.metric);
  }
  std::sort(values.begin(), values.end(), [](const SeriesValue& a, const SeriesValue& b) {
    return std::tie(a.order, a.label) < std::tie(b.order, b.label);
  });
  for (const SeriesValue& v : values) scene.values.push_back(v.label);
  scene.families.assign(families.begin(), families.end());
  for (const std::string& s : sources) scene.sources.push_back(Text::from(s));

  std::map<std::tuple<int, int, int>, std::vector<int>> groups;
  for (const int i : drawn) {
    const LawPoint& p = points[static_cast<std::size_t>(i)];
    groups[{indexOf(scene.sources, Text::from(p.source)),
            indexOf(scene.values, ofPoint[static_cast<std::size_t>(i)].label),
            indexOf(scene.families, shapeLabel(p, scene.methods))}]
        .push_back(i);
  }
  for (auto& [key, members] : groups) {
    std::stable_sort(members.begin(), members.end(), [&](int a, int b) {
      return points[static_cast<std::size_t>(a)].totalBits <
             points[static_cast<std::size_t>(b)].totalBits;
    });
    const auto& [source, value, family] = key;
    scene.groups.push_back({value, family, source, std::move(members)});
  }
  scene.frontiers = makeFrontiers(
      points, drawn, std::vector<std::string>(sources.begin(), sources.end()), options.metric);
  return scene;
}

}  // namespace bitfrontier
