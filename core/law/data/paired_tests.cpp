// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/data/paired_tests.h"

#include <boost/math/distributions/binomial.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "core/law/data/item_resampling.h"
#include "core/law/numeric/quantile.h"

namespace bitfrontier {
namespace {

/// Indices of finite values, ascending by value.
std::vector<std::size_t> ascending(std::span<const double> p) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (std::isfinite(p[i])) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  return order;
}

}  // namespace

PairedTest comparePaired(const ItemOutcomes& outcomes, std::size_t first, std::size_t second,
                         std::size_t replicates, std::uint64_t seed, double level) {
  if (first >= outcomes.rows() || second >= outcomes.rows() || outcomes.tasks().empty()) {
    throw Error(ErrorKind::InvalidArgument, "a paired test of outcomes that are not there");
  }
  PairedTest test;
  double variance = 0;
  const auto tasks = static_cast<double>(outcomes.tasks().size());
  for (const ItemOutcomes::Task& task : outcomes.tasks()) {
    std::size_t a = 0, b = 0;
    for (std::size_t w = 0; w < task.words; ++w) {
      const std::uint64_t x = task.bits[first * task.words + w];
      const std::uint64_t y = task.bits[second * task.words + w];
      a += static_cast<std::size_t>(std::popcount(x & ~y));
      b += static_cast<std::size_t>(std::popcount(y & ~x));
    }
    test.items += task.items;
    test.onlyFirst += a;
    test.onlySecond += b;
    const auto n = static_cast<double>(task.items);
    test.difference += (static_cast<double>(b) - static_cast<double>(a)) / n / tasks;
    const double se = pairedDifferenceSe(a, b, task.items) / tasks;
    variance += se * se;
  }
  test.se = std::sqrt(variance);
  test.tie = test.onlyFirst == test.onlySecond;
  const std::size_t discordant = test.onlyFirst + test.onlySecond;
  if (discordant > 0) {
    const boost::math::binomial half(static_cast<double>(discordant), 0.5);
    const auto fewer = static_cast<double>(std::min(test.onlyFirst, test.onlySecond));
    const double tail = cdf(half, fewer);
    test.pExact = std::min(1.0, 2 * tail);
    test.pMid = test.tie ? 1.0 : std::min(1.0, 2 * tail - pdf(half, fewer));
  }
  if (replicates > 0) {
    const std::size_t rows[] = {first, second};
    addBootstrap(test, resampleAccuracies(outcomes.subset(rows), replicates, seed), 2, 0, 1, level);
  }
  return test;
}

void addBootstrap(PairedTest& test, std::span<const float> accuracies, std::size_t rows,
                  std::size_t first, std::size_t second, double level) {
  std::vector<double> differences;
  differences.reserve(accuracies.size() / rows);
  double below = 0, above = 0;
  for (std::size_t at = 0; at < accuracies.size(); at += rows) {
    const double d = double{accuracies[at + second]} - double{accuracies[at + first]};
    differences.push_back(d);
    below += d < 0 ? 1 : d == 0 ? 0.5 : 0;
    above += d > 0 ? 1 : d == 0 ? 0.5 : 0;
  }
  std::sort(differences.begin(), differences.end());
  test.lower = sortedQuantile(differences, (1 - level) / 2);
  test.upper = sortedQuantile(differences, (1 + level) / 2);
  const auto n = static_cast<double>(differences.size());
  test.pBootstrap = std::min(1.0, 2 * (std::min(below, above) + 1) / (n + 1));
}

std::vector<double> adjustHolm(std::span<const double> p) {
  std::vector<double> adjusted(p.begin(), p.end());
  const std::vector<std::size_t> order = ascending(p);
  double running = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    running = std::max(running, static_cast<double>(order.size() - i) * p[order[i]]);
    adjusted[order[i]] = std::min(1.0, running);
  }
  return adjusted;
}

std::vector<double> adjustBenjaminiHochberg(std::span<const double> p) {
  std::vector<double> adjusted(p.begin(), p.end());
  const std::vector<std::size_t> order = ascending(p);
  double running = 1;
  const auto m = static_cast<double>(order.size());
  for (std::size_t i = order.size(); i-- > 0;) {
    running = std::min(running, m / static_cast<double>(i + 1) * p[order[i]]);
    adjusted[order[i]] = running;
  }
  return adjusted;
}

}  // namespace bitfrontier
