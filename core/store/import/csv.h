// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/import/size_text.h"

namespace bitfrontier {

/// A CSV table with a header row, read by RFC 4180: quoted fields may hold commas, doubled quotes
/// and line breaks; LF or CRLF; a UTF-8 byte order mark is skipped. Lines that begin with '#' and
/// empty lines are skipped. Fields are divided by commas, or by the semicolons or tabs of the
/// header when it has more of those; where they are divided by semicolons, numbers may have decimal
/// commas.
class CsvTable {
 public:
  /// A field and the place where it begins, for error texts.
  struct Field {
    std::string text;
    std::size_t line = 0;    ///< from 1
    std::size_t column = 0;  ///< bytes, from 1
  };
  using Row = std::vector<Field>;

  /// `where` (a file name) starts every error text. Throws Format naming line and column for an
  /// unclosed quote, text after a closing quote, a repeated column name, or a row whose
  /// number of fields differs from the header's.
  static CsvTable parse(std::string_view text, std::string where);
  /// Throws NotFound, Io or Format.
  static CsvTable read(const std::filesystem::path& file);

  const std::vector<Row>& rows() const { return rows_; }
  bool has(std::string_view column) const;
  const std::vector<std::string>& columns() const { return header_; }
  char separator() const { return separator_; }
  DecimalMark decimalMark() const { return mark_; }
  /// Throws Format naming the column when the table does not have it.
  const Field& at(const Row& row, std::string_view column) const;
  /// A finite number in the C locale, or with the table's decimal mark. Throws Format naming
  /// file:line:column.
  double number(const Row& row, std::string_view column) const;
  /// NaN for an empty field.
  double numberOrAbsent(const Row& row, std::string_view column) const;
  long long integer(const Row& row, std::string_view column) const;
  /// Throws Format for an empty field.
  const std::string& text(const Row& row, std::string_view column) const;
  /// Throws Format "<where>:<line>:<column>: <message>".
  [[noreturn]] void fail(const Field& field, std::string_view message) const;

 private:
  std::size_t indexOf(std::string_view column) const;

  std::string where_;
  std::vector<std::string> header_;
  std::vector<Row> rows_;
  char separator_ = ',';
  DecimalMark mark_ = DecimalMark::Point;
};

}  // namespace bitfrontier
