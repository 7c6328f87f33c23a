// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/bpe/byte_level.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace bitfrontier {
namespace {

using Pieces = std::vector<std::string>;

Pieces gpt2(std::string_view text) {
  Pieces pieces;
  splitGpt2(text, [&](std::string_view p) { pieces.emplace_back(p); });
  return pieces;
}

Pieces bloom(std::string_view text) {
  Pieces pieces;
  splitBloom(text, [&](std::string_view p) { pieces.emplace_back(p); });
  return pieces;
}

TEST(ByteLevel, MapIsABijectionOntoPrintableCharacters) {
  std::set<std::int32_t> seen;
  for (int b = 0; b < 256; ++b) {
    const std::int32_t code = byteToChar(static_cast<std::uint8_t>(b));
    EXPECT_GT(code, 0x20);
    EXPECT_EQ(charToByte(code), b);
    seen.insert(code);
  }
  EXPECT_EQ(seen.size(), 256U);
  EXPECT_EQ(bytesToToken(" the\n"), "\u0120the\u010a");
  EXPECT_EQ(tokenToBytes("\u0120the\u010a"), " the\n");
  EXPECT_EQ(tokenToBytes("  two spaces"), "  two spaces");
  EXPECT_FALSE(charToByte(' ').has_value());
  EXPECT_FALSE(charToByte(-1).has_value());
}

TEST(ByteLevel, Gpt2Pieces) {
  EXPECT_EQ(gpt2("Hello  world"), (Pieces{"Hello", " ", " world"}));
  EXPECT_EQ(gpt2("I'll can't 'S"), (Pieces{"I", "'ll", " can", "'t", " '", "S"}));
  EXPECT_EQ(gpt2("a1b 23."), (Pieces{"a", "1", "b", " 23", "."}));
  EXPECT_EQ(gpt2("end   "), (Pieces{"end", "   "}));
  EXPECT_EQ(gpt2("a\n\n b"), (Pieces{"a", "\n\n", " b"}));
  EXPECT_EQ(gpt2("a \nb"), (Pieces{"a", " ", "\n", "b"}));
  EXPECT_EQ(gpt2(" "), (Pieces{" "}));
  EXPECT_EQ(gpt2(""), Pieces{});
  EXPECT_EQ(gpt2("\u00a0x"), (Pieces{"\u00a0", "x"}));
  EXPECT_EQ(gpt2("x\u200by"), (Pieces{"x", "\u200b", "y"}));
}

TEST(ByteLevel, BloomPieces) {
  EXPECT_EQ(bloom("Hello,  world!"), (Pieces{"Hello", ", ", " world", "!"}));
  EXPECT_EQ(bloom("a|b(c)"), (Pieces{"a", "|", "b", "(", "c", ")"}));
  EXPECT_EQ(bloom("it's 5"), (Pieces{"it's", " 5"}));
}

TEST(ByteLevel, PiecesOfArbitraryBytesJoinToTheText) {
  std::string text;
  unsigned state = 12345;
  for (int i = 0; i < 20000; ++i) {
    state = state * 1664525U + 1013904223U;
    text += static_cast<char>(state >> 24);
  }
  for (const auto& pieces : {gpt2(text), bloom(text)}) {
    std::string joined;
    for (const std::string& piece : pieces) {
      EXPECT_FALSE(piece.empty());
      joined += piece;
    }
    EXPECT_EQ(joined, text);
  }
}

}  // namespace
}  // namespace bitfrontier
