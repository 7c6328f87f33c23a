// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/run_store.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include "core/base/error.h"
#include "core/store/lock_vfs.h"
#include "core/store/points.h"
#include "core/store/read_view.h"
#include "core/store/run_fields.h"
#include "core/store/run_query.h"
#include "core/store/run_rows.h"
#include "core/store/schema.h"
#include "core/store/store_file.h"

namespace bitfrontier {
namespace {

static_assert(std::endian::native == std::endian::little, "blobs hold little-endian doubles");
// A writer waits longer: what it has to store took time to measure.
constexpr int kReadTimeoutMs = 10'000, kWriteTimeoutMs = 60'000;

[[noreturn]] void throwStoreError(const std::filesystem::path& file, const SQLite::Exception& e,
                                  int timeoutMs) {
  const std::string name = file.string();
  switch (e.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Error(ErrorKind::Io, fmt::format("{} was locked by another process for more than {} s",
                                             name, timeoutMs / 1000));
    case SQLITE_READONLY:
      throw Error(ErrorKind::Io,
                  e.getExtendedErrorCode() == SQLITE_READONLY_DBMOVED
                      ? fmt::format("{} was deleted, moved or replaced while it was open", name)
                      : fmt::format("{} is not writable", name));
    case SQLITE_FULL:
      throw Error(ErrorKind::Io, fmt::format("there is no space left to write to {}", name));
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      throw Error(ErrorKind::Format, fmt::format("{} is damaged: {}", name, e.what()));
    case SQLITE_CONSTRAINT:
      throw Error(ErrorKind::Conflict, fmt::format("{} refused the run: {}", name, e.what()));
    case SQLITE_NOMEM:
      throw Error(ErrorKind::OutOfMemory, fmt::format("out of memory while using {}", name));
    case SQLITE_ERROR:  // e.g. a column that the schema version promises is not there
      throw Error(ErrorKind::Format, fmt::format("{} is no sound store: {}", name, e.what()));
    default:
      throw Error(ErrorKind::Io, fmt::format("cannot use {}: {}", name, e.what()));
  }
}

struct Columns {
  std::string names;  // "key, model, ..."
  std::string holes;  // "?, ?, ..."
  int count = 0;
};

const Columns& columns() {
  static const Columns all = [] {
    Columns c;
    RunRecord any;
    visitRunFields(any, [&](const char* name, auto&) {
      c.names += (c.count > 0 ? ", " : "") + std::string(name);
      c.holes += c.count > 0 ? ", ?" : "?";
      ++c.count;
    });
    return c;
  }();
  return all;
}

void bindFields(SQLite::Statement& statement, const RunRecord& record) {
  int at = 0;
  visitRunFields(record, [&](const char*, const auto& field) {
    using T = std::decay_t<decltype(field)>;
    ++at;
    if constexpr (std::is_same_v<T, RunStatus>) {
      statement.bind(at, std::string(runStatusName(field)));
    } else if constexpr (std::is_same_v<T, double>) {
      if (std::isnan(field)) {
        statement.bind(at);
      } else {
        statement.bind(at, field);
      }
    } else {
      statement.bind(at, field);
    }
  });
}

template <typename T>
std::vector<T> readBlob(const SQLite::Column& column) {
  std::vector<T> values(static_cast<std::size_t>(column.getBytes()) / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), column.getBlob(), values.size() * sizeof(T));
  return values;
}

template <typename T>
void bindBlob(SQLite::Statement& statement, int at, const std::vector<T>& values) {
  const std::size_t bytes = values.size() * sizeof(T);
  if (bytes > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("a run with {} per-item outcomes is too large", values.size()));
  }
  // A null pointer would bind NULL instead of an empty blob.
  statement.bind(at, values.empty() ? static_cast<const void*>("") : values.data(),
                 static_cast<int>(bytes));
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool sameResults(const RunRecord& a, const RunRecord& b) {
  return a.result.items == b.result.items && same(a.result.accuracy, b.result.accuracy) &&
         same(a.result.crossEntropy, b.result.crossEntropy) &&
         same(a.result.bitsPerByte, b.result.bitsPerByte) &&
         same(a.modelBits.linearOnly, b.modelBits.linearOnly) &&
         same(a.modelBits.allParameters, b.modelBits.allParameters) &&
         same(a.modelBits.checkpointBytes, b.modelBits.checkpointBytes);
}

/// Stores of earlier versions have a write-ahead log. It needs files beside the store that every
/// reader must be able to write, and stays when its writers are killed; a rollback journal does
/// not. While other processes have the log open it stays, and works.
void useRollbackJournal(SQLite::Database& database) {
  try {
    database.execAndGet("PRAGMA journal_mode = DELETE");
  } catch (const SQLite::Exception& e) {
    if (e.getErrorCode() != SQLITE_BUSY) throw;
  }
}

/// The file of a -wal, -shm or -journal is SQLite's own; opening one as a store would end in
/// damage to the store it belongs to.
void refuseCompanion(const std::filesystem::path& file) {
  const std::string name = file.string();
  for (const std::string_view end : {"-wal", "-shm", "-journal"}) {
    if (!name.ends_with(end)) continue;
    const std::string store = name.substr(0, name.size() - end.size());
    if (!fileIdentity(store)) continue;
    throw Error(ErrorKind::Format, fmt::format("{} is no store but belongs to {}", name, store));
  }
}

void readItems(SQLite::Database& database, RunRecord& record) {
  SQLite::Statement items(database,
                          "SELECT correct, log_likelihood FROM run_items WHERE run_id = ?");
  items.bind(1, record.id);
  if (!items.executeStep()) return;
  record.result.correct = readBlob<std::uint8_t>(items.getColumn(0));
  record.result.logLikelihood = readBlob<double>(items.getColumn(1));
}

}  // namespace

