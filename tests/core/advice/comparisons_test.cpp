// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/comparisons.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/core/advice/planted_store.h"
#include "tests/support/expect_error.h"

namespace bitfrontier {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Outcomes of twenty items.
std::vector<std::uint8_t> twenty(std::vector<std::size_t> wrong) {
  std::vector<std::uint8_t> correct(20, 1);
  for (const std::size_t item : wrong) correct[item] = 0;
  return correct;
}

RunRecord scored(double size, const std::string& config, int k, std::vector<std::uint8_t> correct,
                 const std::string& task = "task") {
  RunRecord run = test::runOf("family", size, config, k, k);
  run.result = test::taskOf(task, std::move(correct));
  return run;
}

/// One model: fp16 misses items 0 to 4; int8 the same; int4 nine others and not item 0.
class SmallComparison : public ::testing::Test {
 protected:
  SmallComparison() {
    store_.add(scored(1e9, "int4", 4, twenty({1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})));
    store_.add(scored(1e9, "int8", 8, twenty({0, 1, 2, 3, 4})));
    store_.add(scored(1e9, "fp16", 16, twenty({0, 1, 2, 3, 4})));
  }
  std::vector<StoreComparisons> compare(const CompareOptions& options = {}) const {
    return storeComparisons(store_.get(), {}, options);
  }
  test::TempStore store_;
};

TEST_F(SmallComparison, CountsAndProbabilitiesByHand) {
  const std::vector<StoreComparisons> all = compare();
  ASSERT_EQ(all.size(), 1u);
  EXPECT_THAT(all[0].title, HasSubstr("measured here, 1 task"));
  ASSERT_EQ(all[0].rows.size(), 2u);  // the one with most bits is what the others are compared with
  const PointComparison& same = all[0].rows[0];
  EXPECT_EQ(same.point.config, "int8");
  EXPECT_EQ(same.against.config, "fp16");
  EXPECT_EQ(same.test.onlyFirst + same.test.onlySecond, 0u);
  EXPECT_EQ(same.verdict, PairVerdict::Tie);
  EXPECT_DOUBLE_EQ(same.test.pMid, 1);
  EXPECT_DOUBLE_EQ(same.test.lower, 0);
  EXPECT_DOUBLE_EQ(same.test.upper, 0);
  const PointComparison& four = all[0].rows[1];
  EXPECT_EQ(four.point.config, "int4");
  EXPECT_EQ(four.test.onlySecond, 1u);
  EXPECT_EQ(four.test.onlyFirst, 9u);
  EXPECT_DOUBLE_EQ(four.test.difference, -8.0 / 20);
  // Of 2^10 ways 11 have at most one on this side; half of the 10 that have one count in mid-p.
  EXPECT_NEAR(four.test.pExact, 2 * 11.0 / 1024, 1e-12);
  EXPECT_NEAR(four.test.pMid, 2 * 6.0 / 1024, 1e-12);
  EXPECT_NEAR(four.test.pAdjusted, 2 * four.test.pMid, 1e-12);  // Holm, the smaller of two
  EXPECT_EQ(four.verdict, PairVerdict::Worse);
  EXPECT_LT(four.test.upper, 0);
  EXPECT_EQ(all[0].count(PairVerdict::Worse), 1u);
  EXPECT_THAT(all[0].notes, IsEmpty());
}

TEST_F(SmallComparison, CorrectionAndLevelDecideTheVerdict) {
  CompareOptions options;
  options.level = 0.99;  // 0.0234 is above 0.01, 0.0117 too
  EXPECT_EQ(compare(options)[0].rows[1].verdict, PairVerdict::NotToldApart);
  options.level = 0.98;
  EXPECT_EQ(compare(options)[0].rows[1].verdict, PairVerdict::NotToldApart);
  options.correction = Correction::None;
  EXPECT_EQ(compare(options)[0].rows[1].verdict, PairVerdict::Worse);
  EXPECT_DOUBLE_EQ(compare(options)[0].rows[1].test.pAdjusted,
                   compare(options)[0].rows[1].test.pMid);
  options.correction = Correction::BenjaminiHochberg;  // the smallest of two: doubled as well
  EXPECT_NEAR(compare(options)[0].rows[1].test.pAdjusted, 4 * 6.0 / 1024, 1e-12);
}

TEST_F(SmallComparison, WithAConfigurationOrOnePoint) {
  CompareOptions options;
  options.against = "int4";
  const PointComparison up = compare(options)[0].rows[0];
  EXPECT_EQ(up.point.config, "fp16");
  EXPECT_EQ(up.verdict, PairVerdict::Better);
  EXPECT_DOUBLE_EQ(up.test.difference, 8.0 / 20);

  store_.add(scored(2e9, "int4", 4, twenty({0, 1})));
  options.against = "family-1e+09 fp16";
  const std::vector<PointComparison> rows = compare(options)[0].rows;
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[2].point.model, "family-2e+09");
  EXPECT_EQ(rows[2].against.model, "family-1e+09");
  EXPECT_EQ(rows[2].test.onlySecond, 3u);
  EXPECT_EQ(rows[2].test.onlyFirst, 0u);

