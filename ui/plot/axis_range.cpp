// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/axis_range.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace bitfrontier {

QCPRange saneRange(const QCPRange& range, const AxisLimits& limits) {
  double low = range.lower, high = range.upper;
  if (!std::isfinite(low) || !std::isfinite(high))
    return limits.log ? QCPRange(limits.least, limits.most) : QCPRange(0, 1);
  if (low > high) std::swap(low, high);
  if (!limits.log) {
    low = std::clamp(low, -limits.most, limits.most);
    high = std::clamp(high, -limits.most, limits.most);
    const double narrowest = std::max({std::abs(low), std::abs(high), 1e-3}) * 1e-6;
    if (high - low >= narrowest) return {low, high};
    const double center = (low + high) / 2;
    return {center - narrowest / 2, center + narrowest / 2};
  }
  constexpr double kNarrowest = 1.02;
  if (low >= limits.least && high <= limits.most && high / low >= kNarrowest) return {low, high};
  const double center = std::clamp(std::sqrt(std::max(low, 1e-300) * std::max(high, 1e-300)),
                                   limits.least * 2, limits.most / 2);
  return {std::clamp(low, limits.least, center / std::sqrt(kNarrowest)),
          std::clamp(high, center * std::sqrt(kNarrowest), limits.most)};
}

QCPRange paddedRange(double low, double high, bool log, bool horizontal) {
  if (log) {
    const double factor = std::max(horizontal ? 1.25 : 1.03, std::pow(high / low, 0.04));
    return {low / factor, high * factor};
  }
  const double size = std::max(1.0, std::abs(high));
  const double pad = std::max(0.06 * (high - low), 1e-3 * size);
  return {low - pad, high + pad};
}

}  // namespace bitfrontier
