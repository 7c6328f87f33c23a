// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/next.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

using ::testing::HasSubstr;

NextOptions at(std::vector<double> budgets) {
  NextOptions options;
  options.budgets = std::move(budgets);
  options.draws = 1000;
  return options;
}

TEST(Next, RanksWhatIsUnrunByGainPerMinute) {
  const test::PlantedTruth truth = test::drawTruth(11, true);
  test::TempStore store;
  addPlanted(store, truth, test::plantSweep(truth, 11),
             [](auto size, auto format) { return (size + format) % 2 == 0; });
  const NextRuns next = nextRuns(store.get(), {}, at({5e9, 3e10})).at(0);
  EXPECT_EQ(next.cells, 30u);
  EXPECT_EQ(next.run, 15u);
  EXPECT_EQ(next.runs.size(), 10u);  // five of the others take more than 3e10 bits
  ASSERT_EQ(next.budgets.size(), 2u);
  for (const NextBudget& budget : next.budgets) {
    EXPECT_FALSE(budget.choice.empty());
    EXPECT_GT(budget.probability, 0);
    EXPECT_GE(budget.regret, 0);
  }
  // Among the runs that count, gain per minute falls.
  double most = 0;
  for (const NextRun& run : next.runs) most = std::max(most, run.gain);
  double last = HUGE_VAL;
  for (const NextRun& run : next.runs) {
    EXPECT_FALSE(run.reason.empty());
    if (run.gain < 0.25 * most) break;
    EXPECT_LE(run.gain / run.minutes, last * (1 + 1e-12));
    last = run.gain / run.minutes;
  }
  EXPECT_EQ(nextToJson(next)["runs"].size(), 10u);
}

TEST(Next, ProposesNoCellThatCannotFit) {
  test::PlantedTruth truth = test::drawTruth(11, true);
  truth.items = 500;
  test::TempStore store;
  const auto sweep = test::plantSweep(truth, 11);
  addPlanted(store, truth, sweep, [](auto size, auto format) { return (size + format) % 2 == 0; });
  const auto bitsOf = [&](const NextRun& run) {
    for (const LawPoint& p : sweep.points) {
      if (p.model == run.model && p.config == run.config) return p.totalBits;
    }
    return LawPoint::kAbsent;
  };
  const NextRuns some = nextRuns(store.get(), {}, at({4e9, 1e9})).at(0);
  ASSERT_FALSE(some.runs.empty());
  for (const NextRun& run : some.runs) EXPECT_LE(bitsOf(run), 4e9) << run.model << run.config;
  EXPECT_THAT(some.notes, testing::Contains(HasSubstr("do not fit the largest budget")));
  // Of the memory with a cache too, and where no law is known yet.
  NextOptions options = at({4e9});
  options.memory.emplace();
  options.memory->needs.context = 1000;
  for (const double size : truth.sizes) {
    options.memory->shapes[fmt::format("planted-{:.3g}", size)] = ModelShape{30, 30, 100, 0};
  }
  const double cache = 2.0 * 30 * 30 * 100 * 1000 * 16;  // 2.88e9 bits
  const NextRuns cached = nextRuns(store.get(), {}, options).at(0);
  for (const NextRun& run : cached.runs) EXPECT_LE(bitsOf(run) + cache, 4e9);
  test::TempStore begun;
  addPlanted(begun, truth, sweep, [](auto size, auto format) { return size == 0 && format == 0; });
  const NextRuns first = nextRuns(begun.get(), {}, at({1e10})).at(0);
  ASSERT_FALSE(first.runs.empty());
  for (const NextRun& run : first.runs) EXPECT_LE(bitsOf(run), 1e10) << run.model << run.config;
  // Without budgets everything may be run.
  EXPECT_EQ(nextRuns(store.get(), {}, at({})).at(0).runs.size(), 15u);
}

TEST(Next, AWideFamilyIsNarrowedAndSaysSo) {
  test::TempStore store;
  for (int m = 0; m < 2; ++m) {
    for (int c = 0; c < 70; ++c) {
      RunRecord run = test::runOf("wide", 1e8 * (m + 1), fmt::format("v{}", c), 4, 4 + 1e-2 * c);
      std::vector<std::uint8_t> correct(1000, 0);
      std::fill_n(correct.begin(), 400 + 100 * m + c, std::uint8_t{1});
      run.result = test::taskOf("t", correct);
      store.add(run);
    }
  }
  NextOptions options = at({1e10});
  options.mostCells = 100;
  const NextRuns next = nextRuns(store.get(), {}, options).at(0);
  EXPECT_EQ(next.cells, 100u);
  EXPECT_THAT(next.notes, testing::Contains(HasSubstr("100 of 140 combinations")));
  ASSERT_EQ(next.budgets.size(), 1u);
  EXPECT_THAT(next.budgets[0].choice, testing::StartsWith("wide-2e+08 v"));
}

