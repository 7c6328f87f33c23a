// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// The character that a table puts before the decimals of a number.
enum class DecimalMark { Point, Comma };

/// A number at the beginning of a cell and the text behind it.
struct Quantity {
  double value = 0;
  std::string unit;       ///< what follows, trimmed: "GB", "%", "± 0.04", ""
  bool relative = false;  ///< written with a leading "+": a difference
};

/// Reads "4.58GiB", "4,58 GB", "~1,625.1 GB", "98.75 %", "1.234,5". A comma or point that stands
/// before exactly three digits divides thousands when the table's mark is the other one. Absent for
/// a cell without a number in front ("N/A", "-", "").
std::optional<Quantity> parseQuantity(std::string_view cell, DecimalMark mark = DecimalMark::Point);

/// The decimal mark of a table, from numbers that can be read in one way only ("0,3745", "4,58",
/// "6.23"); `fallback` when there is none of them.
DecimalMark decimalMarkOf(const std::vector<std::string_view>& cells, DecimalMark fallback);

/// The number behind "±", "+/-" or "+-" in a cell; NaN when there is none.
double errorInCell(std::string_view cell, DecimalMark mark);

/// Bits in one unit of size: bit, B, KB, MB, GB, TB (decimal), KiB ... TiB (binary), and K, M, G,
/// T, which llama.cpp and ls write for the binary ones. Absent for other texts. The case of "b" is
/// not looked at.
std::optional<double> bitsOfSizeUnit(std::string_view unit);

/// The unit in a column's name: "Size (MB)", "Model size [GiB]", "size_gb", "Bytes".
std::optional<double> bitsOfSizeColumn(std::string_view header);

/// ASCII letters in lower case.
std::string lowerCase(std::string_view text);
/// Without blanks at both ends.
std::string_view trimmed(std::string_view text);
/// Runs of letters and digits, in lower case: "Size (MB)" -> size, mb.
std::vector<std::string> wordsOf(std::string_view text);

}  // namespace bitfrontier
