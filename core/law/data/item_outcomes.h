// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bitfrontier {

/// A symmetric matrix, n x n row-major.
struct SymmetricMatrix {
  std::size_t n = 0;
  std::vector<double> values;

  double at(std::size_t i, std::size_t k) const { return values[i * n + k]; }
};

/// Right or wrong for the same items under many configurations: one bit matrix (configurations x
/// items) for each task. Row i belongs to point i of the fit it is used in.
class ItemOutcomes {
 public:
  struct Task {
    std::string name;
    std::size_t items = 0;
    std::size_t words = 0;            ///< 64-bit words of a row; bits beyond `items` are 0
    std::vector<std::uint64_t> bits;  ///< rows() x words
    std::vector<std::size_t> right;   ///< items answered right, one a row
  };

  explicit ItemOutcomes(std::size_t rows) : rows_(rows) {}

  /// Adds a task; `correct(i)` is row i's outcomes, one byte an item (0 or 1), all of one length.
  /// Throws InvalidArgument when lengths differ, a value is neither 0 nor 1, or there are none.
  void addTask(std::string name, std::span<const std::span<const std::uint8_t>> correct);

  std::size_t rows() const { return rows_; }
  const std::vector<Task>& tasks() const { return tasks_; }
  /// Outcomes of some rows, in that order.
  ItemOutcomes subset(std::span<const std::size_t> rows) const;

  /// Unweighted mean over tasks of the share right.
  double accuracy(std::size_t row) const;
  /// Covariance of the mean accuracies: sum over tasks of (mean_j y_ij y_kj - p_i p_k) / n_t,
  /// divided by tasks^2; on the diagonal p(1-p) is at least 1/n_t. One item sample for all rows,
  /// hence the pairing.
  SymmetricMatrix covariance() const;

  /// Items of all tasks together.
  std::size_t items() const;
  /// The row that agrees with no other row more than independent answers do (correlation of
  /// outcomes below 4 / sqrt(items) with each), as it looks when its items stand in another order.
  /// `judged[i]` false leaves row i out as a suspect, e.g. because it guesses. Nothing below 400
  /// items, where agreement is not told from chance.
  std::optional<std::size_t> unlikeAll(const std::vector<bool>& judged) const;
  /// Correlation of the outcomes of two rows within tasks; 0 when one of them is always right or
  /// always wrong.
  double agreement(std::size_t i, std::size_t k) const;

 private:
  static std::size_t bothRight(const Task& task, std::size_t i, std::size_t k);

  std::size_t rows_;
  std::vector<Task> tasks_;
};

/// Error of a paired difference of shares: sqrt(n10 + n01 - (n10 - n01)^2 / n) / n.
double pairedDifferenceSe(std::size_t onlyFirst, std::size_t onlySecond, std::size_t items);

}  // namespace bitfrontier
