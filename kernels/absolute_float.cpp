// SPDX-License-Identifier: GPL-3.0-or-later
/// Absolute float tables. A weight divided by the largest magnitude of its block of B normal values
/// is that largest value itself (+-1, probability 1/B) or lies inside with
///   P(|x| <= t) = integral of f(m) (2 Phi(t m) - 1) / (2 Phi(m) - 1) dm,
/// f the density of the largest magnitude. Least absolute error wants each code at the median of
/// its cell, and cells end half-way between codes: given the first code, the others follow one by
/// one, and the first is found by bisection such that the last is 1.
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>
#include <stdexcept>
#include <string>

#include "kernels/codebook.h"

namespace bitfrontier {
namespace {

class NormalisedMagnitude {
 public:
  explicit NormalisedMagnitude(std::int64_t blockSize) {
    const auto block = static_cast<double>(blockSize);
    constexpr int kSteps = 800;  // Simpson; the integrand is smooth and vanishes at both ends
    constexpr double kLargest = 9.0;
    const double step = kLargest / kSteps;
    for (int i = 1; i < kSteps; ++i) {
      const double m = i * step;
      const double inside = std::erf(m / std::numbers::sqrt2);
      const double density = (block - 1.0) * std::exp((block - 2.0) * std::log(inside)) *
                             std::sqrt(2.0 / std::numbers::pi) * std::exp(-m * m / 2.0);
      const double weight = density * step / 3.0 * (i % 2 == 0 ? 2.0 : 4.0);
      if (weight > 1e-20) nodes_.push_back({m, weight});
    }
    top_ = cumulative(1.0);
  }

  /// P(|x| <= t and x is not the largest).
  double cumulative(double t) const {
    double sum = 0.0;
    for (const Node& node : nodes_) sum += node.weight * std::erf(t * node.m / std::numbers::sqrt2);
    return sum;
  }
  double density(double t) const {
    double sum = 0.0;
    for (const Node& node : nodes_)
      sum += node.weight * node.m * std::exp(-t * t * node.m * node.m / 2.0);
    return sum * std::sqrt(2.0 / std::numbers::pi);
  }
  double top() const { return top_; }

  /// The t in [from, 1] with cumulative(t) = p; Newton inside a shrinking bracket.
  double inverse(double p, double from) const {
    double low = from;
    double high = 1.0;
    double t = from;
    for (int i = 0; i < 60 && high - low > 1e-14; ++i) {
      const double error = cumulative(t) - p;
      (error < 0.0 ? low : high) = t;
      const double slope = density(t);
      double next = slope > 0.0 ? t - error / slope : low;
      if (std::abs(error) < 1e-15) return t;
      if (next <= low || next >= high) next = (low + high) / 2.0;
      t = next;
    }
    return t;
  }

 private:
  struct Node {
    double m, weight;
  };
  std::vector<Node> nodes_;
  double top_ = 0.0;
};

/// Codes of one side from the first one; stops behind the first that is above 1.
std::vector<double> continued(const NormalisedMagnitude& x, double first, int count) {
  std::vector<double> codes = {first};
  while (static_cast<int>(codes.size()) < count && codes.back() <= 1.0) {
    const double code = codes.back();
    const double cellBegin = codes.size() == 1 ? 0.0 : (codes[codes.size() - 2] + code) / 2.0;
    const double target = 2.0 * x.cumulative(code) - x.cumulative(cellBegin);
    codes.push_back(target >= x.top() ? 2.0 : 2.0 * x.inverse(target, code) - code);
  }
  return codes;
}

std::vector<double> oneSide(const NormalisedMagnitude& x, int count) {
  if (count == 1) return {1.0};
  double low = 0.0;
  double high = 1.0;
  for (int i = 0; i < 52; ++i) {
    const double middle = (low + high) / 2.0;
    (continued(x, middle, count).back() > 1.0 ? high : low) = middle;
  }
  std::vector<double> codes = continued(x, low, count);
  codes.resize(static_cast<std::size_t>(count), 1.0);
  codes.back() = 1.0;
  return codes;
}

std::vector<float> solve(int bits, std::int64_t blockSize) {
  const NormalisedMagnitude x(blockSize);
  const int positive = 1 << (bits - 1);
  std::vector<float> table;
  const std::vector<double> below = oneSide(x, positive - 1);
  for (auto code = below.rbegin(); code != below.rend(); ++code)
    table.push_back(static_cast<float>(-*code));
  table.push_back(0.0F);
  for (const double code : oneSide(x, positive)) table.push_back(static_cast<float>(code));
  return table;
}

}  // namespace

std::vector<float> absoluteFloatCodebook(int bits, std::int64_t blockSize) {
  if (bits < 2 || bits > 8)
    throw std::invalid_argument("absolute float has 2 to 8 bits, not " + std::to_string(bits));
  if (blockSize < 2 || blockSize > 65536)
    throw std::invalid_argument("absolute float has blocks of 2 to 65536 weights, not " +
                                std::to_string(blockSize));
  static std::mutex mutex;
  static std::map<std::pair<int, std::int64_t>, std::vector<float>> known;
  const std::lock_guard lock(mutex);
  std::vector<float>& table = known[{bits, blockSize}];
  if (table.empty()) table = solve(bits, blockSize);
  return table;
}

}  // namespace bitfrontier
