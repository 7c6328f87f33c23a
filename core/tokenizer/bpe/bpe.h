// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizer/bpe/vocab.h"

namespace bitfrontier {

struct BpeOptions {
  /// Words are raw bytes, spelled in the vocabulary as byteToChar has it; else words are UTF-8 and
  /// their characters are the first symbols.
  bool byteLevel = true;
  /// A word that is a token by itself is not merged.
  bool ignoreMerges = false;
  /// A character without a token becomes tokens such as "<0xE2>", when all its bytes have one.
  bool byteFallback = false;
  /// Adjacent unknown characters become one token.
  bool fuseUnknown = false;
  /// The token of characters that have none otherwise; without it they vanish.
  std::optional<std::string> unknown;
};

/// Byte pair encoding of words, with the results of `tokenizers` 0.23. Immutable once built.
class Bpe {
 public:
  /// Throws Format, starting with `where`, when a part or the result of a merge, or the unknown
  /// token, is not in the vocabulary. Keeps a reference to `vocab`.
  Bpe(const Vocab& vocab, const MergeList& merges, BpeOptions options, std::string_view where);

  /// Appends the ids of `word`: from the first symbols, the adjacent pair of lowest rank is merged,
  /// the leftmost of equals first. O(n log n). A part that `cut` gave is not looked up as a whole.
  void encode(std::string_view word, std::vector<std::int32_t>& ids) const;

  /// The size of a first part of `word` that can be encoded by itself because no merge reaches
  /// across its end; the whole size when there is none.
  std::size_t cut(std::string_view word) const;

 private:
  struct Merge {
    std::uint64_t pair;
    std::int32_t rank;
    std::int32_t id;
  };
  // What a character becomes before merging; at most four tokens (bytes).
  struct First {
    std::array<std::int32_t, 4> ids{};
    std::uint8_t count = 0;
    bool known = false;    // in the vocabulary
    bool unknown = false;  // ends up as the unknown token
  };

  const Merge* find(std::int32_t left, std::int32_t right) const;
  void addMerges(const Vocab& vocab, const MergeList& merges, std::string_view where);
  void allowCuts(const MergeList& merges);
  First firstOf(std::string_view spelled) const;
  template <typename Symbols>
  void firstSymbols(std::string_view word, Symbols& symbols) const;
  void mergeShort(std::int32_t* symbols, std::size_t count, std::vector<std::int32_t>& ids) const;
  void mergeLong(const std::vector<std::int32_t>& symbols, std::vector<std::int32_t>& ids) const;

  const Vocab& vocab_;
  BpeOptions options_;
  std::int32_t unknownId_ = -1;
  std::array<std::int32_t, 256> byteFallback_{};
  std::array<First, 256> first_;  // of a byte with byteLevel, of an ASCII character without
  std::vector<Merge> merges_;     // open addressing; free slots have rank -1
  unsigned shift_ = 0;
  bool cuts_ = false;
  std::bitset<65536> adjacent_;  // byte pairs that some merge brings together
  Vocab words_;                  // raw bytes of whole tokens, with ignoreMerges and byteLevel
};

}  // namespace bitfrontier
