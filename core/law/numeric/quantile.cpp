// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/numeric/quantile.h"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace bitfrontier {

double sortedQuantile(std::span<const double> sorted, double p) {
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double at = std::clamp(p, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
  const auto left = static_cast<std::size_t>(at);
  const std::size_t right = std::min(left + 1, sorted.size() - 1);
  return sorted[left] + (at - static_cast<double>(left)) * (sorted[right] - sorted[left]);
}

}  // namespace bitfrontier
