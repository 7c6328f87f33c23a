// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/import/result_table.h"

namespace bitfrontier {

/// A format as a cell names it: a type of GGUF, or another one such as "AWQ", "GPTQ-Int4".
struct NamedFormat {
  std::string model;   ///< in front of it, in a file name
  std::string config;  ///< one spelling for GGUF types
  std::string typeName, dataType, method;
  double bits = 0;  ///< 0 = not said
  std::int64_t blockSize = 0;
  double bitsPerWeight = TableEntry::kAbsent;
  bool typical = false;
};
std::optional<NamedFormat> formatOfCell(std::string_view cell);

/// Where a table has what; kNone = nowhere.
struct TableColumns {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  struct Result {
    std::size_t column = kNone, error = kNone;
    std::string task;
    bool perplexity = false;
    bool imatrix = false;  ///< of the format quantized with an importance matrix
  };
  std::size_t format = kNone, model = kNone, imatrix = kNone, size = kNone, bitsPerWeight = kNone,
              parameters = kNone, bits = kNone, block = kNone, task = kNone, context = kNone;
  bool sizeIsModel = false;  ///< the column "Size" holds 0.5B, 7B: names of models
  std::vector<Result> results;
};
TableColumns findColumns(const TextTable& table);

/// A known task that a column's name means ("ARC-c (25-shot)" -> "arc_challenge (25-shot)");
/// empty when there is none.
std::string taskOfColumn(std::string_view header);
/// True for the name of a column or row of perplexities, not of their differences or errors.
bool isPerplexityName(std::string_view name);
/// True for the name of a column of file sizes ("Disk", "Size (MB)", "GiB"), not of memory in use.
bool isFileSizeName(std::string_view name);
/// True for names of differences, ratios, speeds: nothing to store.
bool isDerivedName(std::string_view name);

}  // namespace bitfrontier
