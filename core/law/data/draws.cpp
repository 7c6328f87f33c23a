// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/data/draws.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "core/law/numeric/counter_rng.h"
#include "core/law/numeric/quantile.h"

namespace bitfrontier {
namespace {

/// Item counts as bit planes: a row's weighted number of right answers is then a sum of popcounts.
class CountPlanes {
 public:
  CountPlanes(std::size_t items, std::size_t words) : items_(items), words_(words) {}

  void draw(CounterRng& rng) {
    counts_.assign(items_, 0);
    for (std::size_t j = 0; j < items_; ++j) {
      ++counts_[rng.below(static_cast<std::uint32_t>(items_))];
    }
    const std::uint32_t largest = *std::max_element(counts_.begin(), counts_.end());
    planes_.assign(static_cast<std::size_t>(std::bit_width(largest)) * words_, 0);
    for (std::size_t j = 0; j < items_; ++j) {
      for (std::uint32_t c = counts_[j], plane = 0; c != 0; c >>= 1U, ++plane) {
        planes_[plane * words_ + j / 64] |= std::uint64_t{c & 1U} << (j % 64);
      }
    }
  }
  std::uint64_t weighted(const std::uint64_t* row) const {
    std::uint64_t sum = 0;
    for (std::size_t plane = 0; plane * words_ < planes_.size(); ++plane) {
      std::uint64_t ones = 0;
      for (std::size_t w = 0; w < words_; ++w) {
        ones += static_cast<std::uint64_t>(std::popcount(row[w] & planes_[plane * words_ + w]));
      }
      sum += ones << plane;
    }
    return sum;
  }

 private:
  std::size_t items_, words_;
  std::vector<std::uint32_t> counts_;
  std::vector<std::uint64_t> planes_;
};

}  // namespace

double Draws::mean(std::size_t i) const {
  double sum = 0;
  for (std::size_t s = 0; s < count; ++s) sum += values[s * n + i];
  return sum / static_cast<double>(count);
}

double Draws::covariance(std::size_t i, std::size_t k) const {
  const double mi = mean(i), mk = mean(k);
  double sum = 0;
  for (std::size_t s = 0; s < count; ++s)
    sum += (values[s * n + i] - mi) * (values[s * n + k] - mk);
  return sum / static_cast<double>(count);
}

double Draws::quantile(std::size_t i, double p) const {
  std::vector<double> column;
  column.reserve(count);
  for (std::size_t s = 0; s < count; ++s) column.push_back(values[s * n + i]);
  std::sort(column.begin(), column.end());
  return sortedQuantile(column, p);
}

Draws resampleItems(const ItemOutcomes& items, std::size_t draws, std::uint64_t seed) {
  Draws all(draws, items.rows());
  const auto tasks = static_cast<double>(items.tasks().size());
  std::vector<CountPlanes> planes;
  for (const ItemOutcomes::Task& task : items.tasks()) planes.emplace_back(task.items, task.words);
  for (std::size_t s = 0; s < draws; ++s) {
    CounterRng rng(seed, s);
    const auto row = all.row(s);
    for (std::size_t t = 0; t < planes.size(); ++t) {
      const ItemOutcomes::Task& task = items.tasks()[t];
      planes[t].draw(rng);
      const double scale = 1 / (static_cast<double>(task.items) * tasks);
      for (std::size_t i = 0; i < row.size(); ++i) {
        row[i] += scale * static_cast<double>(planes[t].weighted(&task.bits[i * task.words]));
      }
    }
  }
  return all;
}

Draws normalDraws(std::span<const double> means, std::span<const double> standardErrors,
                  std::size_t draws, std::uint64_t seed) {
  Draws all(draws, means.size());
  for (std::size_t s = 0; s < draws; ++s) {
    CounterRng rng(seed, s);
    const auto row = all.row(s);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const double se = standardErrors[i];
      row[i] = means[i] + (std::isfinite(se) ? se * rng.normal() : 0);
    }
  }
  return all;
}

}  // namespace bitfrontier
