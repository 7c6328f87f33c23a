// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/law/data/law_point.h"

namespace bitfrontier {

/// What is on the vertical axis.
enum class LawMetric { Accuracy, CrossEntropy };

/// "accuracy", "cross-entropy".
std::string_view lawMetricName(LawMetric metric);
/// Inverse of lawMetricName. Throws Error(InvalidArgument) listing the names.
LawMetric parseLawMetric(std::string_view name);
/// The point's value of the metric, and its standard error; NaN when absent.
double metricOf(const LawPoint& point, LawMetric metric);
double metricSeOf(const LawPoint& point, LawMetric metric);
/// Names of the tasks behind it.
const std::string& tasksOf(const LawPoint& point, LawMetric metric);
/// What to look at when nobody says: accuracy, or cross-entropy where no point has an accuracy and
/// some have that (a table of perplexities).
LawMetric defaultMetric(std::span<const LawPoint> points);

}  // namespace bitfrontier
