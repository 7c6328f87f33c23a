// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/number_text.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>

namespace bitfrontier {
namespace {

/// `value` in the first of `units`, a thousand apart, in which it rounds to three digits.
std::string scaled(double value, const std::array<std::string_view, 5>& units) {
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < units.size()) {
    value /= 1000;
    ++unit;
  }
  // Beyond the last unit, and below the first, whole numbers.
  if (value >= 999.5 || unit == 0) return fmt::format("{:.0f}{}", value, units[unit]);
  return fmt::format("{:.3g}{}", value, units[unit]);
}

}  // namespace

std::string formatBytes(double bits) {
  return scaled(bits / 8, {" B", " kB", " MB", " GB", " TB"});
}

std::string formatCount(double value) { return scaled(value, {"", "k", "M", "B", "T"}); }

std::string formatDuration(double seconds) {
  if (!(seconds >= 1)) return "less than 1 s";
  const auto total = static_cast<long long>(std::llround(seconds));
  const long long hours = total / 3600;
  const long long minutes = total / 60 % 60;
  if (hours > 0) return fmt::format("{} h {} min", hours, minutes);
  if (minutes > 0) return fmt::format("{} min {} s", minutes, total % 60);
  return fmt::format("{} s", total);
}

}  // namespace bitfrontier
