// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/law/data/item_outcomes.h"

namespace bitfrontier {

/// Joint draws of n quantities: what they could be, given what is not known about them.
struct Draws {
  std::size_t count = 0;
  std::size_t n = 0;
  std::vector<double> values;  ///< count x n, draw-major

  Draws(std::size_t draws, std::size_t quantities)
      : count(draws), n(quantities), values(draws * quantities) {}
  std::span<double> row(std::size_t draw) { return {values.data() + draw * n, n}; }
  std::span<const double> row(std::size_t draw) const { return {values.data() + draw * n, n}; }
  /// Mean of quantity i, and the covariance of two.
  double mean(std::size_t i) const;
  double covariance(std::size_t i, std::size_t k) const;
  /// The share p of the draws of quantity i lies below; linear between draws.
  double quantile(std::size_t i, double p) const;
};

/// Bootstrap over items, paired: multinomial counts of the items of each task, the same for every
/// row, give each row's mean accuracy. Draw s depends on (seed, s) alone.
Draws resampleItems(const ItemOutcomes& items, std::size_t draws, std::uint64_t seed);

/// Independent normal draws. A standard error that is absent counts as 0.
Draws normalDraws(std::span<const double> means, std::span<const double> standardErrors,
                  std::size_t draws, std::uint64_t seed);

}  // namespace bitfrontier
