// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/regex/regex.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/bpe/byte_level.h"

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

TEST(Regex, InvalidTextIsSkipped) {
  EXPECT_EQ(found(Regex("\\p{L}+", "t"),
                  "ab\xff"
                  "cd\xe2\x82"),
            (std::vector<std::string>{"ab", "cd"}));
}

// Each line: pattern, text, what Oniguruma 6.9.10 finds (through tokenizers 0.23.3).
struct Known {
  const char* pattern;
  const char* text;
  std::vector<std::string> matches;
};

TEST(Regex, FindsWhatOnigurumaFinds) {
  const std::vector<Known> all = {{"^a", "ab\nab", {"a", "a"}},
                                  {"a$", "ba\nba", {"a", "a"}},
                                  {"(?m).", "a\nb", {"a", "\n", "b"}},
                                  {".", "a\nb", {"a", "b"}},
                                  {"[]a]", "]ab", {"]", "a"}},
                                  {"a{,2}", "aaab", {"aa", "a", ""}},
                                  {"a{2}?", "aab", {"aa", ""}},
                                  {"a{1,2}+", "aaaab", {"aaaa"}},
                                  {"a++b", "aaab", {"aaab"}},
                                  {"x*", "abxxc", {"", "", "xx", ""}},
                                  {"\\v", "v\x0b", {"\x0b"}},
                                  {"\\h+", "0aFg", {"0aF"}},
                                  {"\\x{e9}|\\u00e8", "\u00e9\u00e8", {"\u00e9", "\u00e8"}},
                                  {"[[:^alpha:]]+", "ab12", {"12"}},
                                  {"\\p{^L}+", "ab12", {"12"}},
                                  {"\\p{Letter}+", "ab12", {"ab"}},
                                  {"[^\\S\\n]", "a \nb", {" "}},
                                  {"[a-z&&[^aeiou]]+", "banana", {"b", "n", "n"}},
                                  {"[^(\\s|[.,])]+", "a b.(c)|d", {"a", "b", "c", "d"}},
                                  {"\\w+", "a_1\u00b2\u24b6\u0301-", {"a_1\u00b2\u24b6\u0301"}},
                                  {"[\\w]+", "a\u00b2b", {"a", "b"}},
                                  {"[^\\W]+", "a\u00b2b", {"a", "b"}},
                                  {"\\bb\\B", "b bc", {"b"}},
                                  {"(?i:'s|'t)", "'S'\u017f't", {"'S", "'\u017f", "'t"}},
                                  {"\\p{Han}+", "a\u6f22\u5b57\u304b", {"\u6f22\u5b57"}},
                                  {"(?=(\\d{3})+(?!\\d))", "1234567", {"", ""}},
                                  {"\\s+(?!\\S)|\\s+", "a  b ", {" ", " ", " "}},
                                  {"(a)\\1", "aaa", {"aa"}},
                                  {"{x", "{x", {"{x"}}};
  for (const Known& known : all) {
    EXPECT_EQ(found(Regex(known.pattern, "t"), known.text), known.matches) << known.pattern;
  }
}

// Characters that came after PCRE2's Unicode 14.
TEST(Regex, KnowsUnicode16) {
  EXPECT_EQ(found(Regex("\\p{L}+", "t"), "a\U0002ebf0\U00010d50 1"),
            (std::vector<std::string>{"a\U0002ebf0\U00010d50"}));
  EXPECT_EQ(found(Regex("\\p{N}+", "t"), "a\U00010d40"), (std::vector<std::string>{"\U00010d40"}));
  EXPECT_EQ(found(Regex("\\p{Han}+", "t"), "\U0002ebf0\U00016d46"),
            (std::vector<std::string>{"\U0002ebf0"}));
  EXPECT_EQ(found(Regex("[^\\s\\p{L}]+", "t"), "a\U0001fae9\U00011bc0"),
            (std::vector<std::string>{"\U0001fae9"}));
}

TEST(Regex, RefusesWhatMeansSomethingElse) {
  for (const char* pattern : {"(",
                              "a\\",
                              "\\C",
                              "[a",
                              "[",
                              "[]",
                              "(?s)a",
                              "\\X",
                              "\\K",
                              "(?i)ss",
                              "(?i)\\p{L}",
                              "(?i:[^a])",
                              "(?i)\u00e9",
                              "a|(?i)b|c",
                              "(*FAIL)",
                              "\\xe9",
                              "\\Qa\\E",
                              "[a-\\d]",
                              "[\\w-x]",
                              "[b-a]",
                              "\\pL",
                              "\\p{nosuch}",
                              "\\p{Script=Han}",
                              "(?<n>a)\\k<n>",
                              "[[:nosuch:]]",
                              "a{3,2}",
                              "*a",
                              "(?~a)",
                              ")",
                              "[[[[[[[[[[[[[[[[[[[[a]]]]]]]]]]]]]]]]]]]]",
                              "[a&&b]",
                              "\xff",
                              "[\xff]"}) {
    try {
      const Regex regex(pattern, "file");
      ADD_FAILURE() << pattern;
    } catch (const Error& e) {
      EXPECT_EQ(e.kind(), ErrorKind::Unsupported) << pattern;
      EXPECT_EQ(std::string(e.what()).rfind("file: ", 0), 0U) << e.what();
    }
  }
}

TEST(Regex, RunawayPatternEndsInAnError) {
  const Regex regex("(a+)+(a+)+(a+)+$", "t");
  EXPECT_THROW(found(regex, std::string(2000, 'a') + "b"), Error);
}

// Backtracking over the length of a run is no reason to give up.
TEST(Regex, LongRunsMatch) {
  const Regex regex("\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+", "t");
  EXPECT_EQ(found(regex, std::string(3000000, ' ')).size(), 1U);
  std::string text;
  for (int i = 0; i < 100; ++i) text += "x" + std::string(20000, ' ');
  EXPECT_EQ(found(regex, text).size(), 199U);
}

}  // namespace
}  // namespace bitfrontier
