// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/import_options.h"

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

/// Reads a CSV file by a mapping. Columns whose names are fields need no mapping. One record for
/// each row and task.
///
/// Accuracy comes from `accuracy` (0..1) or `accuracy_percent`, cross-entropy from `cross_entropy`
/// (nats per token) or `perplexity`; a missing standard error of an accuracy follows from `items`.
/// Bits come from `total_bits`, `size_gib` or `size_gb` as they are, else from `parameters` and
/// `bits_per_parameter` (or `bits`). Numbers may be written 125M or 1.3B.
/// Throws NotFound, Io, InvalidArgument for a mapping that does not fit the file, or Format
/// "<file>:<line>:<column>: ...".
ImportedRuns readMappedCsv(const std::filesystem::path& file,
                           const std::vector<CsvMapping>& mapping, const ImportOptions& options);

}  // namespace bitfrontier
