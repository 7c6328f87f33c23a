// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces and normalized texts as tokenizers 0.23.3 gives them.
#include "core/tokenizer/pipeline/pre_tokenizer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/pipeline/normalizer.h"
#include "core/tokenizer/text/utf8.h"
#include "core/tokenizer/tokenizer.h"

namespace bitfrontier {
namespace {

using nlohmann::json;
using Pieces = std::vector<std::string>;

Pieces pieces(const json& description, std::string_view text) {
  Pieces out;
  PreTokenizer(description, "t.json").split({text, utf8At(text, 0).size}, [&](std::string_view p) {
    out.emplace_back(p);
  });
  return out;
}

std::string normalized(const json& description, std::string_view text) {
  return Normalizer(description, "t.json").apply({text, 0}).text;
}

constexpr std::string_view mixed =
    "Hey, don't (x_1) \u00ab caf\u00e9\u00bb  1.5\u00a0+ \u0939\u093f\u0928\u094d\u0926\u0940 "
    "a\u200db $5^2!? \u4e2d\u6587\u3002\n\u2e52";

TEST(PreTokenizers, WhitespaceTakesRunsOfWordCharactersAndOfOthers) {
  EXPECT_EQ(pieces({{"type", "Whitespace"}}, mixed), (Pieces{"Hey",
                                                             ",",
                                                             "don",
                                                             "'",
                                                             "t",
                                                             "(",
                                                             "x_1",
                                                             ")",
                                                             "\u00ab",
                                                             "caf\u00e9",
                                                             "\u00bb",
                                                             "1",
                                                             ".",
                                                             "5",
                                                             "+",
                                                             "\u0939\u093f\u0928\u094d\u0926\u0940",
                                                             "a\u200db",
                                                             "$",
                                                             "5",
                                                             "^",
                                                             "2",
                                                             "!?",
                                                             "\u4e2d\u6587",
                                                             "\u3002",
                                                             "\u2e52"}));
  EXPECT_EQ(pieces({{"type", "Whitespace"}}, " \n"), Pieces{});
}

TEST(PreTokenizers, WhitespaceSplitTakesWhatStandsBetweenSpaces) {
  EXPECT_EQ(pieces({{"type", "WhitespaceSplit"}}, mixed),
            (Pieces{"Hey,", "don't", "(x_1)", "\u00ab", "caf\u00e9\u00bb", "1.5", "+",
                    "\u0939\u093f\u0928\u094d\u0926\u0940", "a\u200db", "$5^2!?",
                    "\u4e2d\u6587\u3002", "\u2e52"}));
}

TEST(PreTokenizers, BertCutsOffEveryPunctuationMark) {
  const Pieces all = pieces({{"type", "BertPreTokenizer"}}, mixed);
  ASSERT_EQ(all.size(), 28U);
  EXPECT_EQ(Pieces(all.begin() + 2, all.begin() + 10),
            (Pieces{"don", "'", "t", "(", "x", "_", "1", ")"}));
  EXPECT_EQ(Pieces(all.end() - 5, all.end()),
            (Pieces{"!", "?", "\u4e2d\u6587", "\u3002", "\u2e52"}));
}

TEST(PreTokenizers, PunctuationInAllBehaviours) {
  constexpr std::string_view text = "a, (b)--c! d";
  const auto with = [&](const char* behavior) {
    return pieces({{"type", "Punctuation"}, {"behavior", behavior}}, text);
  };
  EXPECT_EQ(with("Removed"), (Pieces{"a", " ", "b", "c", " d"}));
  EXPECT_EQ(with("Isolated"), (Pieces{"a", ",", " ", "(", "b", ")", "-", "-", "c", "!", " d"}));
  EXPECT_EQ(with("MergedWithPrevious"), (Pieces{"a,", " (", "b)", "-", "-", "c!", " d"}));
  EXPECT_EQ(with("MergedWithNext"), (Pieces{"a", ", ", "(b", ")", "-", "-c", "! d"}));
  EXPECT_EQ(with("Contiguous"), (Pieces{"a", ",", " ", "(", "b", ")--", "c", "!", " d"}));
  // Files that are older than the behaviour name none.
  EXPECT_EQ(pieces({{"type", "Punctuation"}}, text), with("Isolated"));
  // Marks that came after the package's table are none.
  EXPECT_EQ(pieces({{"type", "Punctuation"}}, "a\u2e52b\u2e42c\u00a7d$e"),
            (Pieces{"a\u2e52b", "\u2e42", "c", "\u00a7", "d", "$", "e"}));
}

TEST(Normalizers, LowercaseKnowsNewLettersAndTheDottedCapital) {
  EXPECT_EQ(
      normalized({{"type", "Lowercase"}},
                 "\u0130STANBUL \u03a3\u03a3 \u1e9e \u01c5 \ua7cb \U00010d50 \U00016eb8 \xff"),
      "i\u0307stanbul \u03c3\u03c3 \u00df \u01c6 \u0264 \U00010d70 \U00016ed3 \xff");
}

TEST(Normalizers, StripAccentsTakesMarksAway) {
  EXPECT_EQ(
      normalized({{"type", "StripAccents"}}, "e\u0301\u0323 \u093f \u1cf2x \u0898 \u20dd\u00e9"),
      "e  x \u0898 \u00e9");
  const json sequence = {
      {"type", "Sequence"},
      {"normalizers", {{{"type", "NFD"}}, {{"type", "StripAccents"}}, {{"type", "Lowercase"}}}}};
  EXPECT_EQ(normalized(sequence, "\u00c9cole \u0130\u1ec6"), "ecole ie");
}

// Metaspace asks whether a piece begins where the text given begins.
TEST(Normalizers, TheBeginIsFollowed) {
  const auto begin = [](const char* type, std::string_view text) {
    return Normalizer({{"type", type}}, "t.json").apply({text, utf8At(text, 0).size}).fromStart;
  };
  EXPECT_EQ(begin("Lowercase", "\u0130x"), 3U);
  EXPECT_EQ(begin("Lowercase", "\u023ax"), 3U);  // two bytes become three
  EXPECT_EQ(begin("StripAccents", "\u0301x"), 0U);
  EXPECT_EQ(begin("StripAccents", "x\u0301"), 1U);
}

// Small tokenizers as their trainers write them, without a byte alphabet.
TEST(PreTokenizers, ABpeOfWordsOpens) {
  const auto load = [](const json& normalizer, const json& preTokenizer) {
    const json file = {{"added_tokens", json::array()},
                       {"normalizer", normalizer},
                       {"pre_tokenizer", preTokenizer},
                       {"model",
                        {{"type", "BPE"},
                         {"unk_token", "?"},
                         {"vocab", {{"?", 0}, {"a", 1}, {"b", 2}, {"ab", 3}, {",", 4}, {" ", 5}}},
                         {"merges", {"a b"}}}}};
    return Tokenizer::parse(file.dump(), "t.json");
  };
  using Ids = std::vector<std::int32_t>;
  EXPECT_EQ(load(nullptr, {{"type", "Whitespace"}}).encode("ab, abA"), (Ids{3, 4, 3, 0}));
  EXPECT_EQ(load({{"type", "Lowercase"}}, {{"type", "Whitespace"}}).encode("Ab,aB"),
            (Ids{3, 4, 3}));
  EXPECT_EQ(load(nullptr, {{"type", "Punctuation"}, {"behavior", "Isolated"}}).encode("ab, ab"),
            (Ids{3, 4, 5, 3}));
  EXPECT_EQ(load(nullptr, {{"type", "BertPreTokenizer"}}).encode("ab ,a b"), (Ids{3, 4, 1, 2}));
}

}  // namespace
}  // namespace bitfrontier
