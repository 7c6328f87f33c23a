// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/eval/task_result.h"
#include "core/store/import/csv_row.h"

namespace bitfrontier {

/// The items of one task for one model and configuration, row by row of a CSV file.
class CsvItems {
 public:
  /// Takes `correct` (0, 1, true, false), `item` and `log_likelihood` of a row. Throws Format for
  /// another outcome or an item that is there twice.
  void add(const CsvRowReader& row);
  /// Sets items, accuracy with its standard error, outcomes in the order of the items' names (whole
  /// numbers by value), and the hash of the names, by which runs on the same items are known.
  void finish(TaskResult& result) const;
  /// False when rows have no `item`; then their order in the file is the items' order.
  bool named() const { return items_.empty() || !items_.front().name.empty(); }

 private:
  struct Item {
    std::string name;
    std::uint8_t correct = 0;
    double logLikelihood = 0;
  };
  std::vector<Item> items_;
  std::set<std::string> names_;
};

}  // namespace bitfrontier
