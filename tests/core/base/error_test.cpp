// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

#include <gtest/gtest.h>

#include "core/base/json.h"

namespace bitfrontier {
namespace {

std::string shown(const std::string& text) { return Error(ErrorKind::Format, text).what(); }

TEST(ErrorText, IsOneLineOfValidUtf8) {
  EXPECT_EQ(shown("plain"), "plain");
  EXPECT_EQ(shown("caf\u00e9 \u4e2d \U0001f600"), "caf\u00e9 \u4e2d \U0001f600");
  EXPECT_EQ(shown("a\nb\tc\x1b[2J\x7f"), "a\\x0ab\\x09c\\x1b[2J\\x7f");
  EXPECT_EQ(shown(std::string("a\0b", 3)), "a\\x00b");
  // Stray, cut, overlong, surrogate, beyond U+10FFFF.
  EXPECT_EQ(shown("\x80 \xc3"), "\\x80 \\xc3");
  EXPECT_EQ(shown("\xe4\xb8"), "\\xe4\\xb8");
  EXPECT_EQ(shown("\xc0\xaf"), "\\xc0\\xaf");
  EXPECT_EQ(shown("\xe0\x80\xaf"), "\\xe0\\x80\\xaf");
  EXPECT_EQ(shown("\xed\xa0\x80"), "\\xed\\xa0\\x80");
  EXPECT_EQ(shown("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");
  EXPECT_EQ(shown("\xf0\x8f\xbf\xbf"), "\\xf0\\x8f\\xbf\\xbf");
}

TEST(ErrorText, LongNamesLoseTheirMiddle) {
  const std::string text = shown("file: " + std::string(1 << 20, '\xc3') + "\xa9 is missing");
  EXPECT_LT(text.size(), 8100U);
  EXPECT_TRUE(text.starts_with("file: \\xc3"));
  EXPECT_TRUE(text.ends_with("\u00e9 is missing"));
  EXPECT_NO_THROW(nlohmann::json(text).dump());
}

}  // namespace
}  // namespace bitfrontier
