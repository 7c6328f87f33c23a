// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace bitfrontier {

/// Writes a zip archive (libzip) whose bytes depend on nothing but its members: no times, no
/// owners. All or nothing: the file appears, or is replaced, by finish().
class ZipWriter {
 public:
  /// Throws Io.
  explicit ZipWriter(std::filesystem::path path);
  ~ZipWriter();
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;

  /// In the order of the calls. The content is kept until finish().
  void add(const std::string& member, std::string content);
  /// Throws Io naming the file.
  void finish();

 private:
  struct Handle;
  [[noreturn]] void fail() const;
  std::filesystem::path path_;
  std::unique_ptr<Handle> handle_;
  std::vector<std::unique_ptr<std::string>> contents_;
};

}  // namespace bitfrontier
