// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/text/utf8.h"

#include <gtest/gtest.h>

namespace bitfrontier {
namespace {

TEST(Utf8, RoundTripsEveryCharacter) {
  for (std::int32_t code = 0; code < 0x110000; ++code) {
    if (code >= 0xd800 && code < 0xe000) continue;
    std::string text;
    appendUtf8(text, code);
    const Utf8Char c = utf8At(text, 0);
    ASSERT_EQ(c.code, code);
    ASSERT_EQ(c.size, text.size());
  }
}

TEST(Utf8, RefusesMalformedBytes) {
  for (const char* bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xff"}) {
    EXPECT_EQ(utf8At(bad, 0).code, -1);
    EXPECT_EQ(utf8At(bad, 0).size, 1U);
  }
}

// The example of the Unicode standard, section 3.9, "maximal subparts".
TEST(Utf8, LossyReplacesMaximalSubparts) {
  const std::string r = "\ufffd";
  EXPECT_EQ(lossyUtf8("\x61\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63\x80\xbf\x64"),
            "a" + r + r + r + "b" + r + "c" + r + r + "d");
  EXPECT_EQ(lossyUtf8("plain \u20ac"), "plain \u20ac");
}

TEST(Utf8, ValidOrNot) {
  EXPECT_TRUE(isUtf8("plain \u20ac"));
  EXPECT_TRUE(isUtf8(""));
  EXPECT_FALSE(isUtf8("\u20ac\xe2\x82"));
}

}  // namespace
}  // namespace bitfrontier
