// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

struct sqlite3;
struct sqlite3_file;

namespace bitfrontier {

/// Which file a path leads to, however it is spelled.
struct FileIdentity {
  std::uint64_t device = 0, inode = 0;
  bool operator==(const FileIdentity&) const = default;
};

/// Nothing when nothing is there. Opens nothing.
std::optional<FileIdentity> fileIdentity(const std::filesystem::path& path);

/// Sizes and times of a database and of the -wal and -journal beside it: equal as long as nobody
/// has written. Opens nothing.
struct FileSignature {
  struct Part {
    std::uint64_t inode = 0;
    std::int64_t size = -1, seconds = 0, nanoseconds = 0;  ///< size -1: not there
    bool operator==(const Part&) const = default;
  };
  Part database, wal, journal;
  bool operator==(const FileSignature&) const = default;
};
FileSignature fileSignature(const std::filesystem::path& file);

/// The bytes at the start of an SQLite file that tell what it is.
struct StoreHeader {
  bool sqlite = false;  ///< starts as SQLite's files do
  bool wal = false;     ///< its changes go to a write-ahead log
  std::int32_t applicationId = 0;
  int schemaVersion = 0;
  std::uint64_t bytes = 0;  ///< that it ought to have
};

/// A database file looked at by way of SQLite's file layer, with a reader's lock: no SQL is run,
/// nothing is written, no lock of another connection is lost.
class StoreFile {
 public:
  /// Throws NotFound, Io (not readable, locked for more than `timeoutMs`).
  StoreFile(const std::filesystem::path& file, int timeoutMs);
  ~StoreFile();
  StoreFile(const StoreFile&) = delete;
  StoreFile& operator=(const StoreFile&) = delete;

  std::uint64_t size() const;
  StoreHeader header() const;
  /// Writes its bytes to a new file. Throws Io.
  void copyTo(const std::filesystem::path& target) const;

 private:
  void lock(int timeoutMs);

  std::filesystem::path path_;
  sqlite3* connection_ = nullptr;
  sqlite3_file* file_ = nullptr;  ///< of the connection
};

/// Refuses a file that is no store of ours by its header, before any SQL is run on it. Format: no
/// SQLite file, shorter than it says, or of another program; Unsupported: a newer schema. True when
/// the header says that it is a store, false when only its tables can tell (id 0).
bool checkStoreHeader(const std::filesystem::path& file, int timeoutMs);

/// Why the store cannot be written, as a sentence; empty when it can. The file exists.
std::string whyNotWritable(const std::filesystem::path& file);

}  // namespace bitfrontier
