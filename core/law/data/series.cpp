// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/data/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "core/base/error.h"
#include "core/law/data/enum_names.h"
#include "core/law/data/format_name.h"

namespace bitfrontier {
namespace {

/// A series' place in the order and its name.
struct Label {
  std::int64_t order = 0;
  std::string text;
};

Label labelOf(const LawPoint& point, SeriesKey key) {
  switch (key) {
    case SeriesKey::Bits:
      return {point.bits, fmt::format("{} bit", point.bits)};
    case SeriesKey::BlockSize:
      if (point.bits >= 16) return {std::numeric_limits<std::int64_t>::max(), "16 bit"};
      if (point.blockSize == 0) {
        return {std::numeric_limits<std::int64_t>::max() - 1, "whole tensor"};
      }
      if (point.blockSize < 0) {
        return {std::numeric_limits<std::int64_t>::max() - 2, "row"};
      }
      return {point.blockSize, fmt::format("block {}", point.blockSize)};
    case SeriesKey::DataType:
      return {0, point.dataType};
    case SeriesKey::Config:
      return {0, point.config};
  }
  throw Error(ErrorKind::InvalidArgument, "unknown series key");
}

constexpr std::pair<SeriesKey, std::string_view> kKeys[] = {{SeriesKey::Bits, "bits"},
                                                            {SeriesKey::BlockSize, "block"},
                                                            {SeriesKey::DataType, "type"},
                                                            {SeriesKey::Config, "config"}};

}  // namespace

std::string_view seriesKeyName(SeriesKey key) {
  return kKeys[static_cast<std::size_t>(key)].second;
}
SeriesKey parseSeriesKey(std::string_view name) { return parseName(name, kKeys, "series key"); }

std::string seriesLabel(const LawPoint& point, SeriesKey key) {
  return formatName(labelOf(point, key).text, point.method);
}

namespace {

/// How the points of a series were scored; others than these are not comparable with them.
struct Scoring {
  std::int64_t itemLimit = 0, maxLength = 0;
  std::string bosProfile, tasks;

  auto operator<=>(const Scoring&) const = default;
};

Scoring scoringOf(const LawPoint& p, LawMetric metric) {
  return {p.itemLimit, p.maxLength, p.bosProfile, tasksOf(p, metric)};
}

std::size_t countOf(const std::string& tasks) {
  return tasks.empty() ? 0
                       : 1 + static_cast<std::size_t>(std::count(tasks.begin(), tasks.end(), ','));
}

/// What tells one scoring of a family from its others: ", 200 items, 5 tasks".
std::string tellApart(const Scoring& one, const std::set<Scoring>& all) {
  bool limits = false, lengths = false, profiles = false, tasks = false, counts = false;
  for (const Scoring& other : all) {
    limits = limits || other.itemLimit != one.itemLimit;
    lengths = lengths || other.maxLength != one.maxLength;
    profiles = profiles || other.bosProfile != one.bosProfile;
    tasks = tasks || other.tasks != one.tasks;
    counts = counts || (other.tasks != one.tasks && countOf(other.tasks) == countOf(one.tasks));
  }
  std::string text;
  if (limits) {
    text += one.itemLimit > 0 ? fmt::format(", {} items", one.itemLimit) : ", all items";
  }
  if (profiles) text += ", " + (one.bosProfile.empty() ? "BOS unknown" : one.bosProfile);
  if (lengths) {
    text += one.maxLength > 0 ? fmt::format(", {} tokens", one.maxLength) : ", all tokens";
  }
  if (tasks) {
    const std::size_t n = countOf(one.tasks);
    text += counts ? fmt::format(", tasks {}", one.tasks)
                   : fmt::format(", {} task{}", n, n == 1 ? "" : "s");
  }
  return text;
}

}  // namespace

std::vector<LawSeries> makeSeries(std::span<const LawPoint> points, SeriesKey key,
                                  LawMetric metric) {
  std::map<std::pair<std::string, std::string>, std::set<Scoring>> scorings;
  for (const LawPoint& p : points) scorings[{p.source, p.family}].insert(scoringOf(p, metric));

  using Order =
      std::tuple<std::string, std::string, std::int64_t, std::string, std::string, Scoring>;
  std::map<Order, LawSeries> series;
  for (const LawPoint& p : points) {
    Label label = labelOf(p, key);
    const std::string method = plainMethod(p.method) ? "" : p.method;
    const Scoring scoring = scoringOf(p, metric);
    LawSeries& s = series[{p.source, p.family, label.order, label.text, method, scoring}];
    if (s.points.empty()) {
      label.text = formatName(label.text, method);
      label.text += tellApart(scoring, scorings[{p.source, p.family}]);
      s.family = p.family;
      s.label = label.text;
      s.key = key;
      s.source = p.source;
      s.method = p.method;
      s.itemLimit = p.itemLimit;
    }
    s.points.push_back(p);
  }
  std::vector<LawSeries> all;
  all.reserve(series.size());
  for (auto& [order, s] : series) {
    std::stable_sort(s.points.begin(), s.points.end(), [](const LawPoint& a, const LawPoint& b) {
      if (std::isnan(a.totalBits) != std::isnan(b.totalBits)) return std::isnan(b.totalBits);
      return a.totalBits < b.totalBits;
    });
    all.push_back(std::move(s));
  }
  return all;
}

}  // namespace bitfrontier
