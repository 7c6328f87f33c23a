// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/store/import/csv_row.h"
#include "core/store/import/import_options.h"

namespace bitfrontier {

/// What was assumed for some rows of a CSV file; said once.
struct CsvAssumptions {
  bool sizeUnit = false, blockConstants = false, embeddings = false, fractions = false;
  std::set<std::string> types;  ///< "Q4_K_M 4.894"
  std::set<std::string> sentences;

  /// All of it in one sentence; empty when nothing was assumed.
  std::string note() const;
};

/// A record of a row without its result: model, configuration, sizes, source. Throws Format naming
/// the place, also for sizes that no file has.
RunRecord csvRun(const CsvRowReader& row, const std::filesystem::path& file,
                 const ImportOptions& options, CsvAssumptions& assumed);

/// Reads accuracy or cross-entropy of a row with its standard error; both stay NaN when absent.
void readCsvResult(const CsvRowReader& row, TaskResult& result);

/// Parameters of models that only state sizes follow from their 16-bit row.
void parametersFrom16Bit(std::vector<RunRecord>& runs, CsvAssumptions& assumed);

}  // namespace bitfrontier