TEST(Next, StopLineWhenNothingIsLeftToWin) {
  test::PlantedTruth truth = test::drawTruth(11, false);
  test::TempStore store;
  const auto sweep = test::plantSweep(truth, 11);
  addPlanted(store, truth, sweep, [](auto, auto) { return true; });
  const NextRuns done = nextRuns(store.get(), {}, at({3e10})).at(0);
  EXPECT_TRUE(done.stop);
  EXPECT_EQ(done.verdict, "everything has been run");
  test::TempStore half;
  addPlanted(half, truth, sweep, [](auto size, auto format) { return (size + format) % 2 == 0; });
  NextOptions options = at({3e10});
  options.stopRegret = 1;  // a whole unit of accuracy: always below
  const NextRuns next = nextRuns(half.get(), {}, options).at(0);
  EXPECT_TRUE(next.stop);
  EXPECT_THAT(next.verdict, HasSubstr("stop: expected regret"));
}

TEST(Next, BudgetsOfMemoryCountTheCache) {
  test::PlantedTruth truth = test::drawTruth(11, false);
  truth.items = 500;
  test::TempStore store;
  addPlanted(store, truth, test::plantSweep(truth, 11), [](auto, auto) { return true; });
  NextOptions options = at({13e9 * 5.25 + 1});
  const std::string without = nextRuns(store.get(), {}, options).at(0).budgets.at(0).choice;
  EXPECT_THAT(without, HasSubstr("planted-1.3e+10"));
  options.memory.emplace();
  options.memory->needs.context = 100000;
  for (const double size : truth.sizes) {
    options.memory->shapes[fmt::format("planted-{:.3g}", size)] =
        ModelShape{size > 1e10 ? 40 : 1, 40, 128, 0};
  }
  // 2 x 40 x 40 x 128 x 100,000 x 16 bits are 655 Gbit: the largest model does not fit any more.
  const std::string with = nextRuns(store.get(), {}, options).at(0).budgets.at(0).choice;
  EXPECT_THAT(with, testing::Not(HasSubstr("planted-1.3e+10")));
  EXPECT_FALSE(with.empty());
}

TEST(Next, TheFirstRunsMakeALaw) {
  const test::PlantedTruth truth = test::drawTruth(2, false);
  test::TempStore store;
  addPlanted(store, truth, test::plantSweep(truth, 2),
             [](auto size, auto format) { return size == 0 || (size == 1 && format < 2); });
  const NextRuns next = nextRuns(store.get(), {}, at({3e10})).at(0);
  EXPECT_THAT(next.law, HasSubstr("none, "));
  ASSERT_FALSE(next.runs.empty());
  EXPECT_THAT(next.runs.front().reason, testing::MatchesRegex("a new size and a size of int[345]"));
}

TEST(Next, OfTheFirstRunsThoseThatMayBeChosenComeFirst) {
  const test::PlantedTruth truth = test::drawTruth(2, false);
  test::TempStore store;
  // Of four formats only the largest size has been run: a law needs another one of each.
  addPlanted(store, truth, test::plantSweep(truth, 2),
             [](auto size, auto format) { return size == 5 || format == 0; });
  const auto order = [&](double budget) {
    const NextRuns next = nextRuns(store.get(), {}, at({budget})).at(0);
    std::vector<std::string> models;
    for (const NextRun& run : next.runs) models.push_back(run.model);
    return models;
  };
  // Of each of them 3 Gbit hold 0.35e9 parameters: 0.125e9 are quicker, but could not be chosen.
  const std::vector<std::string> small = order(3e9);
  ASSERT_EQ(small.size(), 8u);  // the others do not fit
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(small[i], "planted-3.5e+08") << i;
  for (std::size_t i = 4; i < 8; ++i) EXPECT_EQ(small[i], "planted-1.25e+08") << i;
  // 70 Gbit hold 6.7e9 of 8 bits, a twentieth of the time of everything: too long without a law.
  EXPECT_EQ(order(7e10).front(), "planted-1.25e+08");
}

TEST(Next, NothingMatches) {
  test::TempStore store;
  EXPECT_THROW(nextRuns(store.get(), {}, {}), Error);
}

}  // namespace
}  // namespace bitfrontier
