// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/learned_codebook.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace bitfrontier {
namespace {

constexpr std::size_t kCoarseBins = 1024;
constexpr int kIterations = 100;

/// Weighted moments of sorted points, summed up so that any range costs one subtraction.
struct Moments {
  std::vector<double> points, weight{0}, first{0}, second{0};

  void add(double point, double w, double wx, double wxx) {
    points.push_back(point);
    weight.push_back(weight.back() + w);
    first.push_back(first.back() + wx);
    second.push_back(second.back() + wxx);
  }
  std::size_t size() const { return points.size(); }
  /// Weighted squared distance of points [begin, end) from their mean.
  double cost(std::size_t begin, std::size_t end) const {
    const double w = weight[end] - weight[begin];
    if (w <= 0) return 0;
    const double x = first[end] - first[begin];
    return std::max(0.0, second[end] - second[begin] - x * x / w);
  }
  double mean(std::size_t begin, std::size_t end, double otherwise) const {
    const double w = weight[end] - weight[begin];
    return w > 0 ? (first[end] - first[begin]) / w : otherwise;
  }
};

/// Least cost of the first n points in one cluster more than `previous` has; `from` says where the
/// last cluster begins, which never moves left as n grows.
void extend(const Moments& moments, const std::vector<double>& previous, std::vector<double>& next,
            std::vector<std::uint32_t>& from, std::size_t low, std::size_t high, std::size_t left,
            std::size_t right) {
  if (low >= high) return;
  const std::size_t n = (low + high) / 2;
  double best = std::numeric_limits<double>::infinity();
  std::size_t at = left;
  for (std::size_t begin = left; begin <= std::min(right, n); ++begin) {
    const double cost = previous[begin] + moments.cost(begin, n);
    if (cost < best) {
      best = cost;
      at = begin;
    }
  }
  next[n] = best;
  from[n] = static_cast<std::uint32_t>(at);
  extend(moments, previous, next, from, low, n, left, at);
  extend(moments, previous, next, from, n + 1, high, at, right);
}

std::vector<double> bestCentres(const Moments& moments, std::size_t codes) {
  const std::size_t n = moments.size();
  std::vector<double> cost(n + 1);
  for (std::size_t i = 0; i <= n; ++i) cost[i] = moments.cost(0, i);
  std::vector<std::vector<std::uint32_t>> from(codes, std::vector<std::uint32_t>(n + 1, 0));
  std::vector<double> next(n + 1);
  for (std::size_t cluster = 1; cluster < codes; ++cluster) {
    extend(moments, cost, next, from[cluster], 0, n + 1, 0, n);
    cost.swap(next);
  }
  std::vector<double> centres(codes);
  std::size_t end = n;
  for (std::size_t cluster = codes; cluster-- > 0;) {
    const std::size_t begin = from[cluster][end];
    const double edge = moments.points[std::min(begin, n - 1)];
    centres[cluster] = moments.mean(begin, end, edge);
    end = begin;
  }
  std::ranges::sort(centres);
  return centres;
}

}  // namespace

std::vector<float> learnedCodebook(std::span<const WeightedValue> values, int codes) {
  const auto count = static_cast<std::size_t>(codes);
  std::vector<WeightedValue> sorted;
  sorted.reserve(values.size());
  for (const WeightedValue& value : values)
    if (value.weight > 0) sorted.push_back(value);
  if (sorted.empty()) return std::vector<float>(count, 0.0F);
  std::ranges::sort(sorted, {}, &WeightedValue::value);

  const double low = sorted.front().value;
  const double width =
      std::max((sorted.back().value - low) / static_cast<double>(kCoarseBins), 1e-30);
  Moments fine;
  Moments coarse;
  double w = 0;
  double wx = 0;
  double wxx = 0;
  std::size_t bin = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double x = sorted[i].value;
    const double weight = sorted[i].weight;
    const auto at = std::min(kCoarseBins - 1, static_cast<std::size_t>((x - low) / width));
    if (at != bin && w > 0) {
      coarse.add(wx / w, w, wx, wxx);
      w = wx = wxx = 0;
    }
    bin = at;
    w += weight;
    wx += weight * x;
    wxx += weight * x * x;
    fine.add(x, weight, weight * x, weight * x * x);
  }
  coarse.add(wx / w, w, wx, wxx);

  std::vector<double> centres = bestCentres(coarse, count);
  for (int iteration = 0; iteration < kIterations; ++iteration) {
    std::vector<double> moved = centres;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double border = i + 1 < count ? (centres[i] + centres[i + 1]) / 2
                                          : std::numeric_limits<double>::infinity();
      const auto end = static_cast<std::size_t>(
          std::upper_bound(fine.points.begin() + static_cast<std::ptrdiff_t>(begin),
                           fine.points.end(), border) -
          fine.points.begin());
      moved[i] = fine.mean(begin, end, centres[i]);
      begin = end;
    }
    if (moved == centres) break;
    centres = std::move(moved);
  }
  std::vector<float> table;
  for (const double centre : centres) table.push_back(static_cast<float>(centre));
  std::ranges::sort(table);
  return table;
}

}  // namespace bitfrontier
