// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/csv_row.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "core/base/error.h"
#include "core/store/import/import_options.h"

namespace bitfrontier {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool isResult(std::string_view field) {
  return field.starts_with("accuracy") || field.starts_with("perplexity") ||
         field.starts_with("cross_entropy") || field == "bits_per_byte";
}

bool isNothing(std::string_view text) {
  const std::string lower = lowerCase(trimmed(text));
  return lower.empty() || lower == "-" || lower == "\u2013" || lower == "\u2014" ||
         lower == "n/a" || lower == "na" || lower == "none" || lower == "null";
}

bool hasError(std::string_view unit) {
  return unit.starts_with("\u00b1") || unit.starts_with("+/-") || unit.starts_with("+-");
}

}  // namespace

CsvRowReader::CsvRowReader(const CsvTable& table, const CsvTable::Row& row,
                           std::span<const CsvMapping> mapping, std::string task)
    : table_(table), row_(row), mapping_(mapping), task_(std::move(task)) {}

std::string CsvRowReader::text(std::string_view field) const {
  const CsvMapping* entry = find(field);
  if (entry != nullptr && entry->constant) return entry->from;
  std::string text;
  if (entry == nullptr) {
    // Of several tasks in a row, an unmapped column "accuracy" belongs to none.
    const bool foreign = !task_.empty() && isResult(field);
    if (!foreign && table_.has(field)) text = table_.at(row_, field).text;
  } else if (entry->from.find('{') == std::string::npos || table_.has(entry->from)) {
    text = table_.at(row_, entry->from).text;
  } else {
    return expand(entry->from);
  }
  return isNothing(text) ? std::string() : text;
}

double CsvRowReader::number(std::string_view field) const {
  const std::string value = text(field);
  if (value.empty()) return kNaN;
  const bool points = table_.decimalMark() == DecimalMark::Point;
  if (const auto plain = points ? parseCount(value) : std::nullopt) return *plain;
  const auto parsed = parseQuantity(value, table_.decimalMark());
  if (parsed && (parsed->unit.empty() || hasError(parsed->unit))) return parsed->value;
  if (parsed && parsed->unit == "%") {
    return field.find("percent") != std::string_view::npos ? parsed->value : parsed->value / 100;
  }
  if (parsed && parsed->unit.size() == 1) {
    if (const auto scaled = parseCount(fmt::format("{}{}", parsed->value, parsed->unit))) {
      return *scaled;
    }
  }
  fail(field, fmt::format("{} '{}' is not a number", field, value));
}

double CsvRowReader::errorOf(std::string_view field) const {
  return errorInCell(text(field), table_.decimalMark());
}

double CsvRowReader::positive(std::string_view field) const {
  const double value = number(field);
  if (value <= 0) fail(field, fmt::format("{} {} is not above zero", field, value));
  return value;
}

std::int64_t CsvRowReader::whole(std::string_view field, std::int64_t min, std::int64_t max,
                                 std::int64_t fallback) const {
  const double value = number(field);
  if (std::isnan(value)) return fallback;
  if (value != std::trunc(value) || value < static_cast<double>(min) ||
      value > static_cast<double>(max)) {
    fail(field, fmt::format("{} {} is not a whole number within {}..{}", field, value, min, max));
  }
  return static_cast<std::int64_t>(value);
}

double CsvRowReader::sizeInBits(std::string_view field, bool& assumed) const {
  const std::string value = text(field);
  if (value.empty()) return kNaN;
  const auto size = parseQuantity(value, table_.decimalMark());
  if (!size) fail(field, fmt::format("{} '{}' is not a size", field, value));
  if (size->value <= 0) fail(field, fmt::format("{} {} is not above zero", field, value));
  if (!size->unit.empty()) {
    const auto unit = bitsOfSizeUnit(size->unit);
    if (!unit) fail(field, fmt::format("{} '{}' has no unit that is known", field, value));
    return size->value * *unit;
  }
  const CsvMapping* entry = find(field);
  const auto unit =
      bitsOfSizeColumn(entry != nullptr && !entry->constant ? entry->from : std::string(field));
  assumed = assumed || !unit;
  return size->value * unit.value_or(8e9);
}

void CsvRowReader::fail(std::string_view field, const std::string& message) const {
  const CsvMapping* entry = find(field);
  const bool column = entry != nullptr && !entry->constant && table_.has(entry->from);
  if (column) table_.fail(table_.at(row_, entry->from), message);
  table_.fail(table_.has(field) ? table_.at(row_, field) : row_.front(), message);
}

const CsvMapping* CsvRowReader::find(std::string_view field) const {
  const CsvMapping* general = nullptr;
  for (const CsvMapping& entry : mapping_) {
    if (entry.field != field) continue;
    if (!entry.task.empty() && entry.task == task_) return &entry;
    if (entry.task.empty()) general = &entry;
  }
  return general;
}

std::string CsvRowReader::expand(const std::string& pattern) const {
  std::string out;
  for (std::size_t at = 0; at < pattern.size();) {
    if (pattern[at] != '{') {
      out += pattern[at++];
      continue;
    }
    const std::size_t end = pattern.find('}', at);
    if (end == std::string::npos) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("the mapping \"{}\" has a brace that is never closed", pattern));
    }
    out += table_.at(row_, std::string_view(pattern).substr(at + 1, end - at - 1)).text;
    at = end + 1;
  }
  return out;
}

}  // namespace bitfrontier
