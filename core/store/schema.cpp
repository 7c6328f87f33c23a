// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/schema.h"

#include <fmt/format.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <array>
#include <string>

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

// A run may be stopped: SQLite changes no CHECK of a table, so that it is made anew as its
// documentation says (sqlite.org/lang_altertable.html, 7), with foreign keys off. Ids of runs that
// were replaced still never come back.
constexpr const char* kVersion3 = R"sql(
CREATE TABLE runs_3 (
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
  status TEXT NOT NULL CHECK (status IN ('done', 'failed', 'cancelled', 'stopped')),
  error TEXT NOT NULL,
  source TEXT NOT NULL,
  bos_profile TEXT NOT NULL DEFAULT '',
  max_length INTEGER NOT NULL DEFAULT 0,
  calibration TEXT NOT NULL DEFAULT '',
  accuracy_norm_se REAL,
  accuracy_bytes REAL,
  accuracy_bytes_se REAL,
  perplexity REAL,
  perplexity_se REAL,
  word_perplexity REAL,
  byte_perplexity REAL
);
INSERT INTO runs_3 SELECT id, key, model, family, model_path, model_hash, parameters,
  linear_parameters, config, data_type, bits, block_size, method, bits_per_parameter,
  model_bits_linear_only, model_bits_all_parameters, model_bits_checkpoint_bytes, task, task_hash,
  items, item_limit, chance, accuracy, accuracy_se, accuracy_norm, cross_entropy, cross_entropy_se,
  bits_per_byte, task_seconds, evaluator_version, device, created_at, seconds, status, error,
  source, bos_profile, max_length, calibration, accuracy_norm_se, accuracy_bytes,
  accuracy_bytes_se, perplexity, perplexity_se, word_perplexity, byte_perplexity
  FROM runs ORDER BY id;
DELETE FROM sqlite_sequence WHERE name = 'runs_3';
INSERT INTO sqlite_sequence (name, seq) SELECT 'runs_3', seq FROM sqlite_sequence
  WHERE name = 'runs';
DROP TABLE runs;
ALTER TABLE runs_3 RENAME TO runs;
ALTER TABLE runs ADD COLUMN items_planned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN peak_memory INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN predicted_memory INTEGER NOT NULL DEFAULT 0;
)sql";

constexpr std::array kMigrations{Migration{1, kVersion1}, Migration{2, kVersion2},
                                 Migration{3, kVersion3}};

std::int64_t pragma(SQLite::Database& database, const char* name) {
  return database.execAndGet(std::string("PRAGMA ") + name).getInt64();
}

bool isEmpty(SQLite::Database& database) {
  return database.execAndGet("SELECT count(*) FROM sqlite_master").getInt64() == 0;
}

}  // namespace

std::span<const Migration> storeMigrations() { return kMigrations; }

int storeSchemaVersion() { return kMigrations.back().version; }

void refuseForeign(const std::filesystem::path& file, std::int64_t id) {
  throw Error(ErrorKind::Format,
              fmt::format("{} is a SQLite database of another program (application id {:#x}, a "
                          "Bitfrontier store has {:#x})",
                          file.string(), id, kStoreApplicationId));
}

void refuseNewer(const std::filesystem::path& file, int version, int known) {
  throw Error(
      ErrorKind::Unsupported,
      fmt::format("{} has schema version {} of a newer Bitfrontier, this one knows up to {}",
                  file.string(), version, known));
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
  if (version > storeSchemaVersion()) refuseNewer(file, version);
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
