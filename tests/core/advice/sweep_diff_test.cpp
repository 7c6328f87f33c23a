// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/sweep_diff.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

using ::testing::HasSubstr;

/// A planted sweep of all cells; `change` may alter a run before it is stored.
template <typename Change>
void plant(test::TempStore& store, std::uint64_t seed, Change change) {
  test::PlantedTruth truth = test::drawTruth(seed, false);
  truth.items = 1000;
  const test::PlantedSweep sweep = test::plantSweep(truth, seed);
  const std::size_t formats = truth.formats.size();
  for (std::size_t c = 0; c < sweep.points.size(); ++c) {
    const test::PlantedFormat& format = truth.formats[c % formats];
    RunRecord run =
        test::runOf("planted", truth.sizes[c / formats], format.label, format.k, format.bits);
    run.result = test::taskOf("planted", test::outcomesOf(sweep.items, c));
    if (change(run, c)) store.add(run);
  }
}

const auto kAsIs = [](RunRecord&, std::size_t) { return true; };

DiffOptions few() {
  DiffOptions options;
  options.replicates = 200;
  options.budgets = {2.5e10};
  return options;
}

TEST(SweepDiff, OfASweepWithItselfIsEmpty) {
  test::TempStore store, copy;
  plant(store, 4, kAsIs);
  plant(copy, 4, kAsIs);
  for (const RunStore* other : {&store.get(), &copy.get()}) {
    const SweepDiff diff = diffSweeps({&store.get(), {}, {}}, {other, {}, {}}, few());
    EXPECT_TRUE(diff.empty()) << diff.verdict;
    EXPECT_GT(diff.cells.size(), 10u);
    EXPECT_EQ(diff.same(), diff.cells.size());
    EXPECT_EQ(diff.different(), 0u);
    EXPECT_FALSE(diff.parameters.empty());
    EXPECT_THAT(diff.verdict, HasSubstr("are the same"));
  }
}

// What was changed is found, and nothing else: 150 of 1,000 items of two cells turned wrong.
TEST(SweepDiff, FindsPlantedDifferences) {
  test::TempStore a, b;
  plant(a, 4, kAsIs);
  const std::vector<std::size_t> changed{3, 8};
  plant(b, 4, [&](RunRecord& run, std::size_t c) {
    if (std::find(changed.begin(), changed.end(), c) == changed.end()) return true;
    auto correct = run.result.correct;
    int left = 150;
    for (std::uint8_t& item : correct) {
      if (item != 0 && left-- > 0) item = 0;
    }
    run.result = test::taskOf("planted", correct);
    return true;
  });
  const SweepDiff diff = diffSweeps({&a.get(), {}, {}}, {&b.get(), {}, {}}, few());
  EXPECT_EQ(diff.different(), changed.size());
  EXPECT_EQ(diff.same(), diff.cells.size() - changed.size());
  for (const DiffCell& cell : diff.cells) {
    if (cell.same) continue;
    EXPECT_EQ(cell.verdict, PairVerdict::Worse);
    ASSERT_TRUE(cell.test);
    EXPECT_EQ(cell.test->onlyFirst, 150u);
    EXPECT_EQ(cell.test->onlySecond, 0u);
    EXPECT_NEAR(cell.difference, -0.15, 1e-12);
    EXPECT_LE(cell.lower, cell.difference);
    EXPECT_GE(cell.upper, cell.difference);
    EXPECT_LT(cell.pAdjusted, 0.001);
  }
  EXPECT_THAT(diff.verdict, HasSubstr("differ in 2 of"));
  // The other way round all signs turn.
  const SweepDiff back = diffSweeps({&b.get(), {}, {}}, {&a.get(), {}, {}}, few());
  ASSERT_EQ(back.cells.size(), diff.cells.size());
  for (std::size_t i = 0; i < diff.cells.size(); ++i) {
    EXPECT_EQ(back.cells[i].difference, -diff.cells[i].difference);
    EXPECT_EQ(back.cells[i].verdict == PairVerdict::Better, !diff.cells[i].same);
  }
}