struct RunStore::Impl {
  std::filesystem::path file;
  Mode mode;
  std::optional<FileIdentity> identity;        ///< none of a store in memory
  std::optional<ReadView> view;                ///< for reading only
  std::unique_ptr<SQLite::Database> database;  ///< for writing
  std::int64_t ownWrites = 0;
  struct Peers {
    std::int64_t revision;
    std::vector<std::string> tasks;
    std::shared_ptr<const std::vector<RunRecord>> runs;
  } peers = {};  ///< of the last RunStore::peersOf()

  SQLite::Database& connection() { return view ? view->database() : *database; }

  std::int64_t revision() {
    return view ? view->revision()
                : database->execAndGet("PRAGMA data_version").getInt64() + ownWrites;
  }

  /// Calls with the connection; what SQLite throws becomes an Error. A call that reads may be made
  /// twice, see ReadView::open().
  template <typename F>
  auto guarded(F&& call) -> decltype(call(std::declval<SQLite::Database&>())) {
    try {
      for (int attempt = 0; view && attempt < 3; ++attempt) {
        try {
          return call(connection());
        } catch (const SQLite::Exception& e) {
          if (e.getErrorCode() != SQLITE_READONLY) throw;
          view->open();
        }
      }
      return call(connection());
    } catch (const SQLite::Exception& e) {
      throwStoreError(file, e, view ? kReadTimeoutMs : kWriteTimeoutMs);
    }
  }

  /// Nothing must be read from or written to a file that nobody will find again.
  void requireSameFile() const {
    if (!identity) return;
    const auto now = fileIdentity(file);
    if (!now) {
      throw Error(ErrorKind::NotFound,
                  fmt::format("{} was deleted or moved while it was open", file.string()));
    }
    if (*now != *identity) {
      throw Error(ErrorKind::Conflict,
                  fmt::format("{} was replaced by another file while it was open", file.string()));
    }
  }

  void requireWritable() const {
    if (mode == Mode::ReadOnly) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{} was opened for reading only", file.string()));
    }
    requireSameFile();
  }

  /// Inside a transaction. The id of the new row, or of the finished run that was there.
  std::pair<std::int64_t, bool> insert(const RunRecord& record);
  void openForWriting(bool exists);
  std::optional<RunRecord> findWhere(const SqlCondition& condition);
};

