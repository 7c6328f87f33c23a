// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "core/store/import/import_csv.h"
#include "core/store/import/import_options.h"

namespace bitfrontier {

/// Reads results by the reader that a file's name and content ask for: a folder or .json file of
/// lm-evaluation-harness, a table of quantizations, a log of llama-perplexity, a CSV like those of
/// the published results or with columns of csvImportFields(). Throws the errors of these readers,
/// InvalidArgument for a database.
ImportedRuns readResults(const std::filesystem::path& file,
                         const std::vector<CsvMapping>& mapping = {},
                         const ImportOptions& options = {});

}  // namespace bitfrontier
