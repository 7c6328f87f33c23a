// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/advice/store_frontier.h"
#include "core/advice/widths.h"
#include "core/advice/widths_text.h"
#include "core/base/error.h"
#include "core/store/import/csv.h"
#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The first `right` of 1,000 items are right.
std::vector<std::uint8_t> firstRight(int right) {
  std::vector<std::uint8_t> correct(1000, 0);
  std::fill_n(correct.begin(), right, 1);
  return correct;
}

/// Four cells: a (small), b (larger and better), c (larger than b and far worse), d like b.
class SmallStore : public testing::Test {
 protected:
  SmallStore() {
    add("a", 1e9, 400, 30);
    add("b", 2e9, 600, 20);
    add("c", 3e9, 300, 10);
    add("d", 2e9, 600, 40);
  }
  void add(const std::string& name, double bits, int right, double seconds) {
    RunRecord run = test::runOf("small", bits / 4.25, "int4-b64", 4, 4.25);
    run.model = run.modelHash = "m_" + name;
    run.modelBits = {bits, bits, bits};
    run.seconds = seconds;
    run.result = test::taskOf("task", firstRight(right));
    store_.add(run);
  }
  test::TempStore store_;
};

std::vector<std::string> names(const StoreFrontier& f) {
  std::vector<std::string> all;
  for (const FrontierEntry& e : f.entries) all.push_back(e.point.model);
  return all;
}

TEST_F(SmallStore, OfBitsWithProbabilities) {
  FrontierOptions options;
  options.budget = 2.5e9;
  const auto all = storeFrontiers(store_.get(), {}, options);
  ASSERT_EQ(all.size(), 1u);
  const StoreFrontier& f = all[0];
  EXPECT_EQ(f.points, 4u);
  EXPECT_EQ(f.onFrontier(), 3u);  // exact ties are both on it
  EXPECT_TRUE(f.paired);
  ASSERT_THAT(names(f), ElementsAre("m_a", "m_b", "m_d"));
  EXPECT_EQ(f.entries[0].probability, 1);
  // Of two that are the same neither wins.
  EXPECT_NEAR(f.entries[1].probability, 0.5, 1e-9);
  EXPECT_NEAR(f.entries[2].probability, 0.5, 1e-9);
  ASSERT_TRUE(f.best);
  EXPECT_EQ(f.best->value, 0.6);
  EXPECT_NEAR(f.bestProbability, 0.5, 1e-9);
}

TEST_F(SmallStore, OfSecondsTheOrderIsAnother) {
  FrontierOptions options;
  options.cost = FrontierCost::Seconds;
  const StoreFrontier f = storeFrontiers(store_.get(), {}, options).at(0);
  EXPECT_THAT(names(f), ElementsAre("m_c", "m_b"));
  EXPECT_EQ(f.entries[1].cost, 20);
}

TEST_F(SmallStore, OfMemoryTheCacheCounts) {
  FrontierOptions options;
  options.cost = FrontierCost::Memory;
  options.memory.needs = {1000, 1, 16, 0};
  // b keeps 2 x 100 x 10 x 100 x 1000 x 16 = 3.2 Gbit, the others a hundredth of it.
  for (const char* model : {"m_a", "m_c", "m_d"}) options.memory.shapes[model] = {1, 10, 100, 0};
  options.memory.shapes["m_b"] = {100, 10, 100, 0};
  StoreFrontier f = storeFrontiers(store_.get(), {}, options).at(0);
  EXPECT_THAT(names(f), ElementsAre("m_a", "m_d"));
  EXPECT_EQ(f.entries[1].cost, 2e9 + 2.0 * 10 * 100 * 1000 * 16);
  EXPECT_EQ(f.entries[1].probability, 1);

  options.memory.shapes.erase("m_d");
  f = storeFrontiers(store_.get(), {}, options).at(0);
  EXPECT_THAT(names(f), ElementsAre("m_a", "m_b"));
  EXPECT_THAT(f.notes, Contains(HasSubstr("1 of 4 points of small have no known memory")));
}

