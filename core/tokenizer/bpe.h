// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace bitfrontier {

/// Looks up std::string keys by std::string_view.
struct StringHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};
using TokenMap = std::unordered_map<std::string, std::int32_t, StringHash, std::equal_to<>>;

/// Byte pair encoding of single words over a byte-level vocabulary. Immutable once built.
class Bpe {
 public:
  /// `merges` in order of rank, as spelled in the vocabulary. Throws Format, starting with `where`,
  /// when a part or the result of a merge is not in the vocabulary.
  Bpe(const TokenMap& vocab, const std::vector<std::pair<std::string, std::string>>& merges,
      bool ignoreMerges, std::string_view where);

  /// Appends the ids of `word` (raw bytes, not empty): starting from single bytes, the adjacent
  /// pair of lowest rank is merged, the leftmost of equals first. O(n log n). Throws Unsupported
  /// for a byte that has no token.
  void encode(std::string_view word, std::vector<std::int32_t>& ids) const;

 private:
  struct Merge {
    std::int32_t rank = -1;
    std::int32_t id = -1;
  };
  const Merge* find(std::int32_t left, std::int32_t right) const;

  std::array<std::int32_t, 256> byteIds_{};
  std::unordered_map<std::uint64_t, Merge> merges_;
  TokenMap words_;  // whole words by their raw bytes, only with ignoreMerges
};

}  // namespace bitfrontier
