// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/job.h"
#include "core/law/data/item_outcomes.h"

namespace bitfrontier {

/// How often an item counts in a replicate.
enum class ItemWeights {
  Multinomial,  ///< n draws with replacement from n items
  Poisson,      ///< each item Poisson(1) times
};

/// Mean accuracies of all rows for replicates of the item sample, the same items for every row and
/// drawn within each task. Entry [r * rows + i] is row i in replicate r; the same numbers for the
/// same seed whatever the number of threads. Poisson replicates without any item give NaN.
///
/// One row takes items / 64 words x the bits of the largest weight (about 3): 35,000 task rows of
/// 4,600 items are 4 CPU seconds for 1,000 replicates.
std::vector<float> resampleAccuracies(const ItemOutcomes& outcomes, std::size_t replicates,
                                      std::uint64_t seed,
                                      ItemWeights weights = ItemWeights::Multinomial,
                                      int threads = 1, const JobContext& job = {});

/// Item weights of one replicate of task number `task`.
std::vector<std::uint8_t> itemWeights(std::size_t items, std::uint64_t seed, std::size_t task,
                                      std::size_t replicate, ItemWeights weights);

}  // namespace bitfrontier
