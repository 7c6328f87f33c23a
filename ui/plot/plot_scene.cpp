// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_scene.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "core/law/data/comparable_set.h"
#include "core/law/decide/frontier_probability.h"
#include "ui/base/text.h"
#include "ui/plot/series_value.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

template <typename T, typename V>
int indexOf(const std::vector<T>& list, const V& value) {
  return static_cast<int>(std::find(list.begin(), list.end(), value) - list.begin());
}

/// Place of the value, which is put at the end when it is not there.
template <typename T>
int lookOf(std::vector<T>& order, const T& value) {
  const int index = indexOf(order, value);
  if (index == static_cast<int>(order.size())) order.push_back(value);
  return index;
}

std::vector<PlotFrontier> makeFrontiers(std::span<const LawPoint> points,
                                        const std::vector<int>& drawn, const PlotValues& values,
                                        const std::vector<std::string>& sources,
                                        const ViewOptions& options) {
  std::vector<PlotFrontier> frontiers;
  if (!hasFrontier(options)) return frontiers;
  const double sign = higherIsBetter(options) ? 1 : -1;
  const std::vector<std::size_t> members(drawn.begin(), drawn.end());
  for (const ComparableSet& set : comparableSets(points, options.metric, members)) {
    std::vector<double> costs, goodness;
    for (const std::size_t i : set.points) {
      costs.push_back(values.x[i]);
      goodness.push_back(sign * values.y[i]);
    }
    PlotFrontier frontier{
        indexOf(sources, set.scoring.source), Text::from(set.name.difference), {}};
    for (const std::size_t j : paretoFrontier(costs, goodness)) {
      frontier.points.push_back(static_cast<int>(set.points[j]));
    }
    if (!frontier.points.empty()) frontiers.push_back(std::move(frontier));
  }
  return frontiers;
}

}  // namespace

QString methodLabel(const LawPoint& point) {
  return isPlainMethod(point.method) ? u"rtn"_s : Text::from(point.method);
}

namespace {

/// One group for each look; `scene` has its names and positions.
void addGroups(std::span<const LawPoint> points, const std::vector<int>& drawn,
               const std::vector<SeriesValue>& ofPoint, const std::function<bool(int)>& isExcluded,
               PlotScene& scene) {
  std::map<std::tuple<int, int, int, int, bool>, std::vector<int>> groups;
  for (const int i : drawn) {
    const LawPoint& p = points[static_cast<std::size_t>(i)];
    groups[{indexOf(scene.sources, Text::from(p.source)),
            indexOf(scene.values, ofPoint[static_cast<std::size_t>(i)].label),
            indexOf(scene.families, Text::from(p.family)),
            p.bits < 16 ? indexOf(scene.methods, methodLabel(p)) : -1, isExcluded(i)}]
        .push_back(i);
  }
  for (auto& [key, members] : groups) {
    std::stable_sort(members.begin(), members.end(), [&](int a, int b) {
      return scene.at.x[static_cast<std::size_t>(a)] < scene.at.x[static_cast<std::size_t>(b)];
    });
    const auto& [source, value, family, method, out] = key;
    scene.groups.push_back({value, family, method, source, std::move(members), out});
  }
}

}  // namespace

PlotScene makeScene(std::span<const LawPoint> points, const ViewOptions& options,
                    const StoreFacts& facts, const PlotInputs& inputs) {
  PlotScene scene;
  scene.at = plotValues(points, options, inputs);
  std::vector<int> drawn;
  std::set<std::string> sources;
  std::map<QString, int> families, methods;  // with their looks
  StoreFacts looks = facts;
  std::vector<SeriesValue> values;
  std::vector<SeriesValue> ofPoint(points.size());
  std::set<QString> seen;
  scene.chance = std::numeric_limits<double>::quiet_NaN();
  std::set<double> chances;  // -1 where there is none
  for (std::size_t i = 0; i < points.size(); ++i) {
    const LawPoint& p = points[i];
    if (std::isnan(scene.at.x[i])) {
      ++scene.hidden;
      continue;
    }
    drawn.push_back(static_cast<int>(i));
    families.emplace(Text::from(p.family), lookOf(looks.families, p.family));
    if (p.bits < 16) {
      const bool plain = isPlainMethod(p.method);
      methods.emplace(methodLabel(p), plain ? 0 : 1 + lookOf(looks.methods, p.method));
    }
    sources.insert(p.source);
    ofPoint[i] = seriesValue(p, options.series);
    if (seen.insert(ofPoint[i].label).second) values.push_back(ofPoint[i]);
    chances.insert(options.metric == LawMetric::Accuracy && std::isfinite(p.chance) ? p.chance
                                                                                    : -1);
  }
  if (chances.size() == 1 && *chances.begin() >= 0) {
    // Guessing does not depend on what a model takes.
    ViewOptions anywhere = options;
    anywhere.x = XAxis::TotalBits;
    scene.chance = curveValue(*chances.begin(), anywhere);
  }
  std::sort(values.begin(), values.end(), [](const SeriesValue& a, const SeriesValue& b) {
    return std::tie(a.order, a.label) < std::tie(b.order, b.label);
  });
  for (const SeriesValue& v : values) {
    scene.values.push_back(v.label);
    scene.valueLooks.push_back(lookOf(looks.values[options.series], v.label));
  }
  for (const auto& [name, look] : families) {
    scene.families.push_back(name);
    scene.familyLooks.push_back(look);
  }
  std::vector<std::pair<int, QString>> byLook;
  for (const auto& [name, look] : methods) byLook.emplace_back(look, name);
  std::sort(byLook.begin(), byLook.end());
  for (const auto& [look, name] : byLook) {
    scene.methods.push_back(name);
    scene.methodLooks.push_back(look);
  }
  for (const std::string& s : sources) scene.sources.push_back(Text::from(s));

  const std::vector<std::size_t> excluded = placesOf(options.exclusions, points);
  const auto isExcluded = [&](int i) {
    return std::binary_search(excluded.begin(), excluded.end(), static_cast<std::size_t>(i));
  };
  addGroups(points, drawn, ofPoint, isExcluded, scene);
  std::erase_if(drawn, isExcluded);
  scene.frontiers = makeFrontiers(
      points, drawn, scene.at, std::vector<std::string>(sources.begin(), sources.end()), options);
  return scene;
}

}  // namespace bitfrontier