TEST_F(SmallStore, WithoutOutcomesErrorsAreIndependent) {
  RunRecord run = test::runOf("small", 1e9, "int4-b64", 4, 4.25);
  run.model = run.modelHash = "e";
  run.modelBits = {2.1e9, 2.1e9, 2.1e9};
  run.result = test::taskOf("task", firstRight(600));
  run.result.correct.clear();
  run.result.accuracy = 0.61;
  store_.add(run);
  const StoreFrontier f = storeFrontiers(store_.get(), {}, {}).at(0);
  EXPECT_FALSE(f.paired);
  EXPECT_THAT(f.notes, Contains(HasSubstr("errors count as independent")));
  // e leads max(b, d) by one point with errors of 1.55 each: P(e > b and d) by integration is
  // 0.5273.
  const FrontierEntry& e = f.entries.back();
  EXPECT_EQ(e.point.model, "e");
  EXPECT_TRUE(e.on);
  EXPECT_NEAR(e.probability, 0.5273, 0.03);
}

TEST_F(SmallStore, ResultsThatMayNotBeComparedHaveTheirOwn) {
  RunRecord run = test::runOf("small", 1e9, "int4-b64", 4, 4.25);
  run.model = run.modelHash = "paper";
  run.source = "Some paper, 2024";
  run.result = test::taskOf("task", firstRight(999));
  run.result.correct.clear();
  store_.add(run);
  const auto all = storeFrontiers(store_.get(), {}, {});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].points + all[1].points, 5u);
}

TEST_F(SmallStore, TablesReadBackAndAreEscaped) {
  const auto all = storeFrontiers(store_.get(), {}, {});
  const CsvTable csv = CsvTable::parse(frontiersToCsv(all), "frontier.csv");
  ASSERT_EQ(csv.rows().size(), 3u);
  EXPECT_EQ(csv.text(csv.rows()[1], "model"), "m_b");
  EXPECT_EQ(csv.number(csv.rows()[1], "cost"), 2e9);
  EXPECT_EQ(csv.number(csv.rows()[1], "value"), 0.6);
  EXPECT_EQ(csv.number(csv.rows()[1], "p_frontier"), all[0].entries[1].probability);
  const std::string markdown = frontierToMarkdown(all[0]);
  EXPECT_THAT(markdown, HasSubstr("| 2.000e+09 | 60.00 | 1.55 | m\\_b | int4-b64 | 0.50 | yes |"));
  const std::string latex = frontierToLatex(all[0]);
  EXPECT_THAT(latex, HasSubstr("2.000e+09 & 60.00 & 1.55 & m\\_b & int4-b64 & 0.50 & yes \\\\\n"));
  EXPECT_THAT(latex, HasSubstr("accuracy \\%"));
  const auto json = frontierToJson(all[0]);
  EXPECT_EQ(json["frontier"][1]["p_frontier"], all[0].entries[1].probability);
  EXPECT_EQ(json["frontier"][1]["model"], "m_b");
}

TEST(StoreFrontier, NothingToShowIsASentence) {
  test::TempStore store;
  EXPECT_THROW(storeFrontiers(store.get(), {}, {}), Error);
  EXPECT_THROW(parseFrontierCost("money"), Error);
  EXPECT_EQ(parseFrontierCost("memory"), FrontierCost::Memory);
}

FamilyRuns plantedFamily(test::TempStore& store, const test::PlantedTruth& truth) {
  addPlanted(store, truth, test::plantSweep(truth, 9), [](auto, auto) { return true; });
  return familyRuns(store.get(), {}, LawMetric::Accuracy).at(0);
}

