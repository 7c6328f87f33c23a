// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/decide/frontier_probability.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace bitfrontier {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool usable(double cost, double value) {
  return std::isfinite(cost) && cost > 0 && std::isfinite(value);
}

/// Places of costs in one pass: positive doubles have the order of their bits, so the leading ones
/// put them into some thousand bins of rising cost.
class CostBins {
 public:
  CostBins(std::span<const double> costs, std::span<const double> values) {
    constexpr std::uint64_t kBins = 4096;
    std::uint64_t low = std::numeric_limits<std::uint64_t>::max(), high = 0;
    for (std::size_t i = 0; i < costs.size(); ++i) {
      if (!usable(costs[i], values[i])) continue;
      low = std::min(low, std::bit_cast<std::uint64_t>(costs[i]));
      high = std::max(high, std::bit_cast<std::uint64_t>(costs[i]));
    }
    if (low > high) return;
    low_ = low;
    while ((high - low) >> shift_ >= kBins) ++shift_;
    bins_ = static_cast<std::size_t>((high - low) >> shift_) + 1;
  }
  std::size_t count() const { return bins_; }
  std::size_t of(double cost) const {
    return static_cast<std::size_t>((std::bit_cast<std::uint64_t>(cost) - low_) >> shift_);
  }

 private:
  std::uint64_t low_ = 0;
  int shift_ = 0;
  std::size_t bins_ = 0;
};

}  // namespace

std::vector<std::size_t> paretoFrontier(std::span<const double> costs,
                                        std::span<const double> values) {
  struct Entry {
    double cost, value;
    std::size_t index;
  };
  // What a cheaper bin equals or beats is not on it; few entries are left to be sorted.
  const CostBins bins(costs, values);
  std::vector<double> best(bins.count() + 1, -kInfinity);  // of all bins below
  for (std::size_t i = 0; i < costs.size(); ++i) {
    if (!usable(costs[i], values[i])) continue;
    double& top = best[bins.of(costs[i]) + 1];
    top = std::max(top, values[i]);
  }
  for (std::size_t b = 1; b < best.size(); ++b) best[b] = std::max(best[b], best[b - 1]);
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    if (usable(costs[i], values[i]) && values[i] > best[bins.of(costs[i])]) {
      entries.push_back({costs[i], values[i], i});
    }
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    if (a.cost != b.cost) return a.cost < b.cost;
    if (a.value != b.value) return a.value > b.value;
    return a.index < b.index;
  });
  std::vector<std::size_t> frontier;
  double top = -kInfinity, topCost = 0;
  for (const Entry& e : entries) {
    if (e.value > top) {
      top = e.value;
      topCost = e.cost;
    } else if (e.value != top || e.cost != topCost) {
      continue;
    }
    frontier.push_back(e.index);
  }
  return frontier;
}

std::vector<std::size_t> frontierCandidates(std::span<const double> costs,
                                            std::span<const double> values,
                                            std::span<const double> standardErrors, double sigmas) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    if (usable(costs[i], values[i])) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return costs[a] != costs[b] ? costs[a] < costs[b] : a < b;
  });
  const auto margin = [&](std::size_t i) {
    return std::isfinite(standardErrors[i]) ? sigmas * standardErrors[i] : 0;
  };
  std::vector<std::size_t> kept;
  // What some entry that costs no more has for certain.
  double certain = -kInfinity;
  for (std::size_t at = 0; at < order.size();) {
    std::size_t end = at;
    for (; end < order.size() && costs[order[end]] == costs[order[at]]; ++end) {
      certain = std::max(certain, values[order[end]] - margin(order[end]));
    }
    for (; at < end; ++at) {
      if (values[order[at]] + margin(order[at]) >= certain) kept.push_back(order[at]);
    }
  }
  std::sort(kept.begin(), kept.end());
  return kept;
}

std::vector<double> frontierProbability(std::span<const double> costs, const Draws& draws) {
  std::vector<double> probability(costs.size(), 0);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    if (usable(costs[i], 0)) order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return costs[a] < costs[b]; });
  for (std::size_t s = 0; s < draws.count; ++s) {
    const auto value = draws.row(s);
    double best = -kInfinity;
    for (std::size_t at = 0; at < order.size();) {
      // All of one cost at once: only the best of them can be on the frontier.
      std::size_t end = at, ties = 0;
      double top = -kInfinity;
      for (; end < order.size() && costs[order[end]] == costs[order[at]]; ++end) {
        const double v = value[order[end]];
        if (v > top) {
          top = v;
          ties = 0;
        }
        ties += v == top ? 1 : 0;
      }
      for (; at < end; ++at) {
        if (top > best && value[order[at]] == top) {
          probability[order[at]] += 1.0 / static_cast<double>(ties);
        }
      }
      best = std::max(best, top);
    }
  }
  for (double& p : probability) p /= static_cast<double>(std::max<std::size_t>(draws.count, 1));
  return probability;
}

std::vector<double> bestProbability(std::span<const double> costs, const Draws& draws,
                                    double budget) {
  std::vector<double> probability(costs.size(), 0);
  std::vector<std::size_t> fits;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    if (usable(costs[i], 0) && costs[i] <= budget) fits.push_back(i);
  }
  for (std::size_t s = 0; s < draws.count; ++s) {
    const auto value = draws.row(s);
    double top = -kInfinity;
    std::size_t ties = 0;
    for (const std::size_t i : fits) {
      if (value[i] > top) {
        top = value[i];
        ties = 0;
      }
      ties += value[i] == top ? 1 : 0;
    }
    for (const std::size_t i : fits) {
      if (value[i] == top) probability[i] += 1.0 / static_cast<double>(ties * draws.count);
    }
  }
  return probability;
}

}  // namespace bitfrontier
