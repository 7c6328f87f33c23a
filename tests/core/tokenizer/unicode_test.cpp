// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/text/unicode.h"

#include <gtest/gtest.h>

#include "core/tokenizer/text/normal_form.h"

namespace bitfrontier {
namespace {

// Sizes of the classes in Unicode 16 (DerivedGeneralCategory), as Oniguruma has them.
TEST(Unicode, CategoriesAreThoseOfUnicode16) {
  int letters = 0;
  int numbers = 0;
  int marks = 0;
  int assigned = 0;
  int decimal = 0;
  for (std::int32_t code = 0; code < 0x110000; ++code) {
    letters += (charFlags(code) & kLetter) != 0 ? 1 : 0;
    numbers += (charFlags(code) & kNumber) != 0 ? 1 : 0;
    marks += (charFlags(code) & kMark) != 0 ? 1 : 0;
    const Category category = categoryOf(code);
    decimal += category == Category::Nd ? 1 : 0;
    assigned += category != Category::Cn && category != Category::Co && category != Category::Cs;
  }
  EXPECT_EQ(letters, 141028);
  EXPECT_EQ(numbers, 1911);
  EXPECT_EQ(marks, 2501);
  EXPECT_EQ(decimal, 760);
  EXPECT_EQ(assigned, 154998 + 65);  // characters and controls
}

TEST(Unicode, WhiteSpaceIsTheProperty) {
  int count = 0;
  for (std::int32_t code = 0; code < 0x110000; ++code) count += isWhiteSpace(code) ? 1 : 0;
  EXPECT_EQ(count, 25);
  EXPECT_FALSE(isWhiteSpace(0x1c));
  EXPECT_FALSE(isWhiteSpace(0x180e));
  EXPECT_FALSE(isWhiteSpace(0x200b));
  EXPECT_TRUE(isWhiteSpace(0x85));
}

TEST(Unicode, LettersAndNumbers) {
  EXPECT_TRUE(isLetter(0x4e00));
  EXPECT_TRUE(isLetter(0x2b0));    // modifier letter
  EXPECT_TRUE(isLetter(0x31350));  // added in Unicode 15
  EXPECT_TRUE(isLetter(0x2ebf0));  // added in Unicode 15.1
  EXPECT_FALSE(isLetter(0x301));   // combining mark
  EXPECT_TRUE(isNumber(0xbd));     // one half
  EXPECT_TRUE(isNumber(0x2167));   // roman numeral
  EXPECT_FALSE(isNumber('x'));
  EXPECT_FALSE(isLetter(-1));
  EXPECT_FALSE(isLetter(0x110000));
}

TEST(NormalForm, ComposesAndKeepsInvalidBytes) {
  const auto nfc = [](std::string_view text) { return normalize(text, NormalForm::C); };
  EXPECT_EQ(nfc("e\u0301"), "\u00e9");
  EXPECT_EQ(nfc("xe\u0301x"), "x\u00e9x");
  EXPECT_EQ(nfc("\u1100\u1161\u11a8"), "\uac01");
  EXPECT_EQ(nfc("\uac00\u11a8"), "\uac01");
  EXPECT_EQ(nfc("\u212b"), "\u00c5");
  EXPECT_EQ(nfc("\ufb01"), "\ufb01");
  EXPECT_EQ(nfc("q\u0307\u0323"), "q\u0323\u0307");
  EXPECT_EQ(nfc("\u0301\u0323"), "\u0323\u0301");
  EXPECT_EQ(nfc("\xff"
                "e\u0301\x80"),
            "\xff\u00e9\x80");
  EXPECT_EQ(nfc(std::string("a\0e\u0301", 5)), std::string("a\0\u00e9", 4));
  EXPECT_EQ(nfc(""), "");
}

TEST(NormalForm, OtherForms) {
  EXPECT_EQ(normalize("\u00e9\uac01", NormalForm::D), "e\u0301\u1100\u1161\u11a8");
  EXPECT_EQ(normalize("\ufb01\u00e9", NormalForm::D), "\ufb01e\u0301");
  EXPECT_EQ(normalize("\ufb01\u1e9b", NormalForm::KC), "fi\u1e61");
  EXPECT_EQ(normalize("\ufb01\u1e9b\uff76\uff9e", NormalForm::KC), "fi\u1e61\u30ac");
  EXPECT_EQ(normalize("\u2460\u00e9", NormalForm::KD), "1e\u0301");
}

// The package's tables end at Unicode 9: a mark of Unicode 14 neither moves nor lets others pass.
TEST(NormalForm, NewerMarksStayInPlace) {
  EXPECT_EQ(normalize("a\u0301\u0899", NormalForm::C), "\u00e1\u0899");
  EXPECT_EQ(normalize("a\u0899\u0301", NormalForm::C), "a\u0899\u0301");
  EXPECT_EQ(normalize("q\u0898\u0323", NormalForm::C), "q\u0898\u0323");
  EXPECT_EQ(normalize("\u32ff", NormalForm::KC), "\u32ff");
}

}  // namespace
}  // namespace bitfrontier
