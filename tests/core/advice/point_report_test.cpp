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

}  // namespace
}  // namespace bitfrontier
