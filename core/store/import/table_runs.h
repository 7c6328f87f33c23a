// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/store/import/import_options.h"
#include "core/store/import/result_table.h"

namespace bitfrontier {

/// Sets parameters and total bits that entries do not state from those that they do, and adds to
/// `assumed` what it took. Throws Format naming the row for sizes that cannot be.
void completeSizes(std::vector<TableEntry>& entries, const ImportOptions& options,
                   std::vector<std::string>& assumed);

/// True when quantized entries have types of GGUF: then llama.cpp measured them.
bool namesGgufTypes(const std::vector<TableEntry>& entries);

/// One record for each result; `stem` is the family of models that are only called 7B. A
/// configuration that is there twice with equal numbers counts once; with other numbers the second
/// goes to `notRead`.
std::vector<RunRecord> runsOfEntries(const std::vector<TableEntry>& entries,
                                     const std::string& stem, const ImportOptions& options,
                                     const std::string& source, std::vector<std::string>& notRead);

/// "a, b and 3 more": at most `most` of the texts.
std::string someOf(const std::vector<std::string>& texts, std::size_t most = 6);

}  // namespace bitfrontier
