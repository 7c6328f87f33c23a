// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/store/run_row.h"

namespace SQLite {
class Database;
}

namespace bitfrontier {

/// RunStore::rowsAfter(). Throws SQLite::Exception, and Error(Format) naming `file` for a status
/// that there is not.
RowsRead readRows(SQLite::Database& database, const std::filesystem::path& file, NamePool& names,
                  std::int64_t after);

}  // namespace bitfrontier
