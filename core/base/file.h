// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace bitfrontier {

/// Whether something is there; true also when the system does not say, so that opening it gives
/// the reason. Never throws.
bool pathExists(const std::filesystem::path& path) noexcept;

/// The whole file. Throws NotFound, Io, or Format when it holds more than `maxBytes`.
std::string readFile(const std::filesystem::path& path,
                     std::uint64_t maxBytes = std::uint64_t{1} << 30);

/// Replaces `path` so that a reader or a crash sees the old content or the new, never a part.
void writeFileAtomic(const std::filesystem::path& path, std::string_view content);

/// A file written beside `path` under a temporary name and moved there by `commit()`; without
/// a commit the destructor removes it and `path` is as it was.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);
  /// Flushes to the disk and renames. Nothing may be written afterwards.
  void commit();

 private:
  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

/// A read-only memory map of a regular file. An empty file gives an empty span. A file that
/// another process truncates while it is mapped ends this process when the lost pages are read.
class MappedFile {
 public:
  MappedFile() = default;
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;

  std::span<const std::byte> bytes() const { return {data_, size_}; }
  std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }
  std::size_t size() const { return size_; }
  /// Lets the system take back the memory of what was read; reading again brings it back. For
  /// passes over files that are larger than what shall stay in memory.
  void releasePages() const noexcept;

 private:
  void unmap() noexcept;

  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace bitfrontier
