// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/read_view.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <SQLiteCpp/Backup.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <stdlib.h>

#include <chrono>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "core/base/error.h"
#include "core/store/lock_vfs.h"
#include "core/store/schema.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "bitfrontier-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw Error(ErrorKind::Io, fmt::format("cannot make the folder {}: {}", name,
                                             std::generic_category().message(errno)));
    }
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::unique_ptr<SQLite::Database> intoMemory(SQLite::Database& source) {
  auto memory =
      std::make_unique<SQLite::Database>(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  SQLite::Backup backup(*memory, source);
  while (backup.executeStep(-1) != SQLITE_DONE) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return memory;
}

bool justWritten(const FileSignature& signature) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  for (const auto& part : {signature.database, signature.wal, signature.journal}) {
    const auto written =
        std::chrono::seconds(part.seconds) + std::chrono::nanoseconds(part.nanoseconds);
    // Times of files step by up to 10 ms: two changes within a step cannot be told apart.
    if (part.size >= 0 && now - written < std::chrono::milliseconds(20)) return true;
  }
  return false;
}

/// Copies the database with what was left beside it; nothing when somebody has written meanwhile,
/// or (unless `hurry`) just before. A log that has only grown does no harm: SQLite reads it up to
/// its last whole change.
std::optional<FileSignature> copyFiles(const fs::path& file, const fs::path& target, int timeoutMs,
                                       bool hurry) {
  const FileSignature before = fileSignature(file);
  if (justWritten(before) && !hurry) return std::nullopt;
  StoreFile(file, timeoutMs).copyTo(target);
  for (const char* more : {"-wal", "-journal"}) {
    std::error_code error;
    fs::remove(target.string() + more, error);
    if (!fs::exists(file.string() + more)) continue;
    fs::copy_file(file.string() + more, target.string() + more, error);
    if (error && fs::exists(file.string() + more)) {
      throw Error(ErrorKind::Io, fmt::format("cannot read {}{}, without which {} is not whole: {}",
                                             file.string(), more, file.string(), error.message()));
    }
  }
  const FileSignature after = fileSignature(file);
  const bool same = before.database == after.database && before.journal == after.journal &&
                    before.wal.inode == after.wal.inode;
  return same ? std::optional(before) : std::nullopt;
}

}  // namespace

ReadView::ReadView(fs::path file, int timeoutMs) : file_(std::move(file)), timeoutMs_(timeoutMs) {
  open();
}
ReadView::~ReadView() = default;
ReadView::ReadView(ReadView&&) noexcept = default;
ReadView& ReadView::operator=(ReadView&&) noexcept = default;

void ReadView::open() {
  // Longer than for a lock: with other work on the machine a moment without changes is seen seldom.
  const std::chrono::milliseconds most = std::chrono::milliseconds(timeoutMs_) * 6;
  const auto deadline = std::chrono::steady_clock::now() + most;
  for (;;) {
    copy_ = false;
    // A writer may have finished or undone what made a copy necessary, so this comes first each
    // time.
    if (openInPlace()) break;
    const bool late = std::chrono::steady_clock::now() > deadline;
    if (openCopy(late)) break;
    if (late) {
      throw Error(ErrorKind::Io, fmt::format("{} was changed all the time for {} s, so that it "
                                             "could not be read",
                                             file_.string(), most.count() / 1000));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  if (!copy_) return;
  ++copies_;
  if (database_->execAndGet("PRAGMA application_id").getInt() == kStoreApplicationId) {
    migrateStore(*database_, file_);
  }
  database_->exec("PRAGMA query_only = ON");
}

bool ReadView::openInPlace() {
  if (StoreFile(file_, timeoutMs_).header().wal) return false;
  FileSignature before = fileSignature(file_);
  database_ = std::make_unique<SQLite::Database>(fs::absolute(file_).string(),
                                                 SQLite::OPEN_READONLY, timeoutMs_, storeVfs());
  try {
    const int version = database_->execAndGet("PRAGMA user_version").getInt();
    const int id = database_->execAndGet("PRAGMA application_id").getInt();
    if (id != kStoreApplicationId || version >= storeSchemaVersion()) return true;
    for (int i = 0; i < 10 && justWritten(before); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      before = fileSignature(file_);
    }
    database_ = intoMemory(*database_);
    copy_ = true;
    signature_ = before;
    return true;
  } catch (const SQLite::Exception& e) {
    // A change that was not finished, which a reader may not undo.
    if (e.getErrorCode() != SQLITE_READONLY && e.getErrorCode() != SQLITE_CANTOPEN) throw;
    return false;
  }
}

bool ReadView::openCopy(bool hurry) {
  const TemporaryFolder folder;
  const fs::path target = folder.path() / "copy.bfdb";
  const std::optional<FileSignature> signature = copyFiles(file_, target, timeoutMs_, hurry);
  if (!signature) return false;
  signature_ = *signature;
  SQLite::Database whole(target.string(), SQLite::OPEN_READWRITE, timeoutMs_);
  database_ = intoMemory(whole);
  copy_ = true;
  return true;
}

void ReadView::refresh() {
  if (copy_ && !(fileSignature(file_) == signature_)) open();
}

SQLite::Database& ReadView::database() {
  refresh();
  return *database_;
}

std::int64_t ReadView::revision() {
  refresh();
  // A new copy's own count begins anew.
  return (copies_ << 32) + (copy_ ? 0 : database_->execAndGet("PRAGMA data_version").getInt64());
}

}  // namespace bitfrontier
