// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/bpe/byte_level.h"

#include <array>

#include "core/tokenizer/text/unicode.h"
#include "core/tokenizer/text/utf8.h"

namespace bitfrontier {

namespace {

struct ByteMap {
  ByteMap() {
    toByte.fill(-1);
    std::int32_t next = 0x100;
    for (int b = 0; b < 256; ++b) {
      const bool printable = (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
      const std::int32_t code = printable ? b : next++;
      toChar[static_cast<std::size_t>(b)] = code;
      toByte[static_cast<std::size_t>(code)] = static_cast<std::int16_t>(b);
    }
  }
  std::array<std::int32_t, 256> toChar{};
  std::array<std::int16_t, 0x100 + 68> toByte{};
};

const ByteMap& byteMap() {
  static const ByteMap map;
  return map;
}

std::size_t contraction(std::string_view rest) {
  if (rest.size() < 2) return 0;
  switch (rest[1]) {
    case 's':
    case 't':
    case 'm':
    case 'd':
      return 2;
    case 'r':
    case 'v':
      return rest.size() > 2 && rest[2] == 'e' ? 3 : 0;
    case 'l':
      return rest.size() > 2 && rest[2] == 'l' ? 3 : 0;
    default:
      return 0;
  }
}

// Whether BLOOM's set holds the character.
bool bloomWord(std::int32_t code) {
  if (code < 0) return true;
  switch (code) {
    case '(':
    case ')':
    case '|':
    case '.':
    case ',':
    case '!':
    case '?':
    case 0x2026:
    case 0x3002:
    case 0xff0c:
    case 0x3001:
    case 0x0964:
    case 0x06d4:
    case 0x060c:
      return false;
    default:
      return !isWhiteSpace(code);
  }
}

}  // namespace

std::int32_t byteToChar(std::uint8_t byte) { return byteMap().toChar[byte]; }

std::optional<std::uint8_t> charToByte(std::int32_t code) {
  const auto& table = byteMap().toByte;
  if (code < 0 || static_cast<std::size_t>(code) >= table.size()) return std::nullopt;
  const std::int16_t byte = table[static_cast<std::size_t>(code)];
  if (byte < 0) return std::nullopt;
  return static_cast<std::uint8_t>(byte);
}

std::string bytesToToken(std::string_view bytes) {
  std::string token;
  token.reserve(bytes.size());
  for (const char c : bytes) appendUtf8(token, byteToChar(static_cast<std::uint8_t>(c)));
  return token;
}

std::optional<std::string> spelledBytes(std::string_view token) {
  std::string bytes;
  for (std::size_t at = 0; at < token.size();) {
    const Utf8Char c = utf8At(token, at);
    const auto byte = charToByte(c.code);
    if (!byte) return std::nullopt;
    bytes += static_cast<char>(*byte);
    at += c.size;
  }
  return bytes;
}

std::string tokenToBytes(std::string_view token) {
  auto bytes = spelledBytes(token);
  return bytes ? *std::move(bytes) : std::string(token);
}

void splitGpt2(std::string_view text, const PieceSink& sink) {
  constexpr std::uint8_t kinds = kLetter | kNumber | kSpace;
  const std::uint8_t* table = charFlagTable();
  const auto kindOf = [table](std::int32_t code) {
    return code < 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(table[code] & kinds);
  };
  std::size_t at = 0;
  // The end of the run of `kind` from `from`, and in `last` where its last character begins.
  const auto runEnd = [&](std::size_t from, std::uint8_t kind, std::size_t& last) {
    while (from < text.size()) {
      const Utf8Char c = utf8At(text, from);
      if (kindOf(c.code) != kind) break;
      last = from;
      from += c.size;
    }
    return from;
  };
  while (at < text.size()) {
    std::size_t size = text[at] == '\'' ? contraction(text.substr(at)) : 0;
    if (size == 0) {
      const std::size_t word = text[at] == ' ' && at + 1 < text.size() ? at + 1 : at;
      const std::uint8_t kind = kindOf(utf8At(text, word).code);
      std::size_t last = at;
      if ((kind & kSpace) == 0) {
        size = runEnd(word, kind, last) - at;
      } else {
        const std::size_t end = runEnd(at, kSpace, last);
        // Before a word the last white space is left over, unless it is the only one.
        size = (end == text.size() || last == at ? end : last) - at;
      }
    }
    sink(text.substr(at, size));
    at += size;
  }
}

void splitBloom(std::string_view text, const PieceSink& sink) {
  std::size_t gap = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = text[at] == ' ' ? at + 1 : at;
    const std::size_t word = end;
    while (end < text.size()) {
      const Utf8Char c = utf8At(text, end);
      if (!bloomWord(c.code)) break;
      end += c.size;
    }
    if (end == word) {
      at += utf8At(text, at).size;
      continue;
    }
    if (gap < at) sink(text.substr(gap, at - gap));
    sink(text.substr(at, end - at));
    at = gap = end;
  }
  if (gap < text.size()) sink(text.substr(gap));
}

}  // namespace bitfrontier
