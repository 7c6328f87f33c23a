// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/wikitext.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bitfrontier {
namespace {

// Expected values are what the harness's Python functions give (wikitext_detokenizer of
// lm_eval/tasks/wikitext/preprocess_wikitext.py, re.split) under CPython 3.11.
struct Sample {
  std::string page;
  std::string text;
  std::size_t words;
};

const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = {
      {"a ( b ( c ) d ) e", "a (b ( c) d ) e", 9},
      {"( \u3000 x \u0085 ) (  ) ( open", "(x) () ( open", 7},
      {"x /' 7/ y /' 8 /' 9/", "x /'[0-9]/ y /' 8 /'[0-9]/", 8},
      {"the dogs ' tail ' s end ' q", "the dogs'tail' s end ' q", 9},
      {"\" a \" b \" c", "\"a\" b \" c", 6},
      {"= = = = Deep = = = = \n = = Two = = \n", "==== Deep ====\n== Two ==\n", 15},
      {"{ a } } { [ b ] ] [", "{a} } { [b] ] [", 10},
      {"5 @.@ 5 @,@ 000 @-@ x , y ; z : w ! v ? u .", "5.5,000-x, y; z: w! v? u .", 18},
      {"10 \u00b0 C N N N it 's 's", "10\u00b0C 1 N 1 it's's", 9},
      {"tail \n \n = H = \n x", "tail\n\n= H =\nx", 5},
      {"\x1c ( \x1c y ) ' ' ' ", "\x1c (y) '' ' ", 8},
      {"", "", 1}};
  return all;
}

TEST(WikiText, DetokenizesAsTheHarnessDoes) {
  for (const Sample& sample : samples()) {
    EXPECT_EQ(detokenizeWikiText(sample.page), sample.text) << sample.page;
  }
}

TEST(WikiText, WordsAreCountedAsPythonSplits) {
  for (const Sample& sample : samples()) EXPECT_EQ(countWords(sample.page), sample.words);
}

TEST(WikiText, AFileIsSplitAtTheTitlesOfPages) {
  const std::string first = " = One = \n \n Text . \n = = Part = = \n More . \n ";
  const std::string second = " = Two = \n \n = = = Deep = = = \n End . \n";
  // The blank line above the first title belongs to no page.
  EXPECT_THAT(splitWikiTextPages(" \n" + first + "\n" + second),
              ::testing::ElementsAre(first, second));
  EXPECT_THAT(splitWikiTextPages("no title"), ::testing::ElementsAre("no title"));
}

}  // namespace
}  // namespace bitfrontier
