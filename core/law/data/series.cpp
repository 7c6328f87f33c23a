// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/data/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <tuple>

#include "core/base/error.h"
#include "core/law/data/comparable_set.h"
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

std::vector<LawSeries> makeSeries(std::span<const LawPoint> points, SeriesKey key,
                                  LawMetric metric) {
  const std::vector<Scoring> scorings = scoringsOf(points, metric);
  std::map<std::string, std::vector<Scoring>> families;
  for (std::size_t i = 0; i < points.size(); ++i) {
    families[points[i].family].push_back(scorings[i]);
  }
  std::map<std::string, std::map<Scoring, ScoringName>> names;
  for (const auto& [family, own] : families) names[family] = nameScorings(own);

  using Order =
      std::tuple<std::string, std::string, std::int64_t, std::string, std::string, Scoring>;
  std::map<Order, LawSeries> series;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const LawPoint& p = points[i];
    const Label label = labelOf(p, key);
    const std::string method = plainMethod(p.method) ? "" : p.method;
    LawSeries& s = series[{p.source, p.family, label.order, label.text, method, scorings[i]}];
    if (s.points.empty()) {
      const std::string& difference = names.at(p.family).at(scorings[i]).difference;
      s.family = p.family;
      s.label = formatName(label.text, method);
      if (!difference.empty()) s.label += ", " + difference;
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
