// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/prepared_task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/core/sweep/tiny_model.h"

namespace bitfrontier {
namespace {

using ::testing::ElementsAre;

/// Single letters, a space and the merge "ab"; ids: 0 end of text, a b c d space = 1..5, ab = 6.
Tokenizer letters() {
  nlohmann::json json = nlohmann::json::parse(test::byteTokenizer());
  json["pre_tokenizer"]["use_regex"] = false;
  json["model"]["vocab"] = {{"<|endoftext|>", 0}, {"a", 1}, {"b", 2}, {"c", 3}, {"d", 4},
                            {"\u0120", 5},        {"ab", 6}};
  json["model"]["merges"] = {"a b"};
  return Tokenizer::parse(json.dump());
}

EncodedPair encodePair(std::string_view context, std::string_view continuation) {
  const Tokenizer tokenizer = letters();
  return RequestEncoder(tokenizer).pair(context, continuation);
}

TEST(EncodePair, SpaceAtTheEndOfTheContextMovesOver) {
  const EncodedPair pair = encodePair("c d ", "a");
  EXPECT_THAT(pair.context, ElementsAre(3, 5, 4));
  EXPECT_THAT(pair.continuation, ElementsAre(5, 1));
}

TEST(EncodePair, MergesAcrossTheBorderFollowTheHarness) {
  // "ca" + "bd": whole = c ab d, context = c a; the continuation is whole[2:], which is d alone
  const EncodedPair pair = encodePair("ca", "bd");
  EXPECT_THAT(pair.context, ElementsAre(3, 1));
  EXPECT_THAT(pair.continuation, ElementsAre(4));
}

TEST(EncodePair, AnEmptyContextBecomesTheEndOfText) {
  EXPECT_THAT(encodePair("", "ab").context, ElementsAre(0));
  EXPECT_THAT(encodePair("", "ab").continuation, ElementsAre(6));
  const EncodedPair twice = encodePair("", "<|endoftext|>c");
  EXPECT_THAT(twice.context, ElementsAre(0));
  EXPECT_THAT(twice.continuation, ElementsAre(3));
}

TEST(BosProfiles, PutAndLeaveOutTheBeginningOfText) {
  const Tokenizer tokenizer = letters();
  const RequestEncoder always(tokenizer, BosProfile::Always);
  EXPECT_THAT(always.pair("c", "d").context, ElementsAre(0, 3));
  EXPECT_THAT(always.pair("c", "d").continuation, ElementsAre(4));
  EXPECT_THAT(always.pair("", "d").context, ElementsAre(0));
  // a text that spells the token itself gets no second one
  EXPECT_THAT(always.pair("<|endoftext|>c", "d").context, ElementsAre(0, 3));
  EXPECT_THAT(always.windows("cd", 8).front().continuation, ElementsAre(0, 3, 4));
  const RequestEncoder never(tokenizer, BosProfile::Never);
  EXPECT_THAT(never.pair("c", "d").context, ElementsAre(3));
  EXPECT_EQ(parseBosProfile("harness-0.4.9.1"), BosProfile::Never);
  for (const BosProfile profile : {BosProfile::Harness, BosProfile::Never, BosProfile::Always}) {
    EXPECT_EQ(parseBosProfile(bosProfileName(profile)), profile);
  }
  EXPECT_THROW(parseBosProfile("bos"), Error);
}

TEST(RollingWindows, ScoreEveryTokenOnce) {
  const Tokenizer tokenizer = letters();
  for (std::size_t length = 1; length <= 23; ++length) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) text += "cd "[i % 3];
    const auto windows = RequestEncoder(tokenizer).windows(text, 5);
    std::vector<std::int64_t> scored;
    for (std::size_t w = 0; w < windows.size(); ++w) {
      ASSERT_FALSE(windows[w].context.empty());
      EXPECT_LE(windows[w].context.size() + windows[w].continuation.size(), 6u);
      if (w + 1 < windows.size()) {
        EXPECT_EQ(windows[w].continuation.size(), 5u);
      }
      if (w > 0) {
        // the context is what was scored just before
        EXPECT_TRUE(
            std::equal(windows[w].context.rbegin(), windows[w].context.rend(), scored.rbegin()));
      }
      scored.insert(scored.end(), windows[w].continuation.begin(), windows[w].continuation.end());
    }
    EXPECT_EQ(scored.size(), length);
    EXPECT_THAT(windows.front().context, ElementsAre(0));
  }
}

Task choiceTask(std::vector<TextRequest> requests) {
  Task task;
  task.name = "toy";
  task.kind = TaskKind::Piqa;
  task.scoring = Scoring::Choices;
  task.normalized = true;
  task.items.push_back({std::move(requests)});
  return task;
}

TEST(Prepare, EqualInputsShareARow) {
  // one-token continuations of one context need one forward pass, longer ones their own
  const PreparedTask task =
      prepare(choiceTask({{"c d", "a"}, {"c d", "c"}, {"c d", "cc"}}), letters(), 16);
  ASSERT_EQ(task.rows.size(), 2u);
  EXPECT_THAT(task.rowTokens(task.rows[0]), ElementsAre(3, 5, 4, 3));
  EXPECT_THAT(task.rowTokens(task.rows[1]), ElementsAre(3, 5, 4));
  EXPECT_EQ(task.rows[1].requests, 2u);
  EXPECT_EQ(task.requests.size(), 3u);
}

TEST(Prepare, LongInputsLoseTheirBeginning) {
  const PreparedTask task = prepare(choiceTask({{"cdcdcd", "ca"}}), letters(), 4);
  ASSERT_EQ(task.rows.size(), 1u);
  EXPECT_THAT(task.rowTokens(task.rows[0]), ElementsAre(4, 3, 4, 3));  // of cdcdcd + c
  EXPECT_EQ(task.requests[0].count, 2u);
}

TEST(Prepare, RefusesWhatCannotBeScored) {
  EXPECT_THROW(prepare(choiceTask({{"c", "ddddd"}}), letters(), 4), Error);
  EXPECT_THROW(prepare(choiceTask({{"ca", "b"}}), letters(), 4), Error);  // swallowed by a merge
  try {
    prepare(choiceTask({{"c", "ddddd"}}), letters(), 4);
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("task toy, item 1"));
  }
}

}  // namespace
}  // namespace bitfrontier
