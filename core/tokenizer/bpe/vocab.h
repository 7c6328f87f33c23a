// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// A quick hash of bytes for tables in memory; not for anything stored.
inline std::uint64_t quickHash(std::string_view bytes) {
  constexpr std::uint64_t factor = 0x9e3779b97f4a7c15U;
  std::uint64_t hash = bytes.size() * factor;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  const auto mix = [&hash](std::uint64_t word) {
    hash = (hash ^ word) * factor;
    hash ^= hash >> 29;
  };
  while (left >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    mix(word);
    at += 8;
    left -= 8;
  }
  std::uint64_t word = 0;
  if (left > 0) std::memcpy(&word, at, left);  // an empty view may have no address
  mix(word);
  return hash ^ (hash >> 32);
}

/// Tokens and their ids, each spelling and each id once. Spellings lie in one block of memory.
class Vocab {
 public:
  /// Gives false, and changes nothing, when `token` is there already. `id` is not negative.
  bool add(std::string_view token, std::int32_t id);
  /// The id of a spelling, or -1.
  std::int32_t find(std::string_view token) const;
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }

  struct Entry {
    std::string_view token;
    std::int32_t id;
  };
  /// In the order of adding; views last until the next add().
  Entry entry(std::size_t index) const {
    const Stored& stored = entries_[index];
    return {std::string_view(spellings_).substr(stored.begin, stored.size), stored.id};
  }

 private:
  struct Stored {
    std::size_t begin;
    std::uint32_t size;
    std::int32_t id;
  };
  struct Slot {
    std::uint32_t hash;
    std::uint32_t entry;  // one more than the index, 0 when free
  };
  void grow();
  std::size_t slotOf(std::string_view token, std::uint64_t hash) const;

  std::string spellings_;
  std::vector<Stored> entries_;
  std::vector<Slot> slots_;
};

/// Pairs of spellings in order of rank, in one block of memory.
class MergeList {
 public:
  void add(std::string_view left, std::string_view right);
  std::size_t size() const { return pairs_.size(); }
  std::string_view left(std::size_t rank) const;
  std::string_view right(std::size_t rank) const;
  /// Left and right as one string.
  std::string_view joined(std::size_t rank) const;

 private:
  struct Stored {
    std::size_t begin;
    std::uint32_t left;
    std::uint32_t right;
  };
  std::string spellings_;
  std::vector<Stored> pairs_;
};

}  // namespace bitfrontier