TEST(Widths, OneOptimalWidthWhereCurvesAreParallel) {
  test::PlantedTruth truth;
  truth.sizes = {0.125e9, 0.35e9, 1.3e9, 2.7e9, 6.7e9, 13e9};
  // rho per bit: 16 bit 0.0625, 8 bit 0.12, 4 bit 0.21, 3 bit 0.12.
  truth.formats = {{"fp16", 16, 16, 1, 0},
                   {"int8", 8, 8.25, 0.99, 0},
                   {"int4", 4, 4.25, 0.9, 0},
                   {"int3", 3, 3.25, 0.4, 0}};
  test::TempStore store;
  const OptimalWidths widths =
      optimalWidths(plantedFamily(store, truth), LawMetric::Accuracy, 1000, 1);
  // The largest 4-bit model competes above its own size, until 8 bits hold a model that is worth
  // more: 0.9 x 13e9 parameters are as good as 0.99 of so many.
  ASSERT_GE(widths.ranges.size(), 2u) << widths.curves;
  EXPECT_EQ(widths.ranges[0].best, 4u);
  EXPECT_EQ(widths.ranges[0].verdict, Verdict::Optimal);
  EXPECT_LT(widths.ranges[0].fromBits, 2 * 0.125e9 * 4.25);
  EXPECT_GT(widths.ranges[0].toBits, 13e9 * 4.25);
  const double overtaken = 13e9 * 0.9 / 0.99 * 8.25;
  for (const OptimalRange& r : widths.ranges) {
    if (r.verdict != Verdict::Optimal) continue;
    EXPECT_TRUE(r.best == 4 ? r.toBits < 1.1 * overtaken : r.fromBits > 0.9 * overtaken)
        << r.best << " from " << r.fromBits << " to " << r.toBits;
  }
  EXPECT_THAT(rangeSentences(widths).front(),
              testing::AllOf(HasSubstr("4 bit is optimal from "), HasSubstr("(P > 0.99)")));
  for (const std::string& sentence : rangeSentences(widths)) {
    EXPECT_THAT(sentence, testing::Not(HasSubstr("1.00")));
  }
  EXPECT_TRUE(widths.crossings.empty());
  double shares = 0;
  for (const WidthShare& w : widths.widths) {
    shares += w.share;
    if (w.bits == 3) {
      EXPECT_EQ(w.share, 0);
    }
    if (w.bits == 4) {
      EXPECT_GT(w.share, 0.7);
    }
  }
  EXPECT_NEAR(shares, 1, 1e-9);
  for (const BudgetChoice& at : widths.grid) {
    double sum = 0;
    for (const FormatChance& f : at.formats) sum += f.probability;
    if (!at.formats.empty()) {
      EXPECT_NEAR(sum, 1, 1e-9);
    }
  }
}

// Larger models of few bits are not measured at the right edge of a sweep; who has one must not
// read that 8 bits are the best there.
TEST(Widths, TheBestIsAmongThoseThatAreNamed) {
  // At 2e10 bits the largest model of 4 bit fits and is the best, though it is smaller than that.
  OptimalWidths widths;
  widths.measured = {{16, 1e9, 1e11}, {8, 1e9, 1e11}, {6, 3e10, 1e11}, {4, 1e9, 1e10}};
  widths.ranges = {{{4, 2e10, 2e10, 0.6, Verdict::Undecided}, true}};
  EXPECT_THAT(rangeSentences(widths),
              testing::ElementsAre(HasSubstr(", among 4, 8 and 16 bit; no model of this size is "
                                             "measured at 4 and 6 bit")));
}

TEST(Widths, StatementsSayAmongWhatTheyChoose) {
  test::PlantedTruth truth;
  truth.sizes = {0.125e9, 0.35e9, 1.3e9, 2.7e9, 6.7e9, 13e9};
  truth.formats = {{"fp16", 16, 16, 1, 0},
                   {"int8", 8, 8.25, 0.99, 0},
                   {"int4", 4, 4.25, 0.9, 0},
                   {"int3", 3, 3.25, 0.4, 0}};
  test::TempStore store;
  const OptimalWidths widths =
      optimalWidths(plantedFamily(store, truth), LawMetric::Accuracy, 1000, 1);
  const double end4 = 13e9 * 4.25, end8 = 13e9 * 8.25;
  ASSERT_EQ(widths.measured.size(), 4u);
  EXPECT_NEAR(widths.measured[2].to, end4, 1);
  EXPECT_NEAR(widths.measured[0].from, 0.125e9 * 16, 1);
  const auto sentences = rangeSentences(widths);
  const auto json = rangesToJson(widths.ranges, widths.measured);
  ASSERT_EQ(sentences.size(), widths.ranges.size());
  EXPECT_THAT(sentences[0],
              HasSubstr(", among 3, 4, 8 and 16 bit; no model of this size is measured at "));
  EXPECT_THAT(sentences[0], HasSubstr("3 bit above 4.22e+10"));
  EXPECT_THAT(sentences[0], HasSubstr("16 bit below 2e+09"));
  bool edge = false;
  for (std::size_t i = 0; i < sentences.size(); ++i) {
    const WidthRange& r = widths.ranges[i];
    EXPECT_EQ(r.curves, r.fromBits <= end4) << sentences[i];  // 4, 8 and 16 bit
    EXPECT_EQ(json[i]["among"], r.curves ? "curves" : "measured models");
    if (r.curves) continue;
    edge = true;
    EXPECT_THAT(
        sentences[i],
        HasSubstr(
            std::string(
                ", among the measured models that fit; no model of this size is measured at ") +
            (r.fromBits > end8 ? "3, 4 and 8 bit" : "3 and 4 bit")));
    EXPECT_EQ(json[i]["not_measured"].size(), r.toBits > end8 ? 3u : 2u);
  }
  EXPECT_TRUE(edge);
  // There nothing between two measured sizes competes.
  std::set<double> measured;
  for (const test::PlantedFormat& format : truth.formats) {
    for (const double size : truth.sizes) measured.insert(std::round(size * format.bits));
  }
  int looked = 0;
  for (const BudgetChoice& at : widths.grid) {
    if (at.totalBits <= end4) continue;
    ++looked;
    for (const FormatChance& f : at.formats) {
      EXPECT_TRUE(measured.contains(std::round(f.atBits))) << f.atBits;
      EXPECT_LE(f.atBits, at.totalBits);
    }
  }
  EXPECT_GT(looked, 8);
  // Shares are of the budgets at which curves are compared: from where the smallest model of a
  // second width fits until the largest of the third last.
  EXPECT_EQ(widths.budgets, static_cast<int>(std::floor(std::log2(end4) * 2) -
                                             std::ceil(std::log2(0.125e9 * 4.25) * 2) + 1));
}

