// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/memory_calibration.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace bitfrontier {

MemoryCalibration::MemoryCalibration(std::span<const RunRecord> runs, std::string device)
    : device_(std::move(device)) {
  using Key = std::tuple<std::string, std::string, std::string>;
  std::map<Key, std::pair<double, double>> cells;  // predicted, measured
  for (const RunRecord& run : runs) {
    if (run.device != device_ || run.peakMemory <= 0 || run.predictedMemory <= 0) continue;
    if (run.status == RunStatus::Failed || run.status == RunStatus::Cancelled) continue;
    ++runs_;
    auto& [predicted, measured] = cells[{run.modelHash, run.config, run.calibration}];
    predicted = std::max(predicted, static_cast<double>(run.predictedMemory));
    measured = std::max(measured, static_cast<double>(run.peakMemory));
  }
  cells_ = cells.size();
  if (!known()) return;
  // measured / predicted = factor + offset / predicted: a line in x = 1 / predicted.
  const auto n = static_cast<double>(cells_);
  double x = 0, y = 0, least = HUGE_VAL, most = 0;
  for (const auto& [key, cell] : cells) {
    x += 1 / cell.first / n;
    y += cell.second / cell.first / n;
    least = std::min(least, cell.first);
    most = std::max(most, cell.first);
  }
  double xx = 0, xy = 0;
  for (const auto& [key, cell] : cells) {
    xx += (1 / cell.first - x) * (1 / cell.first - x);
    xy += (1 / cell.first - x) * (cell.second / cell.first - y);
  }
  constexpr double kAlike = 1.2;  // predictions closer than this tell no slope
  const bool line = most > kAlike * least && cells_ > kLeast;
  offset_ = line ? xy / xx : 0;
  factor_ = y - offset_ * x;
  double squares = 0;
  for (const auto& [key, cell] : cells) {
    const double residual = cell.second / cell.first - factor_ - offset_ / cell.first;
    squares += residual * residual;
  }
  const double freedom = n - (line ? 2 : 1);
  noise_ = std::sqrt(squares / freedom);
  quantile_ = boost::math::quantile(boost::math::students_t(freedom), 0.975);
  const double variance = noise_ * noise_;
  vOffset_ = line ? variance / xx : 0;
  vBoth_ = -x * vOffset_;
  vFactor_ = variance / n + x * x * vOffset_;
}

MemoryEstimate MemoryCalibration::estimate(double predicted) const {
  if (!known() || !(predicted > 0)) return {predicted, predicted, predicted};
  const double x = 1 / predicted;
  const double variance = noise_ * noise_ + vFactor_ + 2 * x * vBoth_ + x * x * vOffset_;
  const double bytes = factor_ * predicted + offset_;
  const double half = quantile_ * predicted * std::sqrt(std::max(0.0, variance));
  return {std::max(0.0, bytes), std::max(0.0, bytes - half), std::max(0.0, bytes + half)};
}

std::string MemoryCalibration::text() const {
  if (known()) return fmt::format("calibrated on {} runs of {}", runs_, device_);
  if (runs_ == 0) {
    return device_.empty() ? "not calibrated"
                           : fmt::format("not calibrated: no measured peaks of {}", device_);
  }
  return fmt::format("not calibrated: measured peaks of {} configuration{} of {}, it takes {}",
                     cells_, cells_ == 1 ? "" : "s", device_, kLeast);
}

}  // namespace bitfrontier
