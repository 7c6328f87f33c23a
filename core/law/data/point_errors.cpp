// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/data/point_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace bitfrontier {
namespace {

bool isShare(double value) { return value >= 0 && value <= 1; }

bool hasMetric(const LawPoint& point, LawMetric metric) {
  const double value = metricOf(point, metric);
  return metric == LawMetric::Accuracy ? isShare(value) : std::isfinite(value) && value > 0;
}

bool isError(double se) { return std::isfinite(se) && se > 0; }

/// As many items as a share with this error has; inverse of shareError.
double itemsOf(double share, double se) {
  return std::max(share * (1 - share) / (se * se) + 1, 1 / se - 2);
}

double medianOf(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

double shareError(double share, double items) {
  if (!isShare(share) || !(items >= 1) || !std::isfinite(items)) return LawPoint::kAbsent;
  const double least = std::sqrt((items + 1) / (items + 3)) / (items + 2);
  if (items == 1) return least;
  return std::max(std::sqrt(share * (1 - share) / (items - 1)), least);
}

std::string PointErrors::note() const {
  if (assumed == 0) return {};
  const std::string who =
      fmt::format("{} of {} points {} no standard error: {} with", assumed, own + assumed,
                  assumed == 1 ? "has" : "have", assumed == 1 ? "it counts" : "they count");
  return metric == LawMetric::Accuracy
             ? fmt::format("{} that of {:.0f} items, the median of the others", who, median)
             : fmt::format("{} {:.2g} % of {} cross-entropy, the median of the others", who,
                           100 * median, assumed == 1 ? "its" : "their");
}

PointErrors pointErrors(std::span<const LawPoint> points, LawMetric metric) {
  PointErrors errors;
  errors.metric = metric;
  errors.values.assign(points.size(), LawPoint::kAbsent);
  std::vector<double> known;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double value = metricOf(points[i], metric), se = metricSeOf(points[i], metric);
    if (!hasMetric(points[i], metric) || !isError(se)) continue;
    errors.values[i] = se;
    known.push_back(metric == LawMetric::Accuracy ? itemsOf(value, se) : se / value);
  }
  errors.own = known.size();
  if (known.empty()) return errors;
  errors.median = medianOf(std::move(known));
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (!hasMetric(points[i], metric) || std::isfinite(errors.values[i])) continue;
    const double value = metricOf(points[i], metric);
    errors.values[i] = metric == LawMetric::Accuracy
                           ? shareError(value, std::max(errors.median, 1.0))
                           : errors.median * value;
    ++errors.assumed;
  }
  return errors;
}

}  // namespace bitfrontier
