// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/item_outcomes.h"

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

SymmetricMatrix ItemOutcomes::covariance() const {
  SymmetricMatrix matrix{rows_, std::vector<double>(rows_ * rows_, 0)};
  const double tasks = static_cast<double>(tasks_.size());
  for (const Task& task : tasks_) {
    const auto n = static_cast<double>(task.items);
    const auto row = [&](std::size_t i) { return task.bits.data() + i * task.words; };
    for (std::size_t i = 0; i < rows_; ++i) {
      const double pi = static_cast<double>(task.right[i]) / n;
      for (std::size_t k = 0; k <= i; ++k) {
        double value = 0;
        if (k == i) {
          value = std::max(pi * (1 - pi), 1 / n) / n;
        } else {
          std::size_t both = 0;
          for (std::size_t w = 0; w < task.words; ++w) {
            both += static_cast<std::size_t>(std::popcount(row(i)[w] & row(k)[w]));
          }
          const double pk = static_cast<double>(task.right[k]) / n;
          value = (static_cast<double>(both) / n - pi * pk) / n;
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
