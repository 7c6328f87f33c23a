// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

// From the state {1, 2, 3, 4} the generator's first outputs can be worked out by hand:
// rotl(2*5, 7) * 9 = 11520; then state[1] becomes 0, so 0; the third is rotl(262149*5, 7) * 9.
TEST(Rng, FollowsTheDefinition) {
  Rng rng(0);
  rng.setState({1, 2, 3, 4});
  EXPECT_EQ(rng.next(), 11520U);
  EXPECT_EQ(rng.next(), 0U);
  EXPECT_EQ(rng.next(), 1509978240U);
}

TEST(Rng, SeedZeroFillsTheStateBySplitMix64) {
  // First output of SplitMix64 from 0, published with the generator.
  EXPECT_EQ(Rng(0).state()[0], 0xe220a8397b1dcdafU);
  EXPECT_EQ(Rng(0).state()[1], 0x6e789e6aa1b965f4U);
}

TEST(Rng, BelowIsUniform) {
  Rng rng(1);
  std::vector<int> counts(7);
  for (int i = 0; i < 70000; ++i) ++counts[rng.below(7)];
  // Six standard deviations of a binomial(70000, 1/7).
  for (const int count : counts) EXPECT_NEAR(count, 10000, 560);
  EXPECT_EQ(rng.below(1), 0U);
  EXPECT_THROW(rng.below(0), Error);
  for (int i = 0; i < 100; ++i)
    EXPECT_LT(rng.below((std::uint64_t{1} << 63) + 1), (std::uint64_t{1} << 63) + 1);
}

TEST(Rng, UniformCoversTheUnitInterval) {
  Rng rng(2);
  double sum = 0;
  for (int i = 0; i < 100000; ++i) {
    const double u = rng.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    sum += u;
  }
  EXPECT_NEAR(sum / 100000, 0.5, 0.006);
}

TEST(Rng, ShuffleIsAPermutationAndRepeats) {
  std::vector<int> a(100);
  std::iota(a.begin(), a.end(), 0);
  std::vector<int> b = a;
  const std::vector<int> sorted = a;
  Rng(3).shuffle(a);
  Rng(3).shuffle(b);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, sorted);
  std::sort(a.begin(), a.end());
  EXPECT_EQ(a, sorted);
}

TEST(Rng, StateResumesAndForksDiffer) {
  Rng rng(4);
  rng.next();
  Rng again(0);
  again.setState(rng.state());
  EXPECT_EQ(again.next(), rng.next());
  Rng one = Rng(5).fork(1);
  Rng two = Rng(5).fork(2);
  EXPECT_NE(one.next(), two.next());
}

}  // namespace
}  // namespace bitfrontier
