// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/decide/early_stop.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

double meanOf(std::span<const std::uint8_t> outcomes) {
  const auto right = std::count(outcomes.begin(), outcomes.end(), std::uint8_t{1});
  return static_cast<double>(right) / static_cast<double>(outcomes.size());
}

/// Estimate of one task and the sum of its squared residuals.
struct TaskMean {
  double estimate = 0;
  double squares = 0;
};

TaskMean regress(const PartialTask& task) {
  const double y = meanOf(task.correct);
  const auto n = static_cast<double>(task.correct.size());
  if (task.control.empty()) return {y, n * y * (1 - y)};
  const double z = meanOf(task.control);
  double both = 0;
  for (std::size_t i = 0; i < task.correct.size(); ++i) {
    both += task.correct[i] != 0 && task.control[i] != 0 ? 1 : 0;
  }
  const double yy = n * y * (1 - y), zz = n * z * (1 - z), yz = both - n * y * z;
  const double slope = zz > 0 ? std::clamp(yz / zz, 0.0, 1.0) : 0;
  return {y - slope * (z - task.controlMean), yy - 2 * slope * yz + slope * slope * zz};
}

}  // namespace

double lookLevel(double alpha, std::size_t looks) {
  return alpha / static_cast<double>(std::max<std::size_t>(looks, 1));
}

PartialMean partialMean(std::span<const PartialTask> tasks, double level) {
  PartialMean mean;
  double variance = 0, freedom = 0, heaviest = 0;
  const double weight = 1 / static_cast<double>(tasks.size());
  for (const PartialTask& task : tasks) {
    const auto n = static_cast<double>(task.correct.size());
    const auto all = static_cast<double>(task.all);
    if (n < 1 || n > all || (!task.control.empty() && task.control.size() != task.correct.size())) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{} outcomes and {} of a control cannot be of {} items", n,
                              task.control.size(), all));
    }
    if (n == all) {
      mean.estimate += weight * meanOf(task.correct);
      continue;
    }
    const TaskMean part = regress(task);
    mean.estimate += weight * part.estimate;
    variance += weight * weight * (1 - n / all) * (std::max(0.0, part.squares) + 1) / (n * n);
    freedom += n - 2;
    heaviest = std::max(heaviest, weight / n);
  }
  mean.se = std::sqrt(variance);
  mean.upper = mean.estimate;
  if (heaviest > 0) {
    const boost::math::students_t t(std::max(1.0, freedom));
    const double q = boost::math::quantile(boost::math::complement(t, level));
    mean.upper += q * mean.se + (q * q + 2) / 3 * heaviest;
  }
  return mean;
}

}  // namespace bitfrontier
