// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// BPE tokenizers with the results of the Hugging Face `tokenizers` package (0.23): byte-level ones
/// (GPT-2, OPT, GPT-NeoX, BLOOM, Llama 3, Qwen) and those converted from SentencePiece (Llama 2,
/// Mistral). A cheap-to-copy immutable value; all members may be called by several threads at once.
class Tokenizer {
 public:
  /// From a tokenizer.json, a directory holding one, or a directory holding vocab.json and
  /// merges.txt. What tokenizer_config.json, special_tokens_map.json, added_tokens.json and
  /// config.json beside it change is told by README.md in this folder. `truncation` and `padding`
  /// are ignored, as in evaluation.
  /// Throws NotFound, Io, Format, or Unsupported for components and options that are not known.
  static Tokenizer load(const std::filesystem::path& dirOrTokenizerJson);
  /// From the text of a tokenizer.json; `where` starts error texts.
  static Tokenizer parse(std::string_view tokenizerJson, std::string_view where = "tokenizer.json");

  /// The ids of `utf8` without prefix or suffix. Added tokens that occur in the text, such as
  /// "<|endoftext|>", become their ids. Characters without a token vanish where the file names no
  /// unknown token, as in the package. Each byte of invalid UTF-8 counts as a character of its own
  /// (the package takes none). Throws Numeric when a regular expression backtracks too much.
  std::vector<std::int32_t> encode(std::string_view utf8) const;
  /// The same for many texts on up to `threads` threads (0: one a core), in order.
  std::vector<std::vector<std::int32_t>> encodeAll(std::span<const std::string> texts,
                                                   int threads = 0) const;
  /// The text of `ids`, special tokens included unless `skipSpecial`, invalid UTF-8 replaced by
  /// U+FFFD. Ids without a token (the padded rows of a model's embedding) give nothing.
  std::string decode(std::span<const std::int32_t> ids, bool skipSpecial = false) const;
  /// As spelled in the vocabulary, or as an added token is found in normalized text; empty for an
  /// id without a token.
  std::string_view token(std::int32_t id) const;

  /// One more than the largest id.
  std::int32_t vocabSize() const;
  /// By its spelling in the vocabulary ("Ġthe") or as an added token.
  std::optional<std::int32_t> tokenId(std::string_view token) const;
  /// eos_token and bos_token of the files above. When they name neither end nor
  /// beginning, "<|endoftext|>" serves as both if it exists.
  std::optional<std::int32_t> eosId() const;
  std::optional<std::int32_t> bosId() const;
  /// What the files ask to put before and after a text when special tokens are wanted: OPT's
  /// "</s>" in front, empty for most.
  const std::vector<std::int32_t>& prefixIds() const;
  const std::vector<std::int32_t>& suffixIds() const;
  /// SHA-256 over the bytes of the files that define the encoding and the special ids.
  std::string hash() const;

 private:
  struct Impl;
  explicit Tokenizer(std::shared_ptr<const Impl> impl);

  std::shared_ptr<const Impl> impl_;
};

}  // namespace bitfrontier
