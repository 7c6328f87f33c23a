// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/decide/format_guess.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

namespace bitfrontier {
namespace {

/// Mean and spread of the parameters of the formats of one width.
FormatGuess::Shift ofWidth(const std::vector<double>& values, double largest) {
  constexpr double kRelative = 0.5, kCounts = 2, kLeast = 0.02;
  const auto n = static_cast<double>(values.size());
  double sum = 0;
  for (const double v : values) sum += v;
  const double mean = sum / n;
  double squares = kCounts * kRelative * kRelative * mean * mean;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return {mean, std::max(std::sqrt(squares / (n - 1 + kCounts)), kLeast * largest)};
}

}  // namespace

FormatGuess::Shift FormatGuess::Shift::given(double measured, double expected, double slope,
                                             double variance) const {
  const double total = slope * slope * sd * sd + variance;
  if (!(total > 0)) return *this;
  const double gain = sd * sd * slope / total;
  return {mean + gain * (measured - expected), sd * std::sqrt(std::max(0.0, 1 - gain * slope))};
}

FormatGuess::Shift FormatGuess::shift(double bits, const std::vector<double>& parameters) const {
  std::map<double, std::vector<double>> widths;
  double largest = 0;
  const auto& formats = fit_->context.formats;
  for (std::size_t f = 0; f < formats.size(); ++f) {
    const double value = f == 0 ? 0 : parameters[kFirst + f - 1];
    widths[formats[f].bits].push_back(value);
    largest = std::max(largest, std::abs(value));
  }
  const auto above = widths.lower_bound(bits);
  if (above != widths.end() && above->first == bits) return ofWidth(above->second, largest);
  if (above == widths.end() || above == widths.begin()) {
    // Outside the widths: as uncertain as the nearest is far from none.
    const Shift nearest =
        ofWidth(above == widths.end() ? widths.rbegin()->second : widths.begin()->second, largest);
    return {nearest.mean, std::hypot(nearest.sd, nearest.mean)};
  }
  const auto below = std::prev(above);
  const Shift high = ofWidth(above->second, largest), low = ofWidth(below->second, largest);
  const double t = (bits - below->first) / (above->first - below->first);
  return {low.mean + t * (high.mean - low.mean),
          std::hypot(std::max(low.sd, high.sd), (high.mean - low.mean) / 2)};
}

double FormatGuess::predict(double size, double shift, std::vector<double>& parameters) const {
  const double own = parameters[kFirst];
  parameters[kFirst] = shift;
  const double value = fit_->predict(fit_->row(1, size), parameters.data());
  parameters[kFirst] = own;
  return value;
}

}  // namespace bitfrontier