TEST(SweepDiff, ListsWhatOneSideLacksAndWhatWasScoredDifferently) {
  test::TempStore a, b;
  plant(a, 4, [](RunRecord&, std::size_t c) { return c != 2; });
  plant(b, 4, [](RunRecord& run, std::size_t c) {
    if (c == 5) run.result.taskHash = "other items";
    return c != 7;
  });
  const SweepDiff diff = diffSweeps({&a.get(), {}, {}}, {&b.get(), {}, {}}, few());
  EXPECT_EQ(diff.onlyA.size(), 2u);  // cell 7, and cell 5 whose items are others
  EXPECT_EQ(diff.onlyB.size(), 2u);  // cell 2 and cell 5
  EXPECT_FALSE(diff.empty());
  EXPECT_THAT(diff.notes, ::testing::Contains(HasSubstr("scored differently")));
  const std::string csv = diffToCsv(diff);
  EXPECT_EQ(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')),
            1 + diff.cells.size() + 4);
  EXPECT_THAT(csv, HasSubstr("only A"));
}

// Without outcomes of items the errors count as independent, and that is said.
TEST(SweepDiff, WithoutItemsIsUnpaired) {
  test::TempStore a, b;
  plant(a, 4, kAsIs);
  plant(b, 4, [](RunRecord& run, std::size_t) {
    run.result.accuracy -= 0.2;
    run.result.correct.clear();
    return true;
  });
  const SweepDiff diff = diffSweeps({&a.get(), {}, {}}, {&b.get(), {}, {}}, few());
  for (const DiffCell& cell : diff.cells) {
    EXPECT_FALSE(cell.test);
    EXPECT_THAT(cell.unpaired, HasSubstr("not stored"));
    EXPECT_NEAR(cell.difference, -0.2, 1e-12);
    EXPECT_NEAR(cell.se, std::hypot(cell.a.accuracySe, cell.b.accuracySe), 1e-15);
    EXPECT_EQ(cell.verdict, PairVerdict::Worse);
  }
}

// A planted exponent that is another is found in the law's parameters.
TEST(SweepDiff, LawParametersDifferAsPlanted) {
  const auto sweep = [](test::TempStore& store, double amplitude) {
    test::PlantedTruth truth = test::drawTruth(9, false);
    truth.items = 20000;
    truth.tau = 0.0005;
    truth.amplitude = amplitude;
    const test::PlantedSweep planted = test::plantSweep(truth, 9);
    addPlanted(store, truth, planted, [](auto, auto) { return true; });
  };
  test::TempStore a, b;
  sweep(a, 0.16);
  sweep(b, 0.22);
  DiffOptions options = few();
  options.replicates = 50;
  const SweepDiff diff = diffSweeps({&a.get(), {}, {}}, {&b.get(), {}, {}}, options);
  const auto amplitude =
      std::find_if(diff.parameters.begin(), diff.parameters.end(),
                   [](const ParameterDifference& p) { return p.name == "lnA0"; });
  ASSERT_NE(amplitude, diff.parameters.end()) << (diff.notes.empty() ? "" : diff.notes[0]);
  EXPECT_GT(amplitude->difference, 0);
  EXPECT_LE(amplitude->lower, std::log(0.22 / 0.16));
  EXPECT_GE(amplitude->upper, std::log(0.22 / 0.16));
}

TEST(SweepDiff, EmptySideIsNamed) {
  test::TempStore a;
  plant(a, 4, kAsIs);
  const DiffSide none{&a.get(), {}, [](const LawPoint&) { return false; }};
  try {
    diffSweeps({&a.get(), {}, {}}, none, few());
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("side B"));
  }
}

}  // namespace
}  // namespace bitfrontier
