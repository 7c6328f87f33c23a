// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/tokenizer/bpe.h"
#include "core/tokenizer/pre_tokenizer.h"

namespace bitfrontier {

/// A token that is found in the text before any other rule applies.
struct AddedToken {
  std::string content;
  std::int32_t id = -1;
  bool special = false;
  bool normalized = false;  ///< looked for after normalization instead of before
};

/// The content of a tokenizer's files, checked.
struct TokenizerFiles {
  TokenMap vocab;
  std::vector<std::pair<std::string, std::string>> merges;
  std::vector<AddedToken> added;
  PreTokenizer preTokenizer;
  bool nfc = false;
  bool ignoreMerges = false;
  std::vector<std::string> prefix;  ///< tokens put before a text
  std::vector<std::string> suffix;
  std::optional<std::string> eos;
  std::optional<std::string> bos;
  std::optional<std::string> pad;
  std::string where;  ///< the main file, for errors
  std::string hash;   ///< SHA-256 of the bytes read for vocabulary and rules
};

/// From the text of a tokenizer.json. Throws Format or Unsupported.
TokenizerFiles parseTokenizerJson(std::string_view text, std::string_view where);

/// From disk, as Tokenizer::load describes.
TokenizerFiles readTokenizerFiles(const std::filesystem::path& dirOrTokenizerJson);

}  // namespace bitfrontier
