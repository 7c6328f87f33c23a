// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/store_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "core/base/error.h"
#include "core/store/lock_vfs.h"
#include "core/store/schema.h"

namespace bitfrontier {
namespace {

constexpr std::size_t kHeaderBytes = 100;

std::uint32_t bigEndian32(const std::array<unsigned char, kHeaderBytes>& header, std::size_t at) {
  return (std::uint32_t{header[at]} << 24) | (std::uint32_t{header[at + 1]} << 16) |
         (std::uint32_t{header[at + 2]} << 8) | std::uint32_t{header[at + 3]};
}

FileSignature::Part part(const std::filesystem::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return {};
  return {info.st_ino, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec};
}

}  // namespace

std::optional<FileIdentity> fileIdentity(const std::filesystem::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return std::nullopt;
  return FileIdentity{info.st_dev, info.st_ino};
}

FileSignature fileSignature(const std::filesystem::path& file) {
  return {part(file), part(file.string() + "-wal"), part(file.string() + "-journal")};
}

StoreFile::StoreFile(const std::filesystem::path& file, int timeoutMs) : path_(file) {
  const int code = ::sqlite3_open_v2(std::filesystem::absolute(file).c_str(), &connection_,
                                     SQLITE_OPEN_READONLY, storeVfs());
  try {
    if (code != SQLITE_OK) {
      throw Error(
          fileIdentity(file) ? ErrorKind::Io : ErrorKind::NotFound,
          fmt::format("cannot read {}: {}", file.string(),
                      std::generic_category().message(
                          connection_ == nullptr ? ENOMEM : ::sqlite3_system_errno(connection_))));
    }
    ::sqlite3_file_control(connection_, "main", SQLITE_FCNTL_FILE_POINTER, &file_);
    lock(timeoutMs);
  } catch (...) {
    ::sqlite3_close_v2(connection_);
    throw;
  }
}

StoreFile::~StoreFile() {
  file_->pMethods->xUnlock(file_, SQLITE_LOCK_NONE);
  ::sqlite3_close_v2(connection_);
}

void StoreFile::lock(int timeoutMs) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeoutMs);
  for (;;) {
    const int code = file_->pMethods->xLock(file_, SQLITE_LOCK_SHARED);
    if (code == SQLITE_OK) return;
    if (code != SQLITE_BUSY || std::chrono::steady_clock::now() > deadline) {
      throw Error(ErrorKind::Io,
                  code == SQLITE_BUSY
                      ? fmt::format("{} was locked by another process for more than {} s",
                                    path_.string(), timeoutMs / 1000)
                      : fmt::format("cannot lock {}: {}", path_.string(), ::sqlite3_errstr(code)));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

std::uint64_t StoreFile::size() const {
  sqlite3_int64 size = 0;
  if (file_->pMethods->xFileSize(file_, &size) != SQLITE_OK) {
    throw Error(ErrorKind::Io, fmt::format("cannot read the size of {}", path_.string()));
  }
  return static_cast<std::uint64_t>(size);
}

StoreHeader StoreFile::header() const {
  std::array<unsigned char, kHeaderBytes> bytes{};
  const int code = file_->pMethods->xRead(file_, bytes.data(), kHeaderBytes, 0);
  if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) {
    throw Error(ErrorKind::Io, fmt::format("cannot read {}", path_.string()));
  }
  StoreHeader header;
  const std::string_view magic(reinterpret_cast<const char*>(bytes.data()), 16);
  header.sqlite = magic == std::string_view("SQLite format 3\0", 16);
  header.wal = bytes[18] == 2 || bytes[19] == 2;
  header.applicationId = static_cast<std::int32_t>(bigEndian32(bytes, 68));
  header.schemaVersion = static_cast<int>(bigEndian32(bytes, 60));
  const std::uint64_t page = (std::uint64_t{bytes[16]} << 8) | bytes[17];
  header.bytes = (page == 1 ? 65536 : page) * std::uint64_t{bigEndian32(bytes, 28)};
  return header;
}

void StoreFile::copyTo(const std::filesystem::path& target) const {
  std::ofstream out(target, std::ios::binary);
  std::vector<char> buffer(std::size_t{1} << 20);
  const std::uint64_t end = size();
  for (std::uint64_t at = 0; at < end && out;) {
    const auto count = static_cast<int>(std::min<std::uint64_t>(buffer.size(), end - at));
    const int code =
        file_->pMethods->xRead(file_, buffer.data(), count, static_cast<sqlite3_int64>(at));
    if (code != SQLITE_OK) {
      throw Error(ErrorKind::Io, fmt::format("cannot read {} at byte {}", path_.string(), at));
    }
    out.write(buffer.data(), count);
    at += static_cast<std::uint64_t>(count);
  }
  if (!out.flush()) {
    throw Error(ErrorKind::Io, fmt::format("cannot write a copy of {} to {}", path_.string(),
                                           target.parent_path().string()));
  }
}

bool checkStoreHeader(const std::filesystem::path& file, int timeoutMs) {
  const StoreFile look(file, timeoutMs);
  const std::uint64_t size = look.size();
  const FileSignature signature = fileSignature(file);
  // Left by a writer that was killed in the middle of a change; SQLite undoes that change.
  const bool unfinished = signature.journal.size > 0;
  if (size == 0 || unfinished) return false;
  const StoreHeader header = look.header();
  if (!header.sqlite) {
    throw Error(ErrorKind::Format,
                fmt::format("{} is no Bitfrontier store: it does not start with a SQLite header",
                            file.string()));
  }
  if (size < kHeaderBytes) {
    throw Error(ErrorKind::Format, fmt::format("{} is no Bitfrontier store: it has only {} bytes",
                                               file.string(), size));
  }
  // With a log, the file may be growing, or be about to.
  if (!(header.wal && signature.wal.size > 0) && size < header.bytes) {
    throw Error(ErrorKind::Format,
                fmt::format("{} is truncated: its header tells of {} bytes but it has {}",
                            file.string(), header.bytes, size));
  }
  if (header.applicationId == 0) return false;
  if (header.applicationId != kStoreApplicationId) refuseForeign(file, header.applicationId);
  if (header.schemaVersion > storeSchemaVersion()) refuseNewer(file, header.schemaVersion);
  return true;
}

std::string whyNotWritable(const std::filesystem::path& file) {
  const std::string name = file.string();
  if (::faccessat(AT_FDCWD, file.c_str(), W_OK, AT_EACCESS) != 0) {
    return fmt::format("{} is not writable: {}", name, std::generic_category().message(errno));
  }
  std::error_code ignored;
  const auto real = std::filesystem::canonical(file, ignored);  // where the journal would be
  const auto folder =
      real.empty() ? std::filesystem::absolute(file).parent_path() : real.parent_path();
  if (::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    return fmt::format("{} is not writable: nothing can be written to its folder: {}", name,
                       std::generic_category().message(errno));
  }
  if (std::filesystem::hard_link_count(file, ignored) > 1 && !ignored) {
    // What a killed writer leaves beside one name is not found under the other.
    return fmt::format("{} is not written because the same file has a second name (a hard link)",
                       name);
  }
  return {};
}

}  // namespace bitfrontier
