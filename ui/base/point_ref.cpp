// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/base/point_ref.h"

#include <algorithm>
#include <unordered_map>

#include "ui/base/text.h"

namespace bitfrontier {

std::string nameOfPoint(const LawPoint& p) {
  std::string name = p.model + ' ' + p.config;
  const auto add = [&](const std::string& part) { name += ", " + part; };
  if (!p.method.empty() && p.method != "rtn" && p.method != "none") add(p.method);
  if (!p.calibration.empty()) add("calibrated on " + p.calibration);
  if (p.itemLimit > 0) add(std::to_string(p.itemLimit) + " items each");
  if (!p.bosProfile.empty()) add("first token " + p.bosProfile);
  if (p.maxLength > 0) add("at most " + std::to_string(p.maxLength) + " tokens");
  if (!p.source.empty()) add(p.source);
  return name;
}

PointRef pointRef(const LawPoint& point) { return {pointKey(point), nameOfPoint(point)}; }

std::vector<std::size_t> placesOf(std::span<const PointRef> refs,
                                  std::span<const LawPoint> points) {
  if (refs.empty()) return {};
  constexpr std::size_t kFew = 16;
  // Names are made of many parts: only for points whose model is meant, as long as few are.
  const auto mayBeMeant = [&](const LawPoint& p) {
    return refs.size() > kFew || std::any_of(refs.begin(), refs.end(), [&](const PointRef& ref) {
             return ref.name.starts_with(p.model);
           });
  };
  std::unordered_map<std::string, std::vector<std::size_t>> named;
  for (const PointRef& ref : refs) named[ref.name];
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!mayBeMeant(points[i])) continue;
    const auto found = named.find(nameOfPoint(points[i]));
    if (found != named.end()) found->second.push_back(i);
  }
  std::vector<std::size_t> places;
  for (const PointRef& ref : refs) {
    const std::vector<std::size_t>& same = named[ref.name];
    const auto exact = std::find_if(same.begin(), same.end(),
                                    [&](std::size_t i) { return pointKey(points[i]) == ref.key; });
    if (exact != same.end()) {
      places.push_back(*exact);
    } else {
      places.insert(places.end(), same.begin(), same.end());
    }
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

std::vector<std::size_t> placesOf(std::span<const Exclusion> excluded,
                                  std::span<const LawPoint> points) {
  std::vector<PointRef> refs;
  refs.reserve(excluded.size());
  for (const Exclusion& e : excluded) refs.push_back(e.point);
  return placesOf(refs, points);
}

}  // namespace bitfrontier
