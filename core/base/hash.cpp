// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/hash.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/base/error.h"
#include "core/base/file.h"

namespace bitfrontier {

namespace {

void require(int ok) {
  if (ok != 1) throw Error(ErrorKind::Unsupported, "the crypto library does not offer a hash");
}

}  // namespace

struct HashStream::State {
  State() : context(EVP_MD_CTX_new()) {
    if (context == nullptr) throw Error(ErrorKind::OutOfMemory, "no memory for a hash context");
  }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  EVP_MD_CTX* context;
};

HashStream::HashStream(Kind kind) : state_(std::make_unique<State>()) {
  const EVP_MD* hash = kind == Kind::Sha1 ? EVP_sha1() : EVP_sha256();
  require(EVP_DigestInit_ex(state_->context, hash, nullptr));
}
HashStream::~HashStream() = default;
HashStream::HashStream(HashStream&&) noexcept = default;
HashStream& HashStream::operator=(HashStream&&) noexcept = default;

void HashStream::update(std::span<const std::byte> bytes) {
  require(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

void HashStream::update(std::string_view text) {
  update(std::as_bytes(std::span(text.data(), text.size())));
}

std::string HashStream::hexDigest() const {
  State copy;
  require(EVP_MD_CTX_copy_ex(copy.context, state_->context));
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  require(EVP_DigestFinal_ex(copy.context, digest.data(), &size));
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * size);
  for (unsigned int i = 0; i < size; ++i) {
    hex += digits[digest[i] >> 4];
    hex += digits[digest[i] & 15];
  }
  return hex;
}

std::string sha256Hex(std::span<const std::byte> bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hexDigest();
}

std::string sha256Hex(std::string_view text) {
  return sha256Hex(std::as_bytes(std::span(text.data(), text.size())));
}

std::string sha256File(const std::filesystem::path& path, const JobContext& job) {
  constexpr std::size_t chunk = std::size_t{8} << 20;
  const MappedFile file(path);
  const auto bytes = file.bytes();
  Sha256 hash;
  for (std::size_t at = 0; at < bytes.size(); at += chunk) {
    job.throwIfCancelled();
    hash.update(bytes.subspan(at, std::min(chunk, bytes.size() - at)));
    const std::size_t done = std::min(at + chunk, bytes.size());
    job.progress({static_cast<double>(done) / static_cast<double>(bytes.size()),
                  "hashing " + path.filename().string(), static_cast<std::int64_t>(done),
                  static_cast<std::int64_t>(bytes.size())});
  }
  return hash.hexDigest();
}

}  // namespace bitfrontier
