// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/data/law_metric.h"

#include <algorithm>
#include <cmath>

#include "core/law/data/enum_names.h"

namespace bitfrontier {
namespace {

constexpr std::pair<LawMetric, std::string_view> kMetrics[] = {
    {LawMetric::Accuracy, "accuracy"}, {LawMetric::CrossEntropy, "cross-entropy"}};

}  // namespace

std::string_view lawMetricName(LawMetric metric) {
  return kMetrics[static_cast<std::size_t>(metric)].second;
}
LawMetric parseLawMetric(std::string_view name) { return parseName(name, kMetrics, "metric"); }

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

}  // namespace bitfrontier