  options.against = "int5";
  EXPECT_EQ(test::errorText(ErrorKind::NotFound, [&] { compare(options); }),
            "there is no configuration and no model with a configuration \"int5\"; configurations "
            "are fp16, int4, int8");
}

TEST_F(SmallComparison, WhatHasOtherItemsIsNotComparedAndSaid) {
  RunRecord other = scored(1e9, "int3", 3, twenty({0, 1}));
  other.result.taskHash = "other items";
  store_.add(other);
  const StoreComparisons all = compare().at(0);
  EXPECT_EQ(all.rows.size(), 2u);
  ASSERT_EQ(all.notes.size(), 1u);
  EXPECT_THAT(all.notes[0], HasSubstr("not compared: "));
  EXPECT_THAT(all.notes[0], HasSubstr("int3"));
  const auto json = comparisonsToJson(all);
  EXPECT_EQ(json["rows"].size(), 2u);
  EXPECT_EQ(json["rows"][1]["verdict"], "worse");
  EXPECT_EQ(json["rows"][1]["only_against_right"], 9);
}

TEST(Comparisons, NothingToCompareIsASentence) {
  test::TempStore store;
  const auto nothing = [&] { storeComparisons(store.get(), {}, {}); };
  EXPECT_THROW(nothing(), Error);
  store.add(scored(1e9, "fp16", 16, twenty({0})));
  EXPECT_EQ(test::errorText(ErrorKind::NotFound, nothing),
            "no model has two configurations to compare");
  RunRecord without = scored(1e9, "int4", 4, twenty({0}));
  without.result.correct.clear();  // e.g. imported: only the mean is known
  store.add(without);
  EXPECT_THAT(test::errorText(ErrorKind::Unsupported, nothing),
              HasSubstr("no outcomes of single items"));
  EXPECT_THAT(test::errorText(ErrorKind::InvalidArgument, [] { parseCorrection("bonferroni"); }),
              HasSubstr("not \"bonferroni\""));
}

TEST(Comparisons, OfConfigurationsThatDoNotDifferFewAreFound) {
  // Six sizes of one curve under fp16 and an int8 that loses nothing: after Holm at most 5 % of the
  // families have any finding at 95 %.
  test::PlantedTruth truth = test::drawTruth(1, false);
  truth.tau = 0;
  truth.items = 1000;
  truth.formats.resize(2);
  truth.formats[1].rho = 1;
  int families = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const ItemOutcomes items = test::plantSweep(truth, seed).items;
    std::vector<double> p;
    for (std::size_t size = 0; size < truth.sizes.size(); ++size) {
      p.push_back(comparePaired(items, 2 * size, 2 * size + 1).pMid);
    }
    const std::vector<double> adjusted = adjustHolm(p);
    families += *std::min_element(adjusted.begin(), adjusted.end()) < 0.05 ? 1 : 0;
  }
  // Binomial(100, 0.05) is above 12 once in a thousand times.
  EXPECT_LE(families, 12);
}

}  // namespace
}  // namespace bitfrontier
