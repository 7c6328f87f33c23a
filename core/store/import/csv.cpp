// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"

namespace bitfrontier {
namespace {

constexpr std::size_t kAbsentColumn = static_cast<std::size_t>(-1);

[[noreturn]] void failAt(std::string_view where, std::size_t line, std::size_t column,
                         std::string_view message) {
  throw Error(ErrorKind::Format, fmt::format("{}:{}:{}: {}", where, line, column, message));
}

/// Cuts a text into rows of fields, counting lines and columns.
class Cutter {
 public:
  Cutter(std::string_view text, std::string_view where) : text_(text), where_(where) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
    separator_ = separatorOfHeader();
  }

  char separator() const { return separator_; }

  std::optional<CsvTable::Row> next() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#') {
        while (at_ < text_.size() && text_[at_] != '\n') advance();
      } else if (text_[at_] != '\n' && !text_.substr(at_).starts_with("\r\n")) {
        return row();
      }
      if (at_ < text_.size()) newLine();
    }
    return std::nullopt;
  }

 private:
  /// The commonest of comma, semicolon and tab in the first line that is no comment.
  char separatorOfHeader() const {
    std::size_t at = 0;
    while (at < text_.size() && (text_[at] == '#' || text_[at] == '\n' || text_[at] == '\r')) {
      at = std::min(text_.find('\n', at), text_.size() - 1) + 1;
    }
    std::size_t commas = 0, semicolons = 0, tabs = 0;
    bool quoted = false;
    for (; at < text_.size() && (quoted || text_[at] != '\n'); ++at) {
      if (text_[at] == '"') quoted = !quoted;
      if (quoted) continue;
      commas += text_[at] == ',' ? 1 : 0;
      semicolons += text_[at] == ';' ? 1 : 0;
      tabs += text_[at] == '\t' ? 1 : 0;
    }
    if (tabs > std::max(commas, semicolons)) return '\t';
    return semicolons > commas ? ';' : ',';
  }

  bool atLineEnd() const {
    return at_ == text_.size() || text_[at_] == '\n' || text_.substr(at_).starts_with("\r\n");
  }
  void advance() {
    ++at_;
    ++column_;
  }
  void newLine() {
    at_ += text_[at_] == '\r' ? 2 : 1;
    ++line_;
    column_ = 1;
  }

  CsvTable::Row row() {
    CsvTable::Row fields;
    for (;;) {
      fields.push_back(field());
      if (atLineEnd()) break;
      advance();  // the separator
    }
    if (at_ < text_.size()) newLine();
    return fields;
  }

  CsvTable::Field field() {
    CsvTable::Field field{{}, line_, column_};
    if (at_ == text_.size() || text_[at_] != '"') {
      while (!atLineEnd() && text_[at_] != separator_) {
        if (text_[at_] == '"') failAt(where_, line_, column_, "quote inside an unquoted field");
        field.text += text_[at_];
        advance();
      }
      return field;
    }
    advance();
    for (;;) {
      if (at_ == text_.size()) failAt(where_, field.line, field.column, "quote is never closed");
      const char c = text_[at_];
      if (c == '"') {
        advance();
        if (at_ == text_.size() || text_[at_] != '"') break;
      }
      field.text += c;
      if (c == '\n') {
        newLine();
      } else {
        advance();
      }
    }
    if (!atLineEnd() && text_[at_] != separator_) {
      failAt(where_, line_, column_, "text after a closing quote");
    }
    return field;
  }

  std::string_view text_;
  std::string_view where_;
  char separator_ = ',';
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t column_ = 1;
};

}  // namespace

CsvTable CsvTable::parse(std::string_view text, std::string where) {
  CsvTable table;
  table.where_ = std::move(where);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    failAt(table.where_, 1, 1, "the file is UTF-16: save it as UTF-8");
  }
  Cutter cutter(text, table.where_);
  const auto header = cutter.next();
  if (!header) failAt(table.where_, 1, 1, "there is no header row");
  for (const Field& field : *header) {
    if (table.has(field.text))
      table.fail(field, fmt::format("column {} appears twice", field.text));
    table.header_.push_back(field.text);
  }
  while (auto row = cutter.next()) {
    if (row->size() != table.header_.size()) {
      table.fail(row->size() > table.header_.size() ? (*row)[table.header_.size()] : row->back(),
                 fmt::format("row has {} fields but the header has {}", row->size(),
                             table.header_.size()));
    }
    // Spreadsheets end with rows of separators alone.
    const bool blank = std::all_of(row->begin(), row->end(),
                                   [](const Field& field) { return field.text.empty(); });
    if (row->size() == 1 || !blank) table.rows_.push_back(std::move(*row));
  }
  table.separator_ = cutter.separator();
  if (table.separator_ == ';') {
    std::vector<std::string_view> cells;
    for (const Row& row : table.rows_) {
      for (const Field& field : row) cells.emplace_back(field.text);
    }
    table.mark_ = decimalMarkOf(cells, DecimalMark::Comma);
  }
  return table;
}

CsvTable CsvTable::read(const std::filesystem::path& file) {
  return parse(readFile(file), file.string());
}

std::size_t CsvTable::indexOf(std::string_view column) const {
  const auto found = std::find(header_.begin(), header_.end(), column);
  return found == header_.end() ? kAbsentColumn : static_cast<std::size_t>(found - header_.begin());
}

bool CsvTable::has(std::string_view column) const { return indexOf(column) != kAbsentColumn; }

const CsvTable::Field& CsvTable::at(const Row& row, std::string_view column) const {
  const std::size_t index = indexOf(column);
  if (index == kAbsentColumn) {
    throw Error(ErrorKind::Format, fmt::format("{}: there is no column {}", where_, column));
  }
  return row[index];
}

double CsvTable::number(const Row& row, std::string_view column) const {
  const Field& field = at(row, column);
  if (mark_ == DecimalMark::Comma) {
    const auto number = parseQuantity(field.text, mark_);
    if (number && number->unit.empty()) return number->value;
  }
  double value = 0;
  const char* end = field.text.data() + field.text.size();
  const auto result = std::from_chars(field.text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end || !std::isfinite(value)) {
    fail(field, fmt::format("{} '{}' is not a number", column, field.text));
  }
  return value;
}

double CsvTable::numberOrAbsent(const Row& row, std::string_view column) const {
  return at(row, column).text.empty() ? std::numeric_limits<double>::quiet_NaN()
                                      : number(row, column);
}

long long CsvTable::integer(const Row& row, std::string_view column) const {
  const Field& field = at(row, column);
  long long value = 0;
  const char* end = field.text.data() + field.text.size();
  const auto result = std::from_chars(field.text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) {
    fail(field, fmt::format("{} '{}' is not a whole number", column, field.text));
  }
  return value;
}

const std::string& CsvTable::text(const Row& row, std::string_view column) const {
  const Field& field = at(row, column);
  if (field.text.empty()) fail(field, fmt::format("{} is empty", column));
  return field.text;
}

void CsvTable::fail(const Field& field, std::string_view message) const {
  failAt(where_, field.line, field.column, message);
}

}  // namespace bitfrontier
