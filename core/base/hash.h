// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/job.h"

namespace bitfrontier {

/// An incremental hash (through OpenSSL).
class HashStream {
 public:
  enum class Kind { Sha1, Sha256 };

  explicit HashStream(Kind kind);
  ~HashStream();
  HashStream(HashStream&&) noexcept;
  HashStream& operator=(HashStream&&) noexcept;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text);
  /// Lower-case hexadecimal digits of everything so far; more may be added afterwards.
  std::string hexDigest() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// SHA-256 (FIPS 180-4): 64 digits.
class Sha256 : public HashStream {
 public:
  Sha256() : HashStream(Kind::Sha256) {}
};

/// SHA-256 of a buffer as 64 lower-case hexadecimal digits.
std::string sha256Hex(std::span<const std::byte> bytes);
std::string sha256Hex(std::string_view text);

/// SHA-256 of a file's content; reports bytes done and can be cancelled. Throws NotFound or Io.
std::string sha256File(const std::filesystem::path& path, const JobContext& job = {});

}  // namespace bitfrontier
