// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/read_results.h"

#include <fmt/format.h>

#include <system_error>

#include "core/base/error.h"
#include "core/base/sqlite_file.h"
#include "core/store/import/csv.h"
#include "core/store/import/import_harness.h"
#include "core/store/import/import_llamacpp.h"
#include "core/store/import/published.h"

namespace bitfrontier {

ImportedRuns readResults(const std::filesystem::path& file, const std::vector<CsvMapping>& mapping,
                         const ImportOptions& options) {
  if (isSqliteFile(file)) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} is a database; bitfrontier merge adds the runs of another store",
                            file.string()));
  }
  std::error_code error;
  if (std::filesystem::is_directory(file, error) || file.extension() == ".json") {
    return readHarness(file, options);
  }
  if (!mapping.empty()) return readMappedCsv(file, mapping, options);
  if (looksLikeLlamaCpp(file)) return readLlamaCpp(file, options);
  const CsvTable table = CsvTable::read(file);
  const bool published = table.has("accuracy_percent") && table.has("linear_parameters") &&
                         table.has("source") && table.has("perplexity");
  return published ? ImportedRuns{readPublishedCsv(file), {}}
                   : readMappedCsv(file, mapping, options);
}

}  // namespace bitfrontier
