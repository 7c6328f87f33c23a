// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/python_text.h"

#include <gtest/gtest.h>

namespace bitfrontier::python {
namespace {

// Expected values are what CPython 3.11 prints for the same calls.

TEST(PythonText, StripTakesUnicodeSpaceOffBothEnds) {
  EXPECT_EQ(strip("  a b\t\n"), "a b");
  EXPECT_EQ(strip("\u00a0\u3000x\u2003\x1c\u0085y\u0085"), "x\u2003\x1c\u0085y");
  EXPECT_EQ(strip(" \n\v\f\r "), "");
  EXPECT_EQ(strip("\u200bx\ufeff"), "\u200bx\ufeff");  // not white space in Python
}

TEST(PythonText, TrailingSpaceBytesCountsBytesNotCharacters) {
  EXPECT_EQ(trailingSpaceBytes("a \u3000"), 4u);
  EXPECT_EQ(trailingSpaceBytes("a"), 0u);
  EXPECT_EQ(trailingSpaceBytes("   "), 3u);
  EXPECT_EQ(trailingSpaceBytes(""), 0u);
}

TEST(PythonText, CapitalizeLowersTheRest) {
  EXPECT_EQ(capitalize("hELLO World"), "Hello world");
  EXPECT_EQ(capitalize(""), "");
  EXPECT_EQ(capitalize("\u00e9COLE"), "\u00c9cole");
  EXPECT_EQ(capitalize("\u00dfX"), "Ssx");
  EXPECT_EQ(capitalize("A\u0130"), "Ai\u0307");
  EXPECT_EQ(capitalize("\u01c6X"), "\u01c5x");  // a title-case digraph
  EXPECT_EQ(capitalize("\u039f\u0394\u039f\u03a3"), "\u039f\u03b4\u03bf\u03c2");
  EXPECT_EQ(capitalize("\u039f\u03a3 \u03a3\u0391"), "\u039f\u03c2 \u03c3\u03b1");
}

TEST(PythonText, LengthCountsCodePoints) {
  EXPECT_EQ(length("a\u00e9\u3042\U0001F600"), 4u);
  EXPECT_EQ(length(""), 0u);
}

TEST(PythonText, ReplaceIsOnePass) {
  EXPECT_EQ(replace("a   b", "  ", " "), "a  b");
  EXPECT_EQ(replace("aaa", "a", "aa"), "aaaaaa");
  EXPECT_EQ(replace("none", "x", "y"), "none");
}

}  // namespace
}  // namespace bitfrontier::python
