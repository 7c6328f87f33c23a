// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "core/store/import/size_text.h"

namespace bitfrontier {

/// A table of text, from Markdown or CSV.
struct TextTable {
  std::string where;  ///< the file
  std::string title;  ///< heading and text above it: may say what the numbers are
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< as long as the header
  std::vector<std::size_t> lines;              ///< of the rows
  DecimalMark mark = DecimalMark::Point;
};

/// One number of a row.
struct TableResult {
  std::string task;  ///< empty = the table does not say (perplexity of the usual text)
  bool perplexity = false;
  double value = 0;  ///< a perplexity, or an accuracy within 0..1
  double se = std::numeric_limits<double>::quiet_NaN();
};

/// One model under one format as a table states it; what is not stated is NaN or empty.
struct TableEntry {
  static constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

  std::string where;    ///< file and line
  std::string written;  ///< the format as the table spells it
  std::string model, config, method, dataType;
  std::string typeName;  ///< of GgufType; empty for other formats
  int bits = 0;
  std::int64_t blockSize = 0;
  double typeBits = kAbsent;  ///< bits per weight that follow from the format's name
  bool typicalBits = false;   ///< `typeBits` belongs to a recipe that mixes types
  double totalBits = kAbsent, bitsPerWeight = kAbsent, parameters = kAbsent;
  std::string sizeText;  ///< the cell that totalBits came from
  std::vector<TableResult> results;
};

/// What a table gave.
struct TableReading {
  std::vector<TableEntry> entries;
  std::vector<std::string> notRead;  ///< rows left out: "line 12 \"AWQ\": no bit width"
  std::vector<std::string> assumed;  ///< units that nobody states
  bool isResults = false;            ///< it has formats and results; false = another kind of table
};

/// Reads a table whose rows are formats (a column of names such as Q4_K_M, AWQ with a column of
/// bits, or file names), or whose columns are formats (with a column Measure, or one row a model).
/// Columns are found by their names and cells: perplexities and their errors, accuracies of known
/// tasks, sizes, bits per weight, parameters, models, imatrix. Differences ("ΔPPL") are left alone.
TableReading readResultTable(TextTable table);

/// The columns that readResultTable() looks for, for messages.
std::string resultTableHelp();

}  // namespace bitfrontier
