// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/pipeline/normalizer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/tokenizer/pipeline/pre_tokenizer.h"
#include "core/tokenizer/text/normal_form.h"
#include "core/tokenizer/text/utf8.h"

namespace bitfrontier {
namespace {

using nlohmann::json;

struct Aligned {
  std::string text;
  NormalForm form;
  std::vector<std::size_t> sizes;  // normalizedSize of the first one, two, ... characters
};

// From the offsets that tokenizers 0.23.3 gives each character of the normalized text.
TEST(NormalizedSize, FollowsThePackage) {
  const Aligned cases[] = {
      {"\u00e1\u0323", NormalForm::D, {1, 5}},
      {"a\u0301\u0323", NormalForm::D, {1, 3, 5}},
      {"a\u0301\u0323", NormalForm::C, {3, 3, 5}},
      {"a\u0323\u0302x", NormalForm::C, {3, 3, 3, 4}},
      {"a\u0325\u0301", NormalForm::C, {3, 3, 5}},
      {"\u0344\u0323", NormalForm::D, {2, 6}},
      {"\ufb01\u0323\u0307", NormalForm::KC, {1, 4, 6}},
      {"\uac01x", NormalForm::D, {9, 10}},
      {"\u1100\u1161\u11a8", NormalForm::C, {3, 3, 3}},
      {"\u2581 \u1ea5\u0323", NormalForm::KD, {3, 4, 5, 11}},
      {"\u1ea5\u0323", NormalForm::C, {3, 5}},
      {"\u00bd", NormalForm::KD, {5}},
  };
  for (const Aligned& c : cases) {
    std::size_t at = 0;
    for (const std::size_t expected : c.sizes) {
      at += utf8At(c.text, at).size;
      EXPECT_EQ(normalizedSize(c.text, c.form, at), expected) << c.text << " up to " << at;
    }
    EXPECT_EQ(normalizedSize(c.text, c.form, 0), 0);
  }
}

// Two programs for the same form: all of a text stands for all of it.
TEST(NormalizedSize, OfAllIsTheSizeOfAll) {
  constexpr std::string_view parts[] = {
      "a",      "\u00e1", "\u1ea5", "\ufb01", "\uac00", "\u1100", "\u1161", "\u11a8", "\u0301",
      "\u0323", "\u0345", "\u0344", "\u0f73", "\u0f71", "\u09cb", "\u09c7", "\u09be", "\uff76",
      "\uff9e", "\u0898", "\u0958", "\u093c", "\u1e9b", "\xff",   " ",      "\u212b", "\u3099"};
  Rng rng(3);
  for (int i = 0; i < 4000; ++i) {
    std::string text;
    for (int n = 0; n < 6; ++n) text += parts[rng.below(std::size(parts))];
    for (const NormalForm form : {NormalForm::C, NormalForm::D, NormalForm::KC, NormalForm::KD}) {
      EXPECT_EQ(normalizedSize(text, form, text.size()), normalize(text, form).size()) << text;
    }
  }
}

std::vector<std::string> pieces(const json& normalizer, const json& preTokenizer,
                                std::string_view text) {
  const NormalizedText normal =
      Normalizer(normalizer, "t.json").apply({text, utf8At(text, 0).size});
  std::vector<std::string> out;
  PreTokenizer(preTokenizer, "t.json")
      .split({normal.text, normal.fromStart},
             [&](std::string_view piece) { out.emplace_back(piece); });
  return out;
}

// Prepend_scheme `first` asks each piece whether it begins where the text given begins.
TEST(Metaspace, FirstIsWhatBeginsTheText) {
  using Pieces = std::vector<std::string>;
  const json digits = {{"type", "Sequence"},
                       {"pretokenizers",
                        {{{"type", "Digits"}, {"individual_digits", true}},
                         {{"type", "Metaspace"},
                          {"replacement", "\u2581"},
                          {"prepend_scheme", "first"},
                          {"split", true}}}}};
  const json none;
  EXPECT_EQ(pieces(none, digits, "1a"), (Pieces{"\u25811", "a"}));
  // All three characters stand where U+00BD stood.
  EXPECT_EQ(pieces({{"type", "NFKD"}}, digits, "\u00bd"),
            (Pieces{"\u25811", "\u2581\u2044", "\u25812"}));
  json marks = digits;
  marks["pretokenizers"][0] = {{"type", "Split"},
                               {"pattern", {{"String", "\u0323"}}},
                               {"behavior", "Isolated"},
                               {"invert", false}};
  // The mark that comes to stand second is the second character of the text.
  EXPECT_EQ(pieces({{"type", "NFKD"}}, marks, "\u00e1\u0323"),
            (Pieces{"\u2581a", "\u0323", "\u0301"}));
  // Two marks of one character stay where it stood.
  EXPECT_EQ(pieces({{"type", "NFKD"}}, marks, "\u1ea1"), (Pieces{"\u2581a", "\u2581\u0323"}));
  const json prepended = {
      {"type", "Sequence"},
      {"normalizers", {{{"type", "Prepend"}, {"prepend", "\u2581 "}}, {{"type", "NFKD"}}}}};
  EXPECT_EQ(pieces(prepended, marks, "\u00e1\u0323"),
            (Pieces{"\u2581", "\u2581a", "\u0323", "\u0301"}));
}

}  // namespace
}  // namespace bitfrontier
