// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/data/scaling_law.h"

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
#include "core/law/data/format_name.h"

namespace bitfrontier {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

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

/// Round to nearest is what everybody means when no method is named.
bool plainMethod(const std::string& method) {
  return method.empty() || method == "rtn" || method == "none";
}

template <typename Enum, std::size_t N>
Enum parseName(std::string_view name, const std::pair<Enum, std::string_view> (&table)[N],
               std::string_view what) {
  std::string known;
  for (const auto& [value, text] : table) {
    if (text == name) return value;
    known += (known.empty() ? "" : ", ") + std::string(text);
  }
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("unknown {} '{}', one of {} is meant", what, name, known));
}

constexpr std::pair<LawMetric, std::string_view> kMetrics[] = {
    {LawMetric::Accuracy, "accuracy"}, {LawMetric::CrossEntropy, "cross-entropy"}};
constexpr std::pair<SeriesKey, std::string_view> kKeys[] = {{SeriesKey::Bits, "bits"},
                                                            {SeriesKey::BlockSize, "block"},
                                                            {SeriesKey::DataType, "type"},
                                                            {SeriesKey::Config, "config"}};

}  // namespace

std::string_view lawMetricName(LawMetric metric) {
  return kMetrics[static_cast<std::size_t>(metric)].second;
}
LawMetric parseLawMetric(std::string_view name) { return parseName(name, kMetrics, "metric"); }
std::string_view seriesKeyName(SeriesKey key) {
  return kKeys[static_cast<std::size_t>(key)].second;
}
SeriesKey parseSeriesKey(std::string_view name) { return parseName(name, kKeys, "series key"); }

double metricOf(const LawPoint& point, LawMetric metric) {
  return metric == LawMetric::Accuracy ? point.accuracy : point.crossEntropy;
}

double metricSeOf(const LawPoint& point, LawMetric metric) {
  return metric == LawMetric::Accuracy ? point.accuracySe : point.crossEntropySe;
}

const std::string& tasksOf(const LawPoint& point, LawMetric metric) {
  return metric == LawMetric::Accuracy ? point.tasks : point.textTasks;
}

LawMetric defaultMetric(std::span<const LawPoint> points) {
  const auto have = [&](LawMetric metric) {
    return std::any_of(points.begin(), points.end(),
                       [&](const LawPoint& p) { return std::isfinite(metricOf(p, metric)); });
  };
  return !have(LawMetric::Accuracy) && have(LawMetric::CrossEntropy) ? LawMetric::CrossEntropy
                                                                     : LawMetric::Accuracy;
}

std::string formatName(const std::string& text, const std::string& method) {
  if (plainMethod(method)) return text;
  // "AWQ" by the method "awq", "int4-b64-gptq" by "gptq" have it in their names.
  const auto found = std::search(
      text.begin(), text.end(), method.begin(), method.end(),
      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
  return found == text.end() ? text + ", " + method : text;
}

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

double LawFit::predict(double totalBits) const {
  if (values.size() != 3 || !(totalBits > 0)) return kNaN;
  const double term = values[1] * std::pow(totalBits / b0, -values[2]);
  return metric == LawMetric::Accuracy ? values[0] - term : values[0] + term;
}

double LawFit::predictSe(double totalBits) const {
  if (values.size() != 3 || covariance.size() != 9 || !(totalBits > 0)) return kNaN;
  const double sign = metric == LawMetric::Accuracy ? -1 : 1;
  const double u = std::pow(totalBits / b0, -values[2]);
  const double gradient[3] = {1, sign * u, -sign * values[1] * u * std::log(totalBits / b0)};
  double variance = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      variance += gradient[i] * covariance[3 * i + j] * gradient[j];
    }
  }
  return std::sqrt(std::max(variance, 0.0));
}

PiecewiseCurve piecewiseLinear(const LawSeries& series, LawMetric metric) {
  struct Sum {
    double log2Bits = 0, value = 0;
    int n = 0;
  };
  std::map<std::string, Sum> byModel;
  for (const LawPoint& p : series.points) {
    const double value = metricOf(p, metric);
    if (!std::isfinite(value) || !std::isfinite(p.totalBits) || p.totalBits <= 0) continue;
    Sum& sum = byModel[p.model];
    sum.log2Bits += std::log2(p.totalBits);
    sum.value += value;
    ++sum.n;
  }
  // Models of equal size share one abscissa.
  std::map<double, Sum> byBits;
  for (const auto& [model, sum] : byModel) {
    Sum& at = byBits[sum.log2Bits / sum.n];
    at.value += sum.value / sum.n;
    ++at.n;
  }
  PiecewiseCurve curve;
  for (const auto& [log2Bits, sum] : byBits) {
    curve.totalBits.push_back(std::exp2(log2Bits));
    curve.values.push_back(sum.value / sum.n);
  }
  return curve;
}

double PiecewiseCurve::at(double bits) const {
  if (totalBits.empty() || !(bits >= totalBits.front()) || bits > totalBits.back()) return kNaN;
  const auto right = std::lower_bound(totalBits.begin(), totalBits.end(), bits);
  const auto i = static_cast<std::size_t>(right - totalBits.begin());
  if (*right == bits) return values[i];
  const double t = std::log2(bits / totalBits[i - 1]) / std::log2(totalBits[i] / totalBits[i - 1]);
  return values[i - 1] + t * (values[i] - values[i - 1]);
}

}  // namespace bitfrontier
