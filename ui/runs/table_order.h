// SPDX-License-Identifier: GPL-3.0-or-later
// The order of a table's rows: plain values and functions, made on any thread.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <QString>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bitfrontier {

/// Three-way order of numbers with NaN last.
inline int compareNumbers(double a, double b) {
  if (std::isnan(a) || std::isnan(b))
    return static_cast<int>(std::isnan(a)) - static_cast<int>(std::isnan(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/// Three-way order of texts as people sort them: case aside, and "b64" before "b128".
int compareNatural(std::string_view a, std::string_view b);
/// For each text its place among all of them in natural order, equal ones alike; NaN for none.
std::vector<double> naturalRanks(std::span<const std::string_view> texts);
/// The shortest digits that read back as the number; empty for NaN.
QString exactNumber(double value);

/// A column of a table of `Row`.
template <typename Row>
struct TableColumn {
  QString title;
  QString tip;
  bool number = false;  ///< right-aligned
  std::function<QString(const Row&)> text = {};
  /// Only of columns that have neither a value nor a word.
  std::function<int(const Row&, const Row&)> compare = {};
  std::function<bool(const Row&)> missing = {};  ///< no value: shown as a dash or as nothing
  /// @name What rows are sorted by
  /// A number, NaN for none; a text in natural order, empty for none; or the text and then the
  /// number.
  /// @{
  std::function<double(const Row&)> value = {};
  std::function<std::string_view(const Row&)> word = {};
  /// @}
  std::function<std::string_view(const Row&)> group = {};  ///< what rows are grouped by
  std::function<QString(const Row&)> exact = {};  ///< for programs, where `value` is not it
  QString exactTitle = {};                        ///< with the unit; else the title
};

/// What a table shows: sorted by a column (-1: as the rows are), in groups of a column (-1: none).
struct TablePlan {
  int column = -1;
  Qt::SortOrder order = Qt::AscendingOrder;
  int groupColumn = -1;
};

struct TableGroup {
  std::string name;
  std::vector<int> rows;  ///< in order
};
struct TableOrder {
  std::vector<int> rows;           ///< all shown rows in order
  std::vector<TableGroup> groups;  ///< by their first rows; none without a group column
  std::vector<bool> uniform;       ///< of each column, whether all rows are the same
};

namespace detail {

template <typename Row>
std::vector<double> wordRanks(const TableColumn<Row>& column, const std::vector<Row>& all,
                              const std::vector<int>& rows) {
  std::vector<std::string_view> words;
  words.reserve(rows.size());
  for (const int row : rows) words.push_back(column.word(all[static_cast<std::size_t>(row)]));
  return naturalRanks(words);
}

template <typename Row>
std::vector<double> values(const TableColumn<Row>& column, const std::vector<Row>& all,
                           const std::vector<int>& rows) {
  std::vector<double> numbers;
  numbers.reserve(rows.size());
  for (const int row : rows) numbers.push_back(column.value(all[static_cast<std::size_t>(row)]));
  return numbers;
}

/// Rows by typed keys, those without one last in both orders; equal ones stay as they are.
void sortByKeys(std::vector<int>& rows, const std::vector<double>& first,
                const std::vector<double>& second, Qt::SortOrder order);

template <typename Row>
void sortRows(std::vector<int>& rows, const TableColumn<Row>& column, const std::vector<Row>& all,
              Qt::SortOrder order) {
  if (column.value || column.word) {
    const std::vector<double> numbers =
        column.value ? values(column, all, rows) : std::vector<double>();
    if (column.word) {
      sortByKeys(rows, wordRanks(column, all, rows), numbers, order);
    } else {
      sortByKeys(rows, numbers, {}, order);
    }
    return;
  }
  const auto at = [&](int row) -> const Row& { return all[static_cast<std::size_t>(row)]; };
  const int sign = order == Qt::AscendingOrder ? 1 : -1;
  const auto present = std::stable_partition(rows.begin(), rows.end(), [&](int row) {
    return !column.missing || !column.missing(at(row));
  });
  std::stable_sort(rows.begin(), present,
                   [&](int a, int b) { return sign * column.compare(at(a), at(b)) < 0; });
}

template <typename Row>
bool isUniform(const TableColumn<Row>& column, const std::vector<Row>& all,
               const std::vector<int>& rows) {
  if (rows.size() < 2) return false;
  const auto same = [&](const Row& a, const Row& b) {
    if (column.word && column.word(a) != column.word(b)) return false;
    if (column.value && compareNumbers(column.value(a), column.value(b)) != 0) return false;
    return column.word || column.value || column.compare(a, b) == 0;
  };
  const Row& first = all[static_cast<std::size_t>(rows.front())];
  return std::all_of(rows.begin(), rows.end(),
                     [&](int row) { return same(first, all[static_cast<std::size_t>(row)]); });
}

}  // namespace detail

/// The order of the rows at `places`, or of all.
template <typename Row>
TableOrder tableOrder(const std::vector<TableColumn<Row>>& columns, const std::vector<Row>& all,
                      const std::vector<std::uint32_t>* places, const TablePlan& plan) {
  TableOrder order;
  if (places != nullptr) {
    order.rows.assign(places->begin(), places->end());
  } else {
    order.rows.resize(all.size());
    std::iota(order.rows.begin(), order.rows.end(), 0);
  }
  for (const TableColumn<Row>& column : columns) {
    order.uniform.push_back(detail::isUniform(column, all, order.rows));
  }
  const auto has = [&](int column) {
    return column >= 0 && static_cast<std::size_t>(column) < columns.size();
  };
  if (has(plan.column)) {
    detail::sortRows(order.rows, columns[static_cast<std::size_t>(plan.column)], all, plan.order);
  }
  if (!has(plan.groupColumn)) return order;
  const auto& group = columns[static_cast<std::size_t>(plan.groupColumn)].group;
  if (!group) return order;
  std::unordered_map<std::string_view, std::size_t> places_;
  for (const int row : order.rows) {
    const std::string_view name = group(all[static_cast<std::size_t>(row)]);
    const auto [place, isNew] = places_.try_emplace(name, order.groups.size());
    if (isNew) order.groups.push_back({std::string(name), {}});
    order.groups[place->second].rows.push_back(row);
  }
  return order;
}

}  // namespace bitfrontier
