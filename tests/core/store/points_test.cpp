// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/points.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/store/run_store.h"
#include "tests/core/store/store_fixture.h"

namespace bitfrontier {
namespace {

RunRecord run(std::int64_t id, const std::string& model, const std::string& config, int bits,
              const std::string& task, double accuracy, double se, double chance) {
  RunRecord r;
  r.id = id;
  r.key = std::to_string(id);
  r.model = model;
  r.family = "fam";
  r.modelHash = "hash-" + model;
  r.parameters = 1000;
  r.config = config;
  r.bits = bits;
  r.dataType = bits == 16 ? "fp16" : "int";
  r.modelBits = {100.0 * bits, 200.0 * bits, 300.0 * bits};
  r.result.task = task;
  r.result.accuracy = accuracy;
  r.result.accuracySe = se;
  r.result.chance = chance;
  return r;
}

RunRecord text(std::int64_t id, const std::string& model, const std::string& config, int bits,
               double ce, double se, double bpb, const std::string& task = "text") {
  RunRecord r = run(id, model, config, bits, task, TaskResult::kAbsent, TaskResult::kAbsent,
                    TaskResult::kAbsent);
  r.result.crossEntropy = ce;
  r.result.crossEntropySe = se;
  r.result.bitsPerByte = bpb;
  return r;
}

TEST(Points, MeansAndErrorsByHand) {
  const std::vector<RunRecord> runs{run(1, "m", "int4", 4, "a", 0.50, 0.03, 0.5),
                                    run(2, "m", "int4", 4, "b", 0.70, 0.04, 0.25),
                                    text(3, "m", "int4", 4, 3.0, 0.06, 1.0),
                                    text(4, "m", "int4", 4, 4.0, 0.08, 2.0, "text2"),
                                    run(5, "m", "fp16", 16, "a", 0.60, 0.03, 0.5),
                                    run(6, "m", "fp16", 16, "b", 0.8, 0.04, 0.25),
                                    text(7, "m", "fp16", 16, 2.5, 0.06, 1.0),
                                    text(8, "m", "fp16", 16, 3.5, 0.08, 2.0, "text2")};
  const auto points = aggregatePoints(runs, {});
  ASSERT_EQ(points.size(), 2u);
  const LawPoint& p = points[0];
  EXPECT_EQ(p.config, "int4");
  EXPECT_EQ(p.model, "m");
  EXPECT_DOUBLE_EQ(p.accuracy, 0.6);
  EXPECT_DOUBLE_EQ(p.accuracySe, 0.025);  // sqrt(9 + 16) / 2 hundredths
  EXPECT_DOUBLE_EQ(p.chance, 0.375);
  EXPECT_EQ(p.accuracyTasks, 2);
  EXPECT_DOUBLE_EQ(p.crossEntropy, 3.5);
  EXPECT_DOUBLE_EQ(p.crossEntropySe, 0.05);
  EXPECT_DOUBLE_EQ(p.bitsPerByte, 1.5);
  EXPECT_DOUBLE_EQ(p.totalBits, 1200);
  EXPECT_EQ(p.runIds, (std::vector<std::int64_t>{1, 2, 3, 4}));
  EXPECT_EQ(points[1].config, "fp16");
  EXPECT_DOUBLE_EQ(points[1].totalBits, 4800);

  RunFilter filter;
  filter.rule = CountingRule::LinearOnly;
  EXPECT_DOUBLE_EQ(aggregatePoints(runs, filter)[0].totalBits, 400);
  filter.rule = CountingRule::AllParameters;
  EXPECT_DOUBLE_EQ(aggregatePoints(runs, filter)[0].totalBits, 800);
}

TEST(Points, PartialPointsOnlyWhenAskedFor) {
  const std::vector<RunRecord> runs{run(1, "m", "int4", 4, "a", 0.5, 0.03, 0.5),
                                    run(2, "m", "int4", 4, "b", 0.7, 0.04, 0.5),
                                    run(3, "m", "int3", 3, "a", 0.4, 0.03, 0.5)};
  RunFilter filter;
  ASSERT_EQ(aggregatePoints(runs, filter).size(), 1u);
  // A narrower filter must not make the partial point look complete.
  filter.bits = {3};
  EXPECT_TRUE(aggregatePoints(runs, filter).empty());
  filter.includePartial = true;
  ASSERT_EQ(aggregatePoints(runs, filter).size(), 1u);
  EXPECT_EQ(aggregatePoints(runs, filter)[0].accuracyTasks, 1);
  // With one task chosen both have all of it.
  filter = {};
  filter.tasks = {"a"};
  EXPECT_EQ(aggregatePoints(runs, filter).size(), 2u);
}

TEST(Points, UnlikeRunsAreNeverMerged) {
  std::vector<RunRecord> runs(10, run(0, "m", "int4", 4, "a", 0.5, 0.03, 0.5));
  for (std::size_t i = 0; i < runs.size(); ++i) runs[i].id = static_cast<std::int64_t>(i) + 1;
  runs[1].result.itemLimit = 100;
  runs[2].source = "paper";
  runs[3].method = "gptq";
  runs[4].modelHash = "other weights of the same name";
  runs[5].modelHash = "";
  runs[6].status = RunStatus::Failed;
  runs[7].result.bosProfile = "nobos";
  runs[8].result.maxLength = 64;
  runs[9].calibration = "another text";
  EXPECT_EQ(aggregatePoints(runs, {}).size(), 9u);
  RunFilter filter;
  filter.bosProfiles = {"nobos"};
  const auto points = aggregatePoints(runs, filter);
  ASSERT_EQ(points.size(), 2u);  // published numbers have no profile
  for (const LawPoint& point : points) {
    EXPECT_EQ(point.bosProfile, point.published() ? "" : "nobos");
  }
}

TEST(Points, NewestRunOfATaskCounts) {
  const std::vector<RunRecord> runs{run(9, "m", "int4", 4, "a", 0.9, 0.03, 0.5),
                                    run(2, "m", "int4", 4, "a", 0.2, 0.03, 0.5)};
  const auto points = aggregatePoints(runs, {});
  ASSERT_EQ(points.size(), 1u);
  EXPECT_DOUBLE_EQ(points[0].accuracy, 0.9);
  EXPECT_EQ(points[0].runIds, std::vector<std::int64_t>{9});
}

TEST(Points, UnknownErrorMakesTheMeansErrorUnknown) {
  const std::vector<RunRecord> runs{run(1, "m", "int4", 4, "a", 0.5, 0.03, 0.5),
                                    run(2, "m", "int4", 4, "b", 0.7, TaskResult::kAbsent, 0.5)};
  const auto points = aggregatePoints(runs, {});
  ASSERT_EQ(points.size(), 1u);
  EXPECT_DOUBLE_EQ(points[0].accuracy, 0.6);
  EXPECT_TRUE(std::isnan(points[0].accuracySe));
  EXPECT_TRUE(std::isnan(points[0].crossEntropy));
}

TEST(Points, NoneAndAllRightHaveAnErrorAndSoHasAKnownNumberOfItems) {
  std::vector<RunRecord> runs{run(1, "m", "int2", 2, "a", 0, 0, 0),
                              run(2, "m", "int4", 4, "a", 1, 0, 0),
                              run(3, "m", "fp16", 16, "a", 0.3, TaskResult::kAbsent, 0)};
  for (RunRecord& r : runs) r.result.items = 200;
  const auto points = aggregatePoints(runs, {});
  ASSERT_EQ(points.size(), 3u);
  EXPECT_NEAR(points[0].accuracySe, 1.0 / 200, 1e-4);  // as uncertain as 1 right of 200
  EXPECT_NEAR(points[1].accuracySe, 1.0 / 200, 1e-4);
  EXPECT_DOUBLE_EQ(points[2].accuracySe, std::sqrt(0.3 * 0.7 / 199));
  // Nothing is known of a share of unknown items.
  runs[0].result.items = 0;
  EXPECT_TRUE(std::isnan(aggregatePoints(runs, {})[0].accuracySe));
}

TEST(Points, OneModelWithOneMoreTaskHidesTheOthersWithoutSilence) {
  std::vector<RunRecord> runs;
  for (int m = 0; m < 5; ++m) {
    const std::string model = "m" + std::to_string(m);
    for (const char* task : {"a", "b"}) {
      runs.push_back(
          run(static_cast<std::int64_t>(runs.size()) + 1, model, "int4", 4, task, 0.5, 0.03, 0.5));
    }
  }
  runs.push_back(run(100, "m0", "int4", 4, "c", 0.9, 0.03, 0.5));
  EXPECT_EQ(aggregatePoints(runs, {}).size(), 1u);
  EXPECT_EQ(incompletePoints(runs, {}).size(), 4u);
  RunFilter filter;
  filter.models = {"m0", "m1", "m2"};
  EXPECT_EQ(incompletePoints(runs, filter).size(), 2u);
  filter.includePartial = true;
  EXPECT_EQ(aggregatePoints(runs, filter).size(), 3u);
  EXPECT_TRUE(incompletePoints(runs, filter).empty());
  filter = {};
  filter.tasks = {"a", "b"};  // what all have
  EXPECT_EQ(aggregatePoints(runs, filter).size(), 5u);
}

TEST(Points, NamesOfTheTasksBehindThem) {
  const std::vector<RunRecord> runs{run(1, "m", "int4", 4, "b", 0.5, 0.03, 0.5),
                                    run(2, "m", "int4", 4, "a", 0.7, 0.04, 0.5),
                                    text(3, "m", "int4", 4, 3.0, 0.06, 1.0)};
  const auto points = aggregatePoints(runs, {});
  ASSERT_EQ(points.size(), 1u);
  EXPECT_EQ(points[0].tasks, "a, b");
  EXPECT_EQ(points[0].textTasks, "text");
}

using PointsTest = StoreTest;
TEST_F(PointsTest, NoPointsSaysWhoseTheyAre) {
  RunStore store = RunStore::open(folder_ / "s.bfdb");
  RunFilter measured;
  measured.published = false;
  EXPECT_EQ(std::string(noPoints(store, measured, "accuracy").what()),
            "store " + store.path().string() + " has no accuracy points that match");
  RunRecord paper = run(1, "m", "int4", 4, "a", 0.5, 0.03, 0.5);
  paper.source = "a paper";
  store.add(paper);
  ASSERT_TRUE(store.points(measured).empty());
  EXPECT_EQ(std::string(noPoints(store, measured, "", "; why").what()),
            "store " + store.path().string() +
                " has no points that match; of published ones 1 does: --origin published; why");
  RunFilter both;
  both.models = {"other"};
  EXPECT_EQ(std::string(noPoints(store, both, "").what()),
            "store " + store.path().string() + " has no points that match");
}

TEST_F(PointsTest, NumberOfIncompletePointsIsSaid) {
  RunStore store = RunStore::open(folder_ / "p.bfdb");
  for (const char* model : {"m", "n", "o"}) {
    RunRecord one = run(0, model, "int4", 4, "a", 0.5, 0.03, 0.5);
    one.key = model;
    store.add(one);
  }
  EXPECT_EQ(incompleteNote(store, {}), "");
  RunRecord more = text(0, "m", "int4", 4, 3, 0.06, 1);
  more.key = "more";
  store.add(more);
  EXPECT_EQ(incompleteNote(store, {}),
            "2 points without all the tasks that others have are left out; --partial keeps them");
  EXPECT_EQ(incompleteNote(store, {}, LawMetric::CrossEntropy), "");  // they have none
  RunFilter filter;
  filter.models = {"m", "n"};
  EXPECT_EQ(incompleteNote(store, filter, LawMetric::Accuracy),
            "1 point without all the tasks that others have is left out; --partial keeps it");
  filter.includePartial = true;
  EXPECT_EQ(incompleteNote(store, filter), "");
}

TEST_F(PointsTest, StoreGivesThePointsOfItsRuns) {
  RunStore store = RunStore::open(folder_ / "a.bfdb");
  const auto first = store.add(run(0, "m", "int4", 4, "a", 0.5, 0.03, 0.5));
  RunRecord other = run(0, "m", "int4", 4, "b", 0.7, 0.04, 0.5);
  other.key = "other";
  const auto second = store.add(other);
  const auto points = store.points();
  ASSERT_EQ(points.size(), 1u);
  EXPECT_DOUBLE_EQ(points[0].accuracySe, 0.025);
  EXPECT_EQ(points[0].runIds, (std::vector<std::int64_t>{first, second}));
  RunFilter filter;
  filter.measured = false;
  EXPECT_TRUE(store.points(filter).empty());
}

}  // namespace
}  // namespace bitfrontier
