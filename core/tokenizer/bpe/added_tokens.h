// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/tokenizer/text/piece.h"

namespace bitfrontier {

/// How a string that is found takes what is around it along.
struct AddedTokenRule {
  std::int32_t id = -1;
  bool singleWord = false;  ///< only where no word character (`\w` of Rust) is beside it
  bool leftStrip = false;   ///< with the white space before it
  bool rightStrip = false;  ///< with the white space after it
  bool plain = false;       ///< found, but left in the text as it is
};

/// Finds fixed strings in a text, leftmost first and of those the longest.
class AddedTokens {
 public:
  /// An empty `text` is ignored; the first rule given to a text holds.
  void add(std::string_view text, const AddedTokenRule& rule);
  bool empty() const { return rules_.empty(); }

  /// Cuts `text` as `tokenizers` does: `rest` gets the text between tokens (never empty), `token`
  /// the ids, both from left to right.
  void split(std::string_view text, const Sink<std::string_view>& rest,
             const Sink<std::int32_t>& token) const;

  struct Match {
    std::size_t begin;
    std::size_t size;
    std::int32_t id;
    std::size_t rule;
  };
  /// The first match at or after `from`, by the strings alone.
  std::optional<Match> find(std::string_view text, std::size_t from) const;

 private:
  std::vector<std::int64_t> ruleOf_ = std::vector<std::int64_t>(1, -1);  // by node of the trie
  std::unordered_map<std::uint64_t, std::size_t> next_;                  // (node, byte) to node
  std::vector<AddedTokenRule> rules_;
  std::bitset<256> firstBytes_;
  std::bitset<256> single_;      // bytes that are a token by themselves
  std::bitset<65536> firstTwo_;  // the first two bytes of longer tokens
};

}  // namespace bitfrontier