TEST(Widths, CurvesOfTwoWidthsAreComparedWhereBothAreMeasured) {
  test::PlantedTruth truth;
  truth.sizes = {0.125e9, 0.35e9, 1.3e9, 2.7e9, 6.7e9, 13e9};
  truth.formats = {{"fp16", 16, 16, 1, 0}, {"int4", 4, 4.25, 0.9, 0}};
  test::TempStore store;
  const OptimalWidths widths =
      optimalWidths(plantedFamily(store, truth), LawMetric::Accuracy, 1000, 1);
  EXPECT_EQ(widths.budgets, static_cast<int>(std::floor(std::log2(13e9 * 4.25) * 2) -
                                             std::ceil(std::log2(0.125e9 * 16) * 2) + 1));
  EXPECT_THAT(rangeSentences(widths).front(), HasSubstr("among 4 and 16 bit"));
}

TEST(Widths, ThreeBitsAboveACrossing) {
  // The penalty of 3 bits vanishes with size: 4 bits are better below, 3 bits above the crossing.
  test::PlantedTruth truth;
  truth.tau = 0.0005;
  truth.items = 40000;
  truth.gammaN = 0.7;
  truth.sizes = {0.125e9, 0.35e9, 1.3e9, 2.7e9, 6.7e9, 13e9};
  truth.formats = {
      {"fp16", 16, 16, 1, 0}, {"int4", 4, 4.25, 1, 0.002}, {"int3", 3, 3.25, 1, 0.022}};
  double crossing = 0;
  for (double b = 1e9; b < 4e10 && crossing == 0; b *= 1.001) {
    if (truth.law(2, b / 3.25) > truth.law(1, b / 4.25)) crossing = b;
  }
  ASSERT_GT(crossing, 2e9);
  test::TempStore store;
  const OptimalWidths widths =
      optimalWidths(plantedFamily(store, truth), LawMetric::Accuracy, 1000, 1);
  ASSERT_FALSE(widths.ranges.empty());
  EXPECT_EQ(widths.ranges.front().best, 4u);
  bool three = false;
  for (const OptimalRange& r : widths.ranges) {
    three = three || r.best == 3;
    // Beyond the largest 3-bit model larger ones of 4 bits win again.
    if (r.verdict != Verdict::Optimal || r.fromBits > 13e9 * 3.25) continue;
    if (r.best == 4) {
      EXPECT_LT(r.toBits, crossing);
    }
    if (r.best == 3) {
      EXPECT_GT(r.fromBits, crossing);
    }
  }
  EXPECT_TRUE(three);
  EXPECT_THAT(widths.crossings, ElementsAre(HasSubstr("int4 is better below and int3 above")));
}

