// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace bitfrontier {

/// Values y that shall be told apart by a code table, with the weight each one's squared error has.
struct WeightedValue {
  float value;
  float weight;
};

/// The table of at most `codes` values with the least weighted squared error (1-D k-means): exact
/// over 1024 bins of the values' range by dynamic programming, then Lloyd iterations on the values
/// themselves until nothing moves (at most 100). Ascending; deterministic. Empty input gives zeros.
std::vector<float> learnedCodebook(std::span<const WeightedValue> values, int codes);

}  // namespace bitfrontier
