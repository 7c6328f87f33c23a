// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pocket/world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/pocket/corpus.h"
#include "core/pocket/vocabulary.h"

namespace bitfrontier::pocket {
namespace {

TEST(World, IsTheSameEveryTime) {
  const World a(7), b(7), c(8);
  EXPECT_EQ(a.document(kTrainStream, 12345), b.document(kTrainStream, 12345));
  int different = 0;
  for (std::uint64_t i = 0; i < 50; ++i) {
    different += a.document(kTrainStream, i) != c.document(kTrainStream, i);
  }
  EXPECT_GT(different, 45);
  EXPECT_NE(a.document(kTrainStream, 1), a.document(kHeldOutStream, 1));
}

TEST(World, FactsBelongToUniquePeopleAndUseAllValues) {
  const World world(kWorldSeed);
  std::set<std::string> names;
  std::array<std::set<int>, kRelations> values;
  for (const Person& person : world.people()) {
    names.insert(world.name(person));
    for (std::size_t r = 0; r < kRelations; ++r) values[r].insert(person.value[r]);
  }
  EXPECT_EQ(names.size(), world.people().size());
  for (const auto& seen : values) EXPECT_EQ(seen.size(), 32U);
}

TEST(World, WordsStartWithConsonantsAndAreDistinct) {
  const auto check = [](const auto& words) {
    std::set<std::string_view> seen;
    for (const std::string_view word : words) {
      EXPECT_EQ(std::string_view("aeiouAEIOU").find(word[0]), std::string_view::npos) << word;
      EXPECT_TRUE(seen.insert(word).second) << word;
    }
  };
  check(kFirstNames);
  check(kLastNames);
  check(kTowns);
  check(kTrades);
  check(kFoods);
  check(kAnimals);
  check(kTools);
  check(kDeeds);
  check(kThings);
  check(kGerunds);
  check(kGoods);
  check(kStepVerbs);
  check(kStepNouns);
}

TEST(LongTail, FollowsItsPowerLaw) {
  const LongTail tail(1000);
  Rng rng(3);
  std::vector<double> counts(1000);
  constexpr int kDraws = 400000;
  for (int i = 0; i < kDraws; ++i) counts[tail.draw(rng)] += 1;
  // Rank 1 against ranks 15..17 (about 16): weights differ by 16^0.75 = 8.
  const double ratio = counts[0] / ((counts[14] + counts[15] + counts[16]) / 3);
  EXPECT_NEAR(ratio, 8.0, 0.5);
  EXPECT_GT(*std::min_element(counts.begin(), counts.end()), 0);
}

TEST(World, StoriesEndWithSomethingSaidBefore) {
  const World world(kWorldSeed);
  Rng rng(11);
  for (int i = 0; i < 500; ++i) {
    const std::string story = world.story(rng);
    const std::string last = story.substr(story.rfind(' ') + 1);
    EXPECT_LT(story.find(last), story.size() - last.size()) << story;
  }
}

}  // namespace
}  // namespace bitfrontier::pocket
