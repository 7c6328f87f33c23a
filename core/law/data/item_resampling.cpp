// SPDX-License-Identifier: GPL-3.0-or-later
// Weighted counts of right answers by bit planes: weights are small whole numbers, so a weighted
// sum over items is sum_b 2^b popcount(outcomes & plane_b).

#include "core/law/data/item_resampling.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/base/parallel.h"
#include "core/law/numeric/counter_rng.h"

namespace bitfrontier {
namespace {

constexpr std::size_t kBlock = 16;  // replicates whose planes stay in the first-level cache
constexpr std::size_t kRows = 64;   // rows of one unit of work

/// The planes of one replicate, one after the other.
struct Planes {
  std::vector<std::uint64_t> words;
  std::size_t planes = 0;
  double total = 0;  ///< sum of weights
};

using CountFunction = std::uint64_t (*)(const std::uint64_t* bits, const std::uint64_t* planes,
                                        std::size_t words, std::size_t count);

// Always inlined, so that each caller below compiles it for its own instruction set.
[[gnu::always_inline]] inline std::uint64_t countPlanes(const std::uint64_t* bits,
                                                        const std::uint64_t* planes,
                                                        std::size_t words, std::size_t count) {
  std::uint64_t sum = 0;
  for (std::size_t b = 0; b < count; ++b) {
    const std::uint64_t* plane = planes + b * words;
    std::uint64_t ones = 0;
    for (std::size_t w = 0; w < words; ++w) {
      ones += static_cast<std::uint64_t>(std::popcount(bits[w] & plane[w]));
    }
    sum += ones << b;
  }
  return sum;
}

std::uint64_t countPortable(const std::uint64_t* bits, const std::uint64_t* planes,
                            std::size_t words, std::size_t count) {
  return countPlanes(bits, planes, words, count);
}

#if defined(__x86_64__)
[[gnu::target("popcnt")]] std::uint64_t countPopcnt(const std::uint64_t* bits,
                                                    const std::uint64_t* planes, std::size_t words,
                                                    std::size_t count) {
  return countPlanes(bits, planes, words, count);
}
#endif

CountFunction chooseCount() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("popcnt") != 0) return countPopcnt;
#endif
  return countPortable;
}

Planes makePlanes(const std::vector<std::uint8_t>& weights, std::size_t words) {
  Planes result;
  std::uint8_t largest = 0;
  for (const std::uint8_t w : weights) {
    largest = std::max(largest, w);
    result.total += w;
  }
  result.planes = static_cast<std::size_t>(std::bit_width(largest));
  result.words.assign(result.planes * words, 0);
  for (std::size_t j = 0; j < weights.size(); ++j) {
    for (std::size_t b = 0; b < result.planes; ++b) {
      const auto bit = static_cast<std::uint64_t>((weights[j] >> b) & 1);
      result.words[b * words + j / 64] |= bit << (j % 64);
    }
  }
  return result;
}

}  // namespace

std::vector<std::uint8_t> itemWeights(std::size_t items, std::uint64_t seed, std::size_t task,
                                      std::size_t replicate, ItemWeights weights) {
  CounterRng rng(seed ^ (0x9e3779b97f4a7c15U * (task + 1)), replicate);
  std::vector<std::uint8_t> counts(items, 0);
  if (weights == ItemWeights::Poisson) {
    for (std::uint8_t& c : counts) c = static_cast<std::uint8_t>(rng.poisson1());
  } else {
    const auto n = static_cast<std::uint32_t>(items);
    for (std::size_t j = 0; j < items; ++j) {
      std::uint8_t& c = counts[rng.below(n)];
      if (c < 255) ++c;
    }
  }
  return counts;
}

std::vector<float> resampleAccuracies(const ItemOutcomes& outcomes, std::size_t replicates,
                                      std::uint64_t seed, ItemWeights weights, int threads,
                                      const JobContext& job) {
  static const CountFunction count = chooseCount();
  const std::size_t rows = outcomes.rows(), tasks = outcomes.tasks().size();
  std::vector<float> result(replicates * rows, 0);
  const std::size_t blocks = (replicates + kBlock - 1) / kBlock;
  parallelFor(blocks, 1, threads, job, [&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t block = begin; block < end; ++block) {
      const std::size_t first = block * kBlock, last = std::min(first + kBlock, replicates);
      for (std::size_t t = 0; t < tasks; ++t) {
        const ItemOutcomes::Task& task = outcomes.tasks()[t];
        std::vector<Planes> planes;
        for (std::size_t r = first; r < last; ++r) {
          planes.push_back(makePlanes(itemWeights(task.items, seed, t, r, weights), task.words));
        }
        for (std::size_t from = 0; from < rows; from += kRows) {
          const std::size_t to = std::min(from + kRows, rows);
          for (std::size_t r = first; r < last; ++r) {
            const Planes& p = planes[r - first];
            const double scale = p.total > 0 ? 1 / (p.total * static_cast<double>(tasks))
                                             : std::numeric_limits<double>::quiet_NaN();
            float* out = result.data() + r * rows;
            for (std::size_t i = from; i < to; ++i) {
              const std::uint64_t right =
                  count(task.bits.data() + i * task.words, p.words.data(), task.words, p.planes);
              out[i] += static_cast<float>(static_cast<double>(right) * scale);
            }
          }
        }
      }
    }
  });
  return result;
}

}  // namespace bitfrontier
