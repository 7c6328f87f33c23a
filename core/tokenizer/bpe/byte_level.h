// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/tokenizer/text/piece.h"

namespace bitfrontier {

/// The printable character that stands for a byte in GPT-2 vocabularies: 0x21-7E, A1-AC and AE-FF
/// stand for themselves, the other 68 bytes in order for U+0100 and up.
std::int32_t byteToChar(std::uint8_t byte);

/// The byte behind such a character; nothing for all others.
std::optional<std::uint8_t> charToByte(std::int32_t code);

/// Bytes as they are spelled in a vocabulary, in UTF-8.
std::string bytesToToken(std::string_view bytes);

/// The bytes that a vocabulary entry spells; nothing when it has any other character.
std::optional<std::string> spelledBytes(std::string_view token);

/// The bytes a vocabulary entry stands for; an entry with any other character (an added token such
/// as a run of spaces) stands for its own UTF-8.
std::string tokenToBytes(std::string_view token);

/// Cuts text as the GPT-2 pattern does in Hugging Face tokenizers
/// (`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`).
/// Every byte belongs to one piece; invalid UTF-8 counts as punctuation.
void splitGpt2(std::string_view text, const PieceSink& sink);

/// Cuts text as BLOOM's pattern does under Oniguruma, where the bracket inside the negated set is a
/// nested set: an optional space and characters other than white space and `()|.,!?` and eight
/// other scripts' stops. What lies between the matches is kept as pieces.
void splitBloom(std::string_view text, const PieceSink& sink);

}  // namespace bitfrontier
