// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/point_report.h"

#include <gmock/gmock.h>

#include <cmath>

#include "core/base/error.h"
#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::uint8_t> itemsOf(int right, int all) {
  std::vector<std::uint8_t> items(static_cast<std::size_t>(all), 0);
  std::fill(items.begin(), items.begin() + right, 1);
  return items;
}

TEST(PointReport, ComparesWithThe16BitFormOnTheSameItems) {
  test::TempStore store;
  for (const auto& [config, k, right] :
       {std::tuple("fp16", 16, 70), std::tuple("int4-b64", 4, 60), std::tuple("int3-b64", 3, 40)}) {
    RunRecord run = test::runOf("f", 1e8, config, k, k);
    run.result = test::taskOf("t", itemsOf(right, 100));
    store.add(run);
  }
  RunRecord other = test::runOf("f", 1e8, "int8-b64", 8, 8);
  other.result = test::taskOf("u", itemsOf(90, 100));  // another task: no peer
  store.add(other);
  const auto points = store.get().points({});
  const auto of = [&](const std::string& config) {
    RunFilter all;
    all.includePartial = true;
    for (const LawPoint& p : store.get().points(all)) {
      if (p.config == config) {
        return reportPoint(store.get(), {}, p.runIds.front(), LawMetric::Accuracy);
      }
    }
    throw Error(ErrorKind::NotFound, config);
  };
  const PointReport four = of("int4-b64");
  ASSERT_TRUE(four.against.test);
  EXPECT_EQ(four.against.reference.config, "fp16");
  EXPECT_NEAR(four.against.test->difference, -0.1, 1e-12);
  EXPECT_EQ(four.against.test->onlyFirst, 10u);
  EXPECT_EQ(four.rank, 2u);
  EXPECT_EQ(four.ranked, 3u);
  EXPECT_THAT(four.lacks, ElementsAre("u"));
  EXPECT_EQ(of("fp16").rank, 1u);
  EXPECT_FALSE(of("fp16").against.test);
  EXPECT_THAT(of("fp16").against.problem, HasSubstr("16-bit form"));
  EXPECT_THAT(of("int8-b64").against.problem, HasSubstr("no 16-bit run"));
  EXPECT_THROW(reportPoint(store.get(), {}, 999, LawMetric::Accuracy), Error);
}

TEST(PointReport, ComparesWithTheBestOfNoMoreBitsAndWithTheBaseline) {
  test::TempStore store;
  // Of two models: the small one at 4 bit has as many bits as the large one at 2.
  for (const auto& [size, config, k, right] :
       {std::tuple(1e8, "fp16", 16, 70), std::tuple(1e8, "int4-b64", 4, 60),
        std::tuple(1e8, "int3-b64", 3, 40), std::tuple(2e8, "int2-b64", 2, 66),
        std::tuple(4e8, "int4-b64", 4, 95)}) {
    RunRecord run = test::runOf("f", size, config, k, k);
    run.result = test::taskOf("t", itemsOf(right, 100));
    store.add(run);
  }
  const auto points = store.get().points({});
  const auto idOf = [&](double size, const std::string& config) {
    for (const LawPoint& p : points) {
      if (p.parameters == size && p.config == config) return p.runIds.front();
    }
    return std::int64_t{0};
  };
  const std::int64_t baseline = idOf(1e8, "fp16");
  const PointReport four =
      reportPoint(store.get(), {}, idOf(1e8, "int4-b64"), LawMetric::Accuracy, {}, baseline);
  EXPECT_EQ(four.rival.reference.config, "int2-b64") << "as many bits, and better";
  ASSERT_TRUE(four.rival.test);
  EXPECT_NEAR(four.rival.test->difference, -0.06, 1e-12);
  EXPECT_LE(four.rival.test->lower, -0.06);
  EXPECT_GE(four.rival.test->upper, -0.06);
  ASSERT_TRUE(four.baseline && four.baseline->test);
  EXPECT_NEAR(four.baseline->test->difference, -0.1, 1e-12);
  const PointReport smallest =
      reportPoint(store.get(), {}, idOf(1e8, "int3-b64"), LawMetric::Accuracy);
  EXPECT_THAT(smallest.rival.problem, HasSubstr("as few bits"));
  EXPECT_FALSE(smallest.baseline) << "none was set";
  EXPECT_FALSE(reportPoint(store.get(), {}, baseline, LawMetric::Accuracy, {}, baseline).baseline);
}

}  // namespace
}  // namespace bitfrontier
