// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/regex.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/byte_level.h"

namespace bitfrontier {
namespace {

std::vector<std::string> found(const Regex& regex, std::string_view text) {
  std::vector<std::string> out;
  regex.matches(text,
                [&](std::size_t a, std::size_t b) { out.emplace_back(text.substr(a, b - a)); });
  return out;
}

// The hand-written scanner against the pattern it stands for.
TEST(Regex, AgreesWithTheGpt2Scanner) {
  const Regex regex(
      "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+", "t");
  const std::vector<std::string> parts = {"a",  "'s",     "'",      " ",       "  ",     "\n",
                                          "\t", "12",     "\u00bd", "\u00a0",  "\u180e", "\u200b",
                                          ".",  "\u3000", "\u4e00", "e\u0301", "'ll",    "\x1c"};
  unsigned state = 7;
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (int i = 0; i < 8; ++i) {
      state = state * 1664525U + 1013904223U;
      text += parts[(state >> 16) % parts.size()];
    }
    std::vector<std::string> scanned;
    splitGpt2(text, [&](std::string_view p) { scanned.emplace_back(p); });
    ASSERT_EQ(found(regex, text), scanned) << testing::PrintToString(text);
  }
}

TEST(Regex, LiteralMatchesItself) {
  EXPECT_EQ(found(Regex::literal("a.b", "t"), "axb a.b a.b").size(), 2U);
}

TEST(Regex, InvalidTextIsSkipped) {
  EXPECT_EQ(found(Regex("\\p{L}+", "t"),
                  "ab\xff"
                  "cd\xe2\x82"),
            (std::vector<std::string>{"ab", "cd"}));
}

TEST(Regex, RefusesWhatMeansSomethingElse) {
  for (const char* pattern : {"[a[bc]]", "[a&&b]", "[^\\S]", "(", "a\\", "\\C"}) {
    try {
      const Regex regex(pattern, "file");
      ADD_FAILURE() << pattern;
    } catch (const Error& e) {
      EXPECT_EQ(e.kind(), ErrorKind::Unsupported);
      EXPECT_EQ(std::string(e.what()).rfind("file: ", 0), 0U) << e.what();
    }
  }
}

TEST(Regex, RunawayPatternEndsInAnError) {
  const Regex regex("(a+)+(a+)+(a+)+$", "t");
  EXPECT_THROW(found(regex, std::string(2000, 'a') + "b"), Error);
}

}  // namespace
}  // namespace bitfrontier
