// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/advice_posterior.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

AdviceOptions optionsAt(double bits) {
  AdviceOptions options;
  options.memoryBits = bits;
  options.memory.needs.context = 0;
  options.draws = 500;
  return options;
}

class Posterior : public ::testing::Test {
 protected:
  void plant(std::uint64_t seed) {
    truth_ = test::drawTruth(seed, false);
    truth_.items = 800;
    addPlanted(store_, truth_, test::plantSweep(truth_, seed),
               [](std::size_t size, std::size_t format) { return (5 * size + format) % 3 != 1; });
  }

  test::PlantedTruth truth_;
  test::TempStore store_;
};

// One posterior answers for every memory what asking anew for that memory answers.
TEST_F(Posterior, AnswersAreThoseOfAdviceForEachMemory) {
  plant(7);
  const AdvicePosterior posterior = learnStore(store_.get(), {}, optionsAt(1e9));
  for (const double bits : {6e8, 5e9, 2.5e10, 1e11}) {
    const AdviceOptions options = optionsAt(bits);
    ASSERT_TRUE(posterior.answers(options));
    const std::vector<Advice> kept = adviseFrom(posterior, options);
    const std::vector<Advice> anew = advise(store_.get(), {}, options);
    ASSERT_EQ(kept.size(), anew.size());
    for (std::size_t i = 0; i < kept.size(); ++i) {
      EXPECT_EQ(adviceToJson(kept[i]).dump(), adviceToJson(anew[i]).dump()) << bits;
    }
  }
  AdviceOptions other = optionsAt(1e9);
  other.metric = LawMetric::CrossEntropy;
  EXPECT_FALSE(posterior.answers(other));
}

// The interval of the choice's lead says the same as the draws: none over itself, and whoever is
// tied is not told apart.
TEST_F(Posterior, GapsAreBehindTheChoice) {
  plant(3);
  const Advice advice = advise(store_.get(), {}, optionsAt(2.5e10)).at(0);
  ASSERT_TRUE(advice.choice);
  const AdviceCandidate& choice = advice.candidates[*advice.choice];
  EXPECT_EQ(choice.gap, 0);
  std::size_t known = 0;
  for (const AdviceCandidate& c : advice.candidates) {
    if (!std::isfinite(c.gap)) continue;
    ++known;
    EXPECT_NEAR(c.gap, choice.predicted - c.predicted, 1e-12);
    EXPECT_LE(c.gapLow, c.gap);
    EXPECT_GE(c.gapHigh, c.gap);
    EXPECT_GE(c.gap, 0);
  }
  EXPECT_GE(known, std::min<std::size_t>(24, advice.candidates.size()));
}

// What a filter of points leaves out is neither evidence nor a candidate, not even as a cell that
// has not been run.
TEST_F(Posterior, PointsLeftOutAreNoCandidates) {
  plant(5);
  AdviceOptions options = optionsAt(1e11);
  const Advice all = advise(store_.get(), {}, options).at(0);
  options.keep = [](const LawPoint& p) { return p.config != "int3" && p.parameters < 5e9; };
  const Advice some = advise(store_.get(), {}, options).at(0);
  EXPECT_LT(some.cells, all.cells);
  ASSERT_FALSE(some.candidates.empty());
  for (const AdviceCandidate& c : some.candidates) {
    EXPECT_NE(c.config, "int3");
    EXPECT_LT(c.parameters, 5e9);
  }
  // One point of a model and configuration that others have: only that cell goes.
  const auto one = std::find_if(all.candidates.begin(), all.candidates.end(),
                                [](const AdviceCandidate& c) { return c.measured; });
  ASSERT_NE(one, all.candidates.end());
  options.keep = [&](const LawPoint& p) {
    return p.model != one->model || p.config != one->config;
  };
  const Advice without = advise(store_.get(), {}, options).at(0);
  EXPECT_EQ(without.cells + 1, all.cells);
}

}  // namespace
}  // namespace bitfrontier
