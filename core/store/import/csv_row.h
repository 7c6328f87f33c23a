// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/store/import/csv.h"
#include "core/store/import/import_csv.h"

namespace bitfrontier {

/// Values of one row of a CSV file, found through a mapping, for one task of the row ("" where rows
/// have one). Refers to its arguments.
class CsvRowReader {
 public:
  CsvRowReader(const CsvTable& table, const CsvTable::Row& row, std::span<const CsvMapping> mapping,
               std::string task);

  /// Empty when the field is not mapped or the cell is empty, "-" or "N/A".
  std::string text(std::string_view field) const;
  /// NaN when absent. Numbers may be written 125M, 1.3B, "1,234", "62.5 %" (of a field without
  /// "percent" a hundredth). Throws Format naming the place for other texts.
  double number(std::string_view field) const;
  /// The number behind "±" in the field's cell; NaN without one.
  double errorOf(std::string_view field) const;
  /// number(), which must be above zero.
  double positive(std::string_view field) const;
  /// A whole number within min..max; `fallback` when absent.
  std::int64_t whole(std::string_view field, std::int64_t min, std::int64_t max,
                     std::int64_t fallback) const;
  /// Bits of a size with a unit in the cell or in the column's name; NaN when absent. `assumed` is
  /// set where neither has one: then it is taken as GB.
  double sizeInBits(std::string_view field, bool& assumed) const;
  [[noreturn]] void fail(std::string_view field, const std::string& message) const;

 private:
  const CsvMapping* find(std::string_view field) const;
  std::string expand(const std::string& pattern) const;

  const CsvTable& table_;
  const CsvTable::Row& row_;
  std::span<const CsvMapping> mapping_;
  std::string task_;
};

}  // namespace bitfrontier
