// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizer/bpe/bpe.h"
#include "core/tokenizer/bpe/vocab.h"
#include "core/tokenizer/pipeline/decoder.h"
#include "core/tokenizer/pipeline/normalizer.h"
#include "core/tokenizer/pipeline/pre_tokenizer.h"

namespace bitfrontier {

/// A token that is found in the text before any other rule applies.
struct AddedToken {
  std::string content;
  std::int32_t id = -1;
  bool special = false;
  bool normalized = false;  ///< looked for after normalization instead of before
  bool singleWord = false;
  bool leftStrip = false;
  bool rightStrip = false;
};

/// The content of a tokenizer's files, checked.
struct TokenizerFiles {
  Vocab vocab;
  MergeList merges;
  BpeOptions model;
  std::vector<AddedToken> added;  ///< each content once
  /// The list of a tokenizer.json by the ids it states, which need not be those that tokens get.
  std::map<std::int64_t, AddedToken> listed;
  Normalizer normalizer;
  PreTokenizer preTokenizer;
  Decoder decoder;
  std::vector<std::int32_t> prefix;  ///< put before a text
  std::vector<std::int32_t> suffix;
  std::optional<std::string> eos;
  std::optional<std::string> bos;
  std::optional<std::string> pad;
  bool splitSpecial = false;  ///< special tokens are not looked for in a text
  std::string where;          ///< the main file, for errors
  std::string hash;           ///< SHA-256 of the bytes read for vocabulary and rules

  /// Adds a token as `tokenizers` does: with its id in the vocabulary, else the next free one.
  /// One that is there already gets the new flags. Throws Format when the id is taken.
  void addToken(AddedToken token);
  bool isAdded(std::string_view content) const { return addedIndex_.find(content) >= 0; }
  /// By its content, in the added tokens and the vocabulary; -1 when unknown.
  std::int32_t idOf(std::string_view token) const;

 private:
  Vocab addedIndex_;  // content to index in `added`
  std::int32_t highestAdded_ = -1;
};

/// From the text of a tokenizer.json. Throws Format or Unsupported.
TokenizerFiles parseTokenizerJson(std::string_view text, std::string_view where);

/// From disk, as Tokenizer::load describes.
TokenizerFiles readTokenizerFiles(const std::filesystem::path& dirOrTokenizerJson);

}  // namespace bitfrontier
