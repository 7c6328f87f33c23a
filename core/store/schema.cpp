// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/schema.h"

#include <fmt/format.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <chrono>
#include <fstream>
#include <string>
#include <system_error>
#include <thread>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

// NaN is stored as NULL (SQLite has no NaN). Per-item outcomes live in their own table so that a
// scan over the runs does not read them. AUTOINCREMENT: the id of a replaced run never comes back.
constexpr const char* kVersion1 = R"sql(
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE CHECK (key <> ''),
  model TEXT NOT NULL,
  family TEXT NOT NULL,
  model_path TEXT NOT NULL,
  model_hash TEXT NOT NULL,
  parameters REAL,
  linear_parameters REAL,
  config TEXT NOT NULL,
  data_type TEXT NOT NULL,
  bits INTEGER NOT NULL,
  block_size INTEGER NOT NULL,
  method TEXT NOT NULL,
  bits_per_parameter REAL,
  model_bits_linear_only REAL,
  model_bits_all_parameters REAL,
  model_bits_checkpoint_bytes REAL,
  task TEXT NOT NULL,
  task_hash TEXT NOT NULL,
  items INTEGER NOT NULL,
  item_limit INTEGER NOT NULL,
  chance REAL,
  accuracy REAL,
  accuracy_se REAL,
  accuracy_norm REAL,
  cross_entropy REAL,
  cross_entropy_se REAL,
  bits_per_byte REAL,
  task_seconds REAL,
  evaluator_version TEXT NOT NULL,
  device TEXT NOT NULL,
  created_at TEXT NOT NULL,
  seconds REAL,
  status TEXT NOT NULL CHECK (status IN ('done', 'failed', 'cancelled')),
  error TEXT NOT NULL,
  source TEXT NOT NULL
);
CREATE TABLE run_items (
  run_id INTEGER PRIMARY KEY REFERENCES runs(id) ON DELETE CASCADE,
  correct BLOB NOT NULL,
  log_likelihood BLOB NOT NULL
);
CREATE TABLE migrations (
  version INTEGER PRIMARY KEY,
  applied_at TEXT NOT NULL
);
)sql";

// Before this step every run was scored with the BOS profile "harness" and inputs as long as the
// model takes; the key says so from now on. Published numbers have keys of their own.
constexpr const char* kVersion2 = R"sql(
ALTER TABLE runs ADD COLUMN bos_profile TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN max_length INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN calibration TEXT NOT NULL DEFAULT '';
ALTER TABLE runs ADD COLUMN accuracy_norm_se REAL;
ALTER TABLE runs ADD COLUMN accuracy_bytes REAL;
ALTER TABLE runs ADD COLUMN accuracy_bytes_se REAL;
ALTER TABLE runs ADD COLUMN perplexity REAL;
ALTER TABLE runs ADD COLUMN perplexity_se REAL;
ALTER TABLE runs ADD COLUMN word_perplexity REAL;
ALTER TABLE runs ADD COLUMN byte_perplexity REAL;
UPDATE runs SET bos_profile = 'harness', key = key || ' bos=harness max_length=0'
  WHERE source = '' AND key LIKE 'model=% evaluator=%' AND key NOT LIKE '% bos=%';
)sql";

constexpr std::array kMigrations{Migration{1, kVersion1}, Migration{2, kVersion2}};

std::uint32_t bigEndian32(const std::array<unsigned char, 100>& header, std::size_t at) {
  return (std::uint32_t{header[at]} << 24) | (std::uint32_t{header[at + 1]} << 16) |
         (std::uint32_t{header[at + 2]} << 8) | std::uint32_t{header[at + 3]};
}

[[noreturn]] void refuseForeign(const std::filesystem::path& file, std::int64_t id) {
  throw Error(ErrorKind::Format,
              fmt::format("{} is a SQLite database of another program (application id {:#x}, a "
                          "Bitfrontier store has {:#x})",
                          file.string(), id, kStoreApplicationId));
}

[[noreturn]] void refuseNewer(const std::filesystem::path& file, int version, int known) {
  throw Error(
      ErrorKind::Unsupported,
      fmt::format("{} has schema version {} of a newer Bitfrontier, this one knows up to {}",
                  file.string(), version, known));
}

std::int64_t pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(std::string("PRAGMA ") + name).getInt64();
}

bool isEmpty(SQLite::Database& database) {
  return database.execAndGet("SELECT count(*) FROM sqlite_master").getInt64() == 0;
}

bool hasWal(const std::filesystem::path& file) {
  std::error_code ignored;
  const auto size = std::filesystem::file_size(file.string() + "-wal", ignored);
  return !ignored && size > 0;
}

