// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/import/import_options.h"

namespace bitfrontier {

/// One entry of a column mapping: our field, for all tasks or for one, and where its value is.
struct CsvMapping {
  std::string field;  ///< a name of csvImportFields()
  std::string task;   ///< of "accuracy:piqa=acc_piqa": a file with one column for each task
  /// A column of the file; a text with {columns} in braces; or the value itself.
  std::string from;
  bool constant = false;  ///< `from` is the value
};

/// Fields that a mapping may name, in the order of help texts.
const std::vector<std::string>& csvImportFields();

/// Parses "field=column", "field:task=column" or, with `constant`, "field=value". Throws
/// InvalidArgument naming the entry and the fields there are.
CsvMapping parseCsvMapping(std::string_view text, bool constant);

/// Several of them, divided by commas. Quotes keep what they hold together, and a part without "="
/// belongs to the one before it: a column's name may have commas
/// ("accuracy=results.piqa.acc,none").
std::vector<CsvMapping> parseCsvMappings(std::string_view text, bool constant);

/// Reads a CSV file by a mapping (`given`). Columns whose names are fields need no mapping. One
/// record for each row and task.
///
/// Accuracy comes from `accuracy` (0..1) or `accuracy_percent`, cross-entropy from `cross_entropy`
/// (nats per token) or `perplexity`; a missing standard error of an accuracy follows from `items`.
/// Bits come from `total_bits` or a size (`size_gib` ... `size_bytes`, or `file_size` with a unit
/// in the cell or the column's name) as they are, else from `parameters` and `bits_per_parameter`,
/// or what `bits`, `block_size` or a type of GGUF in `config` tell. Parameters that are not stated
/// follow from a size and bits per weight, or from the size of the model's 16-bit row. `bits` with
/// a fraction are bits per weight. Numbers may be written 125M, 1.3B, 62.5 %, 6.45 ± 0.04. With
/// `correct` (0 or 1), rows are items: one record for each model, configuration and task, with the
/// outcome of every item in the order of `item`. One note for each file says what was assumed.
/// Throws NotFound, Io, InvalidArgument for a mapping that does not fit the file, or Format
/// "<file>:<line>:<column>: ...".
ImportedRuns readMappedCsv(const std::filesystem::path& file, const std::vector<CsvMapping>& given,
                           const ImportOptions& options);

}  // namespace bitfrontier
