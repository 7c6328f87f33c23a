// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// A zip archive opened for reading (libzip), for data sets that are distributed as one.
class ZipArchive {
 public:
  /// Throws NotFound, Io, or Format when it is no zip archive.
  explicit ZipArchive(const std::filesystem::path& path);
  /// The same of bytes in memory, which must outlive it. `name` stands for the path in errors.
  ZipArchive(std::string_view bytes, const std::filesystem::path& name);
  ~ZipArchive();
  ZipArchive(const ZipArchive&) = delete;
  ZipArchive& operator=(const ZipArchive&) = delete;

  /// Names of all files, folders left out, in the archive's order.
  const std::vector<std::string>& members() const { return members_; }
  bool has(const std::string& member) const;
  /// The unpacked content, its checksum verified. Throws NotFound; Format when it is damaged or
  /// unpacks to more than `maxBytes`; Unsupported when it is encrypted or packed in another way.
  std::string read(const std::string& member,
                   std::uint64_t maxBytes = std::uint64_t{1} << 30) const;

 private:
  struct Handle;
  void list();
  std::filesystem::path path_;
  std::unique_ptr<Handle> handle_;
  std::vector<std::string> members_;
};

}  // namespace bitfrontier
