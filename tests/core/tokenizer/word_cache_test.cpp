// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/bpe/word_cache.h"

#include <gtest/gtest.h>

#include <string>

namespace bitfrontier {
namespace {

using Ids = std::vector<std::int32_t>;

bool get(const WordCache& cache, const std::string& word, Ids& ids) {
  return cache.get(word, quickHash(word), ids);
}

void put(WordCache& cache, const std::string& word, const Ids& ids) {
  cache.put(word, quickHash(word), ids);
}

TEST(WordCache, GivesWhatWasPut) {
  WordCache cache;
  Ids ids = {7};
  EXPECT_FALSE(get(cache, "word", ids));
  put(cache, "word", {1, 2, 3});
  EXPECT_FALSE(get(cache, "wore", ids));
  EXPECT_TRUE(get(cache, "word", ids));
  EXPECT_EQ(ids, (Ids{7, 1, 2, 3}));
  put(cache, "nothing", {});  // a word that vanishes
  EXPECT_TRUE(get(cache, "nothing", ids));
  EXPECT_EQ(ids.size(), 4U);
  put(cache, "many", Ids(9, 1));  // more ids than there is room for
  EXPECT_FALSE(get(cache, "many", ids));
}

TEST(WordCache, GrowsAndKeepsWhatItKnows) {
  WordCache cache;
  EXPECT_EQ(cache.slots(), 512U);
  const auto fill = [&](int from, int to) {
    for (int i = from; i < to; ++i) put(cache, "w" + std::to_string(i), {i});
  };
  const auto known = [&](int count) {
    int right = 0;
    for (int i = 0; i < count; ++i) {
      Ids ids;
      if (!get(cache, "w" + std::to_string(i), ids)) continue;
      EXPECT_EQ(ids, Ids{i});
      ++right;
    }
    return right;
  };
  fill(0, 512);
  EXPECT_EQ(cache.slots(), 512U);
  const int before = known(512);
  fill(512, 513);
  EXPECT_EQ(cache.slots(), 2048U);
  // Each is looked for at its new place; only the one that came last may have taken another's.
  EXPECT_GE(known(512), before - 1);
  fill(0, 100'000);
  EXPECT_EQ(cache.slots(), std::size_t{1} << 15);
  EXPECT_GT(known(100'000), 20'000);
}

}  // namespace
}  // namespace bitfrontier