/// The problem with the file's length as a sentence; empty when there is none.
std::string shortage(const std::filesystem::path& file, std::array<unsigned char, 100>& header) {
  // Looked at first: while a write-ahead log exists, a checkpoint may be growing the file.
  const bool wal = hasWal(file);
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(header.data()), static_cast<std::streamsize>(header.size()));
  const auto got = in.gcount();
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  if (error) {
    throw Error(ErrorKind::Io, fmt::format("cannot read {}: {}", file.string(), error.message()));
  }
  if (got < static_cast<std::streamsize>(header.size())) {
    return fmt::format("{} is no Bitfrontier store: it has only {} bytes", file.string(), size);
  }
  const std::uint64_t rawPage = (std::uint64_t{header[16]} << 8) | header[17];
  const std::uint64_t expected =
      (rawPage == 1 ? 65536 : rawPage) * std::uint64_t{bigEndian32(header, 28)};
  if (!wal && size < expected) {
    return fmt::format("{} is truncated: its header tells of {} bytes but it has {}", file.string(),
                       expected, size);
  }
  return {};
}

}  // namespace

std::span<const Migration> storeMigrations() { return kMigrations; }

int storeSchemaVersion() { return kMigrations.back().version; }

void checkStoreFile(const std::filesystem::path& file) {
  std::error_code ignored;
  if (std::filesystem::file_size(file, ignored) == 0) return;  // as SQLite leaves a new database
  std::array<unsigned char, 100> header{};
  std::string problem = shortage(file, header);
  const std::string magic(reinterpret_cast<const char*>(header.data()), 15);
  if (magic != "SQLite format 3" || header[15] != 0) {
    throw Error(ErrorKind::Format,
                fmt::format("{} is no Bitfrontier store: it does not start with a SQLite header",
                            file.string()));
  }
  if (!problem.empty()) {
    // A checkpoint that began and ended between the two looks would show the same; look again.
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    problem = shortage(file, header);
    if (!problem.empty()) throw Error(ErrorKind::Format, problem);
  }
  // Zero: perhaps a store that is just being made; refuseForeignStore looks inside.
  const auto id = static_cast<std::int32_t>(bigEndian32(header, 68));
  const auto version = static_cast<int>(bigEndian32(header, 60));
  if (id == 0) return;
  if (id != kStoreApplicationId) refuseForeign(file, id);
  if (version > storeSchemaVersion()) refuseNewer(file, version, storeSchemaVersion());
}

void refuseForeignStore(SQLite::Database& database, const std::filesystem::path& file) {
  std::int64_t id = pragma(database, "application_id");
  if (id == 0) {
    if (isEmpty(database)) return;
    // Id and tables are committed together; another process may have done so between the looks.
    id = pragma(database, "application_id");
  }
  if (id != kStoreApplicationId) refuseForeign(file, id);
}

void requireStore(SQLite::Database& database, const std::filesystem::path& file) {
  refuseForeignStore(database, file);
  if (pragma(database, "application_id") == 0) {
    throw Error(ErrorKind::Format,
                fmt::format("{} is no Bitfrontier store: it is an empty database", file.string()));
  }
  const auto version = static_cast<int>(pragma(database, "user_version"));
  if (version > storeSchemaVersion()) refuseNewer(file, version, storeSchemaVersion());
  if (version < storeSchemaVersion()) {
    throw Error(
        ErrorKind::Unsupported,
        fmt::format("{} has the old schema version {}: open it once for writing to bring it "
                    "to {}",
                    file.string(), version, storeSchemaVersion()));
  }
}

void migrateStore(SQLite::Database& database, const std::filesystem::path& file,
                  std::span<const Migration> steps) {
  const int last = steps.empty() ? 0 : steps.back().version;
  if (pragma(database, "application_id") == kStoreApplicationId &&
      pragma(database, "user_version") == last) {
    return;
  }
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  refuseForeignStore(database, file);
  const auto version = static_cast<int>(pragma(database, "user_version"));
  if (pragma(database, "application_id") == 0) {
    database.exec(fmt::format("PRAGMA application_id = {}", kStoreApplicationId));
  }
  if (version > last) refuseNewer(file, version, last);
  for (const Migration& step : steps) {
    if (step.version <= version) continue;
    database.exec(step.sql);
    SQLite::Statement note(database,
                           "INSERT INTO migrations (version, applied_at) VALUES "
                           "(?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))");
    note.bind(1, step.version);
    note.exec();
    database.exec(fmt::format("PRAGMA user_version = {}", step.version));
  }
  transaction.commit();
}

}  // namespace bitfrontier
