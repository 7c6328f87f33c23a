// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"

#include <gtest/gtest.h>

#include <functional>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

std::string messageOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::Format);
    return e.what();
  }
  ADD_FAILURE() << "no error";
  return {};
}

TEST(Json, SyntaxErrorNamesFileAndByte) {
  EXPECT_EQ(messageOf([] { parseJson("{\"a\": ]}", "x.json"); }),
            "x.json: not valid JSON at byte 7 of 8");
  EXPECT_EQ(messageOf([] { parseJson("", "x.json"); }), "x.json: not valid JSON at byte 1 of 0");
  EXPECT_NE(messageOf([] { parseJson("\"\xff\"", "x.json"); }), "");
  EXPECT_NE(messageOf([] { parseJson("[1e999]", "x.json"); }), "");
}

TEST(Json, NestingIsLimitedButNotInsideStrings) {
  const std::string deep(65, '[');
  EXPECT_EQ(messageOf([&] { parseJson(deep, "x"); }), "x: byte 64 is nested more than 64 deep");
  EXPECT_NO_THROW(parseJson(std::string(64, '[') + std::string(64, ']'), "x"));
  EXPECT_NO_THROW(parseJson("\"\\\"" + deep + "\"", "x"));
  EXPECT_NO_THROW(messageOf([] { parseJson(std::string(10000000, '{'), "x"); }));
}

TEST(Json, RepeatedKeysCanBeRefused) {
  const char* text = R"({"a": {"b": 1}, "c": [{"b": 1}, {"b": 2}], "a": 2})";
  EXPECT_EQ(parseJson(text, "x").at("a"), 2);
  EXPECT_EQ(messageOf([&] { parseJson(text, "x", {.uniqueKeys = true}); }),
            "x: 'a' is there twice");
  EXPECT_EQ(parseJson(R"({"a": {"b": 1}, "c": [{"b": 1}, {"b": 2}]})", "x", {.uniqueKeys = true})
                .at("c")
                .at(1)
                .at("b"),
            2);
}

TEST(Json, SizeIsLimited) {
  EXPECT_EQ(messageOf([] { parseJson("[1,2]", "x", {.maxBytes = 4}); }),
            "x: 5 bytes of JSON are more than the 4 allowed");
}

TEST(Json, RequiredMembers) {
  const auto j = parseJson(
      R"({"i": 7, "s": "text", "b": true, "n": 1.5, "o": {}, "a": [], "big": 18446744073709551615})",
      "x");
  EXPECT_EQ(requireInt(j, "i", "x"), 7);
  EXPECT_EQ(requireString(j, "s", "x"), "text");
  EXPECT_TRUE(requireBool(j, "b", "x"));
  EXPECT_EQ(requireNumber(j, "n", "x"), 1.5);
  EXPECT_EQ(requireNumber(j, "i", "x"), 7);
  EXPECT_TRUE(requireObject(j, "o", "x").empty());
  EXPECT_TRUE(requireArray(j, "a", "x").empty());
  EXPECT_EQ(messageOf([&] { requireInt(j, "none", "x"); }), "x: 'none' is missing");
  EXPECT_EQ(messageOf([&] { requireInt(j, "n", "x"); }), "x: 'n' is number, not an integer");
  EXPECT_EQ(messageOf([&] { requireInt(j, "i", "x", 0, 6); }), "x: 'i' is 7, outside 0 to 6");
  EXPECT_EQ(messageOf([&] { requireInt(j, "big", "x"); }),
            "x: 'big' is 18446744073709551615, beyond 64-bit integers");
  EXPECT_EQ(messageOf([&] { requireString(j["a"], "s", "x"); }),
            "x: expected an object with 's', found array");
  EXPECT_NE(messageOf([&] { requireObject(j, "a", "x"); }), "");
  EXPECT_NE(messageOf([&] { requireArray(j, "o", "x"); }), "");
  EXPECT_NE(messageOf([&] { requireBool(j, "i", "x"); }), "");
}

TEST(Json, OptionalMembers) {
  const auto j = parseJson(R"({"i": 7, "null": null})", "x");
  EXPECT_EQ(intOr(j, "i", "x", 1), 7);
  EXPECT_EQ(intOr(j, "none", "x", 1), 1);
  EXPECT_EQ(stringOr(j, "null", "x", "d"), "d");
  EXPECT_EQ(numberOr(j, "i", "x", 0), 7.0);
  EXPECT_TRUE(boolOr(j, "none", "x", true));
  EXPECT_NE(messageOf([&] { stringOr(j, "i", "x", ""); }), "");
  EXPECT_NE(messageOf([&] { boolOr(j, "i", "x", false); }), "");
}

}  // namespace
}  // namespace bitfrontier
