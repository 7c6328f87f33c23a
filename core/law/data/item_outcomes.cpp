// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/data/item_outcomes.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/base/error.h"

namespace bitfrontier {

void ItemOutcomes::addTask(std::string name,
                           std::span<const std::span<const std::uint8_t>> correct) {
  if (correct.size() != rows_) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("task {} has outcomes of {} configurations, not {}", name,
                            correct.size(), rows_));
  }
  Task task;
  task.name = std::move(name);
  task.items = rows_ == 0 ? 0 : correct[0].size();
  if (task.items == 0) {
    throw Error(ErrorKind::InvalidArgument, fmt::format("task {} has no items", task.name));
  }
  task.words = (task.items + 63) / 64;
  task.bits.assign(rows_ * task.words, 0);
  task.right.assign(rows_, 0);
  for (std::size_t i = 0; i < rows_; ++i) {
    if (correct[i].size() != task.items) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("task {} has {} items for one configuration and {} for another",
                              task.name, task.items, correct[i].size()));
    }
    for (std::size_t j = 0; j < task.items; ++j) {
      if (correct[i][j] > 1) {
        throw Error(ErrorKind::InvalidArgument,
                    fmt::format("task {} has outcome {} of item {}", task.name, correct[i][j], j));
      }
      if (correct[i][j] == 1) {
        task.bits[i * task.words + j / 64] |= std::uint64_t{1} << (j % 64);
        ++task.right[i];
      }
    }
  }
  tasks_.push_back(std::move(task));
}

ItemOutcomes ItemOutcomes::subset(std::span<const std::size_t> rows) const {
  ItemOutcomes part(rows.size());
  for (const Task& task : tasks_) {
    Task copy{task.name, task.items, task.words, {}, {}};
    copy.bits.reserve(rows.size() * task.words);
    for (const std::size_t row : rows) {
      if (row >= rows_) throw Error(ErrorKind::InvalidArgument, "no such row of outcomes");
      const auto begin = task.bits.begin() + static_cast<std::ptrdiff_t>(row * task.words);
      copy.bits.insert(copy.bits.end(), begin, begin + static_cast<std::ptrdiff_t>(task.words));
      copy.right.push_back(task.right[row]);
    }
    part.tasks_.push_back(std::move(copy));
  }
  return part;
}

double ItemOutcomes::accuracy(std::size_t row) const {
  double sum = 0;
  for (const Task& task : tasks_) {
    sum += static_cast<double>(task.right[row]) / static_cast<double>(task.items);
  }
  return sum / static_cast<double>(tasks_.size());
}

std::size_t ItemOutcomes::items() const {
  std::size_t sum = 0;
  for (const Task& task : tasks_) sum += task.items;
  return sum;
}

std::optional<std::size_t> ItemOutcomes::unlikeAll(const std::vector<bool>& judged) const {
  constexpr std::size_t kFewestItems = 400;
  constexpr double kDeviations = 4;
  if (items() < kFewestItems || rows_ < 2) return std::nullopt;
  const double chance = kDeviations / std::sqrt(static_cast<double>(items()));
  std::vector<bool> alike(rows_, false);
  for (std::size_t i = 0; i < rows_; ++i) {
    if (!judged[i]) continue;
    // Neighbours first: most often formats of the same model.
    for (std::size_t step = 1; step < rows_ && !alike[i]; ++step) {
      for (const std::size_t k : {i + step, i - step}) {
        if (k >= rows_ || agreement(i, k) <= chance) continue;
        alike[i] = alike[k] = true;
      }
    }
    if (!alike[i]) return i;
  }
  return std::nullopt;
}

double ItemOutcomes::agreement(std::size_t i, std::size_t k) const {
  double together = 0, ofI = 0, ofK = 0;
  for (const Task& task : tasks_) {
    const auto n = static_cast<double>(task.items);
    const double pi = static_cast<double>(task.right[i]) / n;
    const double pk = static_cast<double>(task.right[k]) / n;
    together += static_cast<double>(bothRight(task, i, k)) - n * pi * pk;
    ofI += n * pi * (1 - pi);
    ofK += n * pk * (1 - pk);
  }
  return ofI > 0 && ofK > 0 ? together / std::sqrt(ofI * ofK) : 0;
}

std::size_t ItemOutcomes::bothRight(const Task& task, std::size_t i, std::size_t k) {
  const std::uint64_t* a = task.bits.data() + i * task.words;
  const std::uint64_t* b = task.bits.data() + k * task.words;
  std::size_t both = 0;
  for (std::size_t w = 0; w < task.words; ++w) {
    both += static_cast<std::size_t>(std::popcount(a[w] & b[w]));
  }
  return both;
}

SymmetricMatrix ItemOutcomes::covariance() const {
  SymmetricMatrix matrix{rows_, std::vector<double>(rows_ * rows_, 0)};
  const double tasks = static_cast<double>(tasks_.size());
  for (const Task& task : tasks_) {
    const auto n = static_cast<double>(task.items);
    for (std::size_t i = 0; i < rows_; ++i) {
      const double pi = static_cast<double>(task.right[i]) / n;
      for (std::size_t k = 0; k <= i; ++k) {
        double value = 0;
        if (k == i) {
          value = std::max(pi * (1 - pi), 1 / n) / n;
        } else {
          const double pk = static_cast<double>(task.right[k]) / n;
          value = (static_cast<double>(bothRight(task, i, k)) / n - pi * pk) / n;
        }
        matrix.values[i * rows_ + k] += value / (tasks * tasks);
      }
    }
  }
  for (std::size_t i = 0; i < rows_; ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      matrix.values[k * rows_ + i] = matrix.values[i * rows_ + k];
    }
  }
  return matrix;
}

double pairedDifferenceSe(std::size_t onlyFirst, std::size_t onlySecond, std::size_t items) {
  const auto a = static_cast<double>(onlyFirst), b = static_cast<double>(onlySecond);
  const auto n = static_cast<double>(items);
  return std::sqrt(std::max(0.0, a + b - (a - b) * (a - b) / n)) / n;
}

}  // namespace bitfrontier
