// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/tokenizer/bpe/vocab.h"

namespace bitfrontier {

/// The most that is read of one file.
constexpr std::uint64_t largestTokenizerFile = std::uint64_t{256} << 20;

/// A tokenizer.json, or a vocab.json, read in one pass: the two long lists go straight into their
/// tables.
struct TokenizerJson {
  nlohmann::json rest;  ///< all but the two lists, which are left out
  bool hasVocab = false;
  bool hasMerges = false;
  Vocab vocab;
  MergeList merges;
};

/// Throws Format, naming the byte or the entry, for malformed JSON, nesting beyond 32, tokens or
/// ids that occur twice, ids far beyond the number of tokens, and malformed merges.
TokenizerJson readTokenizerJson(std::string_view text, std::string_view where);

/// As above for a text that is nothing but the vocabulary.
Vocab readVocabJson(std::string_view text, std::string_view where);

/// Adds the merge spelled "left right". Throws Format.
void addSpelledMerge(MergeList& merges, std::string_view line, std::string_view where);

}  // namespace bitfrontier
