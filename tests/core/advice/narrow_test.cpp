// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/narrow.h"

#include <gmock/gmock.h>

#include <set>

#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

using ::testing::HasSubstr;

/// Families of three sizes and `formats` formats; accuracies rise with the family's number, the
/// size and the format's number.
std::vector<FamilyRuns> families(test::TempStore& store, int count, int formats) {
  for (int f = 0; f < count; ++f) {
    for (int m = 0; m < 3; ++m) {
      for (int c = 0; c < formats; ++c) {
        RunRecord run = test::runOf(fmt::format("f{}", f), 1e9 * (m + 1),
                                    fmt::format("int4-v{}", c), 4, 4 + 0.001 * c);
        std::vector<std::uint8_t> correct(1000, 0);
        std::fill_n(correct.begin(), 100 + 20 * f + 100 * m + c, 1);
        run.result = test::taskOf("task", correct);
        store.add(run);
      }
    }
  }
  return familyRuns(store.get(), {}, LawMetric::Accuracy);
}

double bestOf(const std::vector<FamilyRuns>& families) {
  double best = 0;
  for (const FamilyRuns& family : families) {
    for (const LawPoint& p : family.points) best = std::max(best, p.accuracy);
  }
  return best;
}

/// Every cell's point is its own, and what is known by index agrees with it.
void expectWhole(const FamilyRuns& family) {
  std::set<std::size_t> points;
  for (const FamilyCell& cell : family.cells) {
    if (!cell.point) continue;
    points.insert(*cell.point);
    ASSERT_LT(*cell.point, family.points.size());
    const LawPoint& p = family.points[*cell.point];
    EXPECT_EQ(p.model, cell.model);
    EXPECT_EQ(seriesLabel(p, SeriesKey::Config), cell.config);
    ASSERT_TRUE(family.items && family.covariance);
    EXPECT_NEAR(family.items->accuracy(*cell.point), p.accuracy, 1e-12);
    EXPECT_NEAR(family.covariance->at(*cell.point, *cell.point), p.accuracySe * p.accuracySe, 1e-6);
  }
  EXPECT_EQ(points.size(), family.points.size());
}

TEST(Narrow, SmallOnesStayAsTheyAre) {
  test::TempStore store;
  std::vector<FamilyRuns> all = families(store, 2, 4);
  EXPECT_EQ(narrowFamilies(all, LawMetric::Accuracy, 24, [](auto&, auto) { return true; }), "");
  EXPECT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].points.size(), 12u);
}

TEST(Narrow, FamiliesWithTheBestMeasuredValuesStay) {
  test::TempStore store;
  std::vector<FamilyRuns> all = families(store, 6, 4);
  const double best = bestOf(all);
  EXPECT_THAT(narrowFamilies(all, LawMetric::Accuracy, 30, [](auto&, auto) { return true; }),
              HasSubstr("the 2 of 6 families whose measured cells that fit are best"));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(bestOf(all), best);
  EXPECT_EQ(all[0].family, "f5");
  EXPECT_EQ(all[1].family, "f4");
}

TEST(Narrow, FormatsOfAWideFamilyStayWithAllTheirSizes) {
  test::TempStore store;
  std::vector<FamilyRuns> all = families(store, 1, 20);
  const auto fits = [](const FamilyRuns& family, std::size_t cell) {
    return family.cells[cell].checkpointBits < 1e10;  // two of the three sizes
  };
  EXPECT_THAT(narrowFamilies(all, LawMetric::Accuracy, 15, fits),
              HasSubstr("the 15 of 60 combinations"));
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].cells.size(), 15u);
  expectWhole(all[0]);
  std::set<std::string> configs;
  for (const FamilyCell& cell : all[0].cells) configs.insert(cell.config);
  EXPECT_THAT(configs,
              testing::ElementsAre("int4-v15", "int4-v16", "int4-v17", "int4-v18", "int4-v19"));
}

}  // namespace
}  // namespace bitfrontier