std::pair<std::int64_t, bool> RunStore::Impl::insert(const RunRecord& record) {
  if (record.key.empty()) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("a run of {} without a key cannot be stored in {}", record.model,
                            file.string()));
  }
  SQLite::Statement there(*database, "SELECT id, status FROM runs WHERE key = ?");
  there.bind(1, record.key);
  if (there.executeStep()) {
    const std::int64_t id = there.getColumn(0).getInt64();
    if (there.getColumn(1).getString() == runStatusName(RunStatus::Done)) return {id, false};
    there.reset();
    SQLite::Statement remove(*database, "DELETE FROM runs WHERE id = ?");
    remove.bind(1, id);
    remove.exec();
  }
  const Columns& c = columns();
  SQLite::Statement add(*database,
                        fmt::format("INSERT INTO runs ({}) VALUES ({})", c.names, c.holes));
  bindFields(add, record);
  add.exec();
  const std::int64_t id = database->getLastInsertRowid();
  const TaskResult& result = record.result;
  if (!result.correct.empty() || !result.logLikelihood.empty()) {
    SQLite::Statement items(
        *database, "INSERT INTO run_items (run_id, correct, log_likelihood) VALUES (?, ?, ?)");
    items.bind(1, id);
    bindBlob(items, 2, result.correct);
    bindBlob(items, 3, result.logLikelihood);
    items.exec();
  }
  return {id, true};
}

std::optional<RunRecord> RunStore::Impl::findWhere(const SqlCondition& condition) {
  return guarded([&](SQLite::Database& connection) -> std::optional<RunRecord> {
    // One transaction, so that the run is not replaced between its row and its items.
    SQLite::Transaction snapshot(connection);
    RunQuery query(connection, file, RunColumns::All, condition);
    if (!query.next()) return std::nullopt;
    RunRecord record = query.record();
    readItems(connection, record);
    return record;
  });
}

RunStore::RunStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RunStore::RunStore(RunStore&&) noexcept = default;
RunStore& RunStore::operator=(RunStore&&) noexcept = default;
RunStore::~RunStore() = default;

