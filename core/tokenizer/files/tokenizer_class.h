// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace bitfrontier {

/// The classes of transformers that do more than read their tokenizer.json. What each of them does
/// to it is the table in README.md beside this file.
enum class TokenizerClass : std::uint8_t { File, Gpt2, GptNeoX, Qwen2, Llama, CodeLlama, Gemma };

/// The main file of a folder.
enum class TokenizerFile : std::uint8_t {
  Vocab,      ///< vocab.json and merges.txt
  ByteLevel,  ///< a tokenizer.json whose text names the component ByteLevel
  Other       ///< any other tokenizer.json
};

/// The class that AutoTokenizer of transformers 5.23 takes: from tokenizer_config.json and
/// config.json (objects, empty where there is no file). Throws Format for a name that is no string.
TokenizerClass tokenizerClass(const nlohmann::json& config, const nlohmann::json& modelConfig,
                              TokenizerFile file, std::string_view where);

/// Changes normalizer, pre-tokenizer and decoder of a tokenizer.json (in `root`) as class and
/// tokenizer_config.json want them. Gives whether anything was changed.
bool applyTokenizerClass(TokenizerClass kind, const nlohmann::json& config, std::string_view where,
                         nlohmann::json& root);

/// Normalizer and pre-tokenizer of a folder without tokenizer.json, into `root`. Throws Unsupported
/// for a class that cannot do without.
void describeTokenizerClass(TokenizerClass kind, const nlohmann::json& config,
                            std::string_view where, nlohmann::json& root);

}  // namespace bitfrontier