/// A planted family: at every budget the best of the models that fit, by the truth.
TEST(Widths, DecidedBudgetsAgreeWithTheTruthAndWithTheFrontierUpToTheRightEdge) {
  int decided = 0, wrong = 0;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    test::PlantedTruth truth = test::drawTruth(seed, seed == 2);
    truth.items = 4000;
    test::TempStore store;
    addPlanted(store, truth, test::plantSweep(truth, seed), [](auto, auto) { return true; });
    const FamilyRuns family = familyRuns(store.get(), {}, LawMetric::Accuracy).at(0);
    const OptimalWidths widths = optimalWidths(family, LawMetric::Accuracy, 1000, 1);
    const auto bestOf = [&](int k, double budget) {
      double best = -1;
      for (std::size_t f = 0; f < truth.formats.size(); ++f) {
        if (k != 0 && truth.formats[f].k != k) continue;
        const double size = std::min(budget / truth.formats[f].bits, truth.sizes.back());
        if (size >= truth.sizes.front()) best = std::max(best, truth.law(f, size));
      }
      return best;
    };
    double largestFile = 0;
    for (const LawPoint& p : family.points) largestFile = std::max(largestFile, p.totalBits);
    EXPECT_GT(widths.grid.back().totalBits, 0.9 * largestFile);
    for (const BudgetChoice& at : widths.grid) {
      if (at.verdict != Verdict::Optimal) continue;
      ++decided;
      const double lost = bestOf(0, at.totalBits) - bestOf(static_cast<int>(at.best), at.totalBits);
      wrong += lost > 0.0005 ? 1 : 0;
      // Every width with a model that fits is among the rivals.
      for (const test::PlantedFormat& format : truth.formats) {
        const bool fits = format.bits * truth.sizes.front() <= at.totalBits;
        const bool rival = std::any_of(at.formats.begin(), at.formats.end(), [&](const auto& f) {
          return static_cast<int>(f.format) == format.k;
        });
        EXPECT_EQ(rival, fits) << format.label << " at " << at.totalBits;
      }
      if (decided % 3 != 0) continue;
      FrontierOptions options;
      options.budget = at.totalBits;
      options.draws = 100;
      const StoreFrontier f = storeFrontiers(store.get(), {}, options).at(0);
      ASSERT_TRUE(f.best);
      // No file that fits is better than the best of the width that is called optimal.
      const auto found = std::find_if(
          truth.formats.begin(), truth.formats.end(),
          [&](const test::PlantedFormat& t) { return t.label == f.best->point.config; });
      const double file = truth.law(static_cast<std::size_t>(found - truth.formats.begin()),
                                    f.best->point.parameters);
      EXPECT_LT(file - bestOf(static_cast<int>(at.best), at.totalBits), 0.002)
          << at.best << " bit at " << at.totalBits;
    }
  }
  EXPECT_GT(decided, 60);
  EXPECT_LE(wrong, decided / 20);
}

TEST(Widths, AFormatOfOneSizeCompetes) {
  // Eight sizes at 16 and 3 bits; one model also at 4 bits, as good as at 16.
  test::PlantedTruth truth;
  truth.sizes = {0.125e9, 0.35e9, 1.3e9, 2.7e9, 6.7e9, 13e9};
  truth.formats = {{"fp16", 16, 16, 1, 0}, {"int4", 4, 4.25, 0.99, 0}, {"int3", 3, 3.25, 0.2, 0}};
  test::TempStore store;
  addPlanted(store, truth, test::plantSweep(truth, 9),
             [](std::size_t size, std::size_t format) { return format != 1 || size == 3; });
  const FamilyRuns family = familyRuns(store.get(), {}, LawMetric::Accuracy).at(0);
  const OptimalWidths widths = optimalWidths(family, LawMetric::Accuracy, 1000, 1);
  ASSERT_FALSE(widths.mixture.empty()) << widths.curves;
  bool four = false;
  for (const BudgetChoice& at : widths.grid) {
    if (at.totalBits < 2.7e9 * 4.3 || at.totalBits > 2.7e9 * 6) continue;
    EXPECT_EQ(at.best, 4u) << at.totalBits;
    four = true;
  }
  EXPECT_TRUE(four);
}

}  // namespace
}  // namespace bitfrontier
