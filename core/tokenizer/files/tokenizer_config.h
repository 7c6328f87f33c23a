// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/tokenizer/files/tokenizer_class.h"
#include "core/tokenizer/files/tokenizer_files.h"

namespace bitfrontier {

/// What stands beside tokenizer.json, or beside vocab.json and merges.txt, and has a say in how
/// text is encoded. README.md in this folder tells which key counts for which class.
struct TokenizerSettings {
  std::filesystem::path dir;
  nlohmann::json config;                    ///< tokenizer_config.json; an object
  nlohmann::json modelConfig;               ///< config.json; an object
  std::optional<nlohmann::json> map;        ///< special_tokens_map.json
  std::optional<nlohmann::json> addedJson;  ///< added_tokens.json
  TokenizerFile file = TokenizerFile::Other;
  TokenizerClass kind = TokenizerClass::File;

  /// For errors.
  std::string where() const { return (dir / "tokenizer_config.json").string(); }
};

/// Reads the files of `dir` that there are. Throws Io or Format.
TokenizerSettings readTokenizerSettings(const std::filesystem::path& dir, TokenizerFile file);

/// Adds the tokens that the settings name, and says which of them begin and end a text and what is
/// put around one. Throws Format.
void addSettingsTokens(const TokenizerSettings& settings, TokenizerFiles& out);

}  // namespace bitfrontier
