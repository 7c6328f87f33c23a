// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

namespace SQLite {
class Database;
}

namespace bitfrontier {

/// "BFDB" in the SQLite header, so that `file` and we know a store from any other database.
inline constexpr std::int32_t kStoreApplicationId = 0x42464442;

/// One step of the schema. The list only ever grows at its end; a released step never changes.
struct Migration {
  int version;      ///< PRAGMA user_version after the step
  const char* sql;  ///< statements, run in one transaction together with all later steps
};

/// Steps 1, 2, ... in order; the last one is the schema this program writes.
std::span<const Migration> storeMigrations();

/// The schema version this program writes.
int storeSchemaVersion();

/// Brings an open, writable database to the last of `steps` in one transaction: all or nothing.
/// An empty database also gets the application id. Safe when several processes do it at once.
/// Throws Error: Format for another program's database, Unsupported for a newer schema.
void migrateStore(SQLite::Database& database, const std::filesystem::path& file,
                  std::span<const Migration> steps = storeMigrations());

/// Reads only. Throws Format when the open database is neither a store nor entirely empty.
void refuseForeignStore(SQLite::Database& database, const std::filesystem::path& file);

/// For reading: refuses besides an empty database (Format) and a newer schema (Unsupported).
void requireStore(SQLite::Database& database, const std::filesystem::path& file);

/// Throws Format: the database has another program's application id.
[[noreturn]] void refuseForeign(const std::filesystem::path& file, std::int64_t id);
/// Throws Unsupported: the schema is newer than `known`.
[[noreturn]] void refuseNewer(const std::filesystem::path& file, int version,
                              int known = storeSchemaVersion());

}  // namespace bitfrontier