void RunStore::Impl::openForWriting(bool exists) {
  const bool known = exists && checkStoreHeader(file, kWriteTimeoutMs);
  if (exists && !known && std::filesystem::file_size(file) > 0) {
    ReadView look(file, kWriteTimeoutMs);  // another program's file is not even recovered
    refuseForeignStore(look.database(), file);
  }
  if (exists) {
    if (const std::string reason = whyNotWritable(file); !reason.empty()) {
      throw Error(ErrorKind::Io, reason);
    }
  }
  const int create = mode == Mode::ReadWrite ? SQLite::OPEN_CREATE : 0;
  database = std::make_unique<SQLite::Database>(std::filesystem::absolute(file).string(),
                                                SQLite::OPEN_READWRITE | create, kWriteTimeoutMs,
                                                storeVfs());
  if (sqlite3_db_readonly(database->getHandle(), "main") == 1) {
    throw Error(ErrorKind::Io, fmt::format("{} is not writable", file.string()));
  }
  refuseForeignStore(*database, file);
  useRollbackJournal(*database);
  // FULL: the file stays sound after a power failure too.
  database->exec("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
  migrateStore(*database, file);
}

RunStore RunStore::open(const std::filesystem::path& file, Mode mode) {
  std::error_code ignored;
  const auto status = std::filesystem::status(file, ignored);
  const bool exists = std::filesystem::exists(status);
  if (exists && !std::filesystem::is_regular_file(status)) {
    throw Error(ErrorKind::Format,
                fmt::format("{} is no store but a folder or device", file.string()));
  }
  if (!exists && mode != Mode::ReadWrite) {
    throw Error(ErrorKind::NotFound, fmt::format("there is no store {}", file.string()));
  }
  const auto folder = std::filesystem::absolute(file).parent_path();
  if (!exists && !std::filesystem::is_directory(folder, ignored)) {
    throw Error(ErrorKind::NotFound, fmt::format("cannot create {}: there is no folder {}",
                                                 file.string(), folder.string()));
  }
  refuseCompanion(file);
  auto impl = std::make_unique<Impl>(Impl{file, mode, fileIdentity(file), {}, nullptr});
  try {
    if (mode == Mode::ReadOnly) {
      checkStoreHeader(file, kReadTimeoutMs);
      impl->view.emplace(file, kReadTimeoutMs);
      impl->guarded([&](SQLite::Database& database) { requireStore(database, file); });
    } else {
      impl->openForWriting(exists);
      if (!exists) impl->identity = fileIdentity(file);
    }
  } catch (const SQLite::Exception& e) {
    throwStoreError(file, e, mode == Mode::ReadOnly ? kReadTimeoutMs : kWriteTimeoutMs);
  }
  return RunStore(std::move(impl));
}

RunStore RunStore::inMemory() {
  auto impl = std::make_unique<Impl>(Impl{"a store in memory", Mode::ReadWrite, {}, {}, nullptr});
  impl->database =
      std::make_unique<SQLite::Database>(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  migrateStore(*impl->database, impl->file);
  return RunStore(std::move(impl));
}

std::int64_t RunStore::add(const RunRecord& record) {
  impl_->requireWritable();
  return impl_->guarded([&](SQLite::Database& database) {
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    const auto [id, added] = impl_->insert(record);
    if (!added) {
      throw Error(ErrorKind::Conflict,
                  fmt::format("{} already holds the finished run {} with key {}",
                              impl_->file.string(), id, record.key));
    }
    transaction.commit();
    ++impl_->ownWrites;
    return id;
  });
}

AddCounts RunStore::addAll(std::span<const RunRecord> records) {
  impl_->requireWritable();
  return impl_->guarded([&](SQLite::Database& database) {
    AddCounts counts;
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    RunQuery stored(database, impl_->file, RunColumns::All, {"id = ?", {std::int64_t{0}}});
    for (const RunRecord& record : records) {
      const auto [id, added] = impl_->insert(record);
      if (added) {
        ++counts.added;
        continue;
      }
      stored.restart({id});
      const bool equal = stored.next() && sameResults(stored.record(), record);
      stored.restart({id});
      ++(equal ? counts.alreadyThere : counts.different);
    }
    transaction.commit();
    if (counts.added > 0) ++impl_->ownWrites;
    return counts;
  });
}

bool RunStore::hasDone(std::string_view key) const {
  return impl_->guarded([&](SQLite::Database& database) {
    SQLite::Statement select(database, "SELECT 1 FROM runs WHERE key = ? AND status = 'done'");
    select.bind(1, std::string(key));
    return select.executeStep();
  });
}

std::optional<RunRecord> RunStore::find(std::string_view key) const {
  return impl_->findWhere({"key = ?", {std::string(key)}});
}

std::optional<RunRecord> RunStore::find(std::int64_t id) const {
  return impl_->findWhere({"id = ?", {id}});
}

std::vector<RunRecord> RunStore::runs(const RunFilter& filter, bool withItems) const {
  return impl_->guarded([&](SQLite::Database& database) {
    std::vector<RunRecord> found;
    SQLite::Transaction snapshot(database);
    RunQuery query(database, impl_->file, RunColumns::All, conditionOf(filter));
    while (query.next()) {
      found.push_back(query.record());
      if (withItems) readItems(database, found.back());
    }
    return found;
  });
}

RowsRead RunStore::rowsAfter(std::int64_t after, NamePool& names) const {
  return impl_->guarded([&](SQLite::Database& database) {
    SQLite::Transaction snapshot(database);
    return readRows(database, impl_->file, names, after);
  });
}

std::shared_ptr<const std::vector<RunRecord>> RunStore::peersOf(const RunFilter& filter) const {
  RunFilter peers;  // see aggregatePoints: completeness is judged before the other lists
  peers.tasks = filter.tasks;
  return impl_->guarded([&](SQLite::Database&) {
    const std::int64_t revision = impl_->revision();  // may open the file anew
    SQLite::Database& database = impl_->connection();
    Impl::Peers& kept = impl_->peers;
    if (kept.runs && kept.revision == revision && kept.tasks == peers.tasks) return kept.runs;
    auto found = std::make_shared<std::vector<RunRecord>>();
    RunQuery query(database, impl_->file, RunColumns::OfPoints, conditionOf(peers));
    while (query.next()) found->push_back(query.record());
    kept = {revision, peers.tasks, std::move(found)};
    return kept.runs;
  });
}

std::vector<LawPoint> RunStore::points(const RunFilter& filter) const {
  return aggregatePoints(*peersOf(filter), filter);
}

bool RunStore::hasMeasured() const {
  return impl_->guarded([&](SQLite::Database& database) {
    SQLite::Statement select(database, "SELECT 1 FROM runs WHERE source = '' LIMIT 1");
    return select.executeStep();
  });
}

std::int64_t RunStore::revision() const {
  impl_->requireSameFile();
  return impl_->guarded([&](SQLite::Database&) { return impl_->revision(); });
}

std::filesystem::path RunStore::path() const { return impl_->file; }

}  // namespace bitfrontier
