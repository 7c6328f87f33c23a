// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/merge.h"

#include <gmock/gmock.h>

#include "tests/core/store/store_fixture.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;
using MergeTest = StoreTest;

RunRecord measured(const std::string& key) {
  RunRecord run = sampleRun(key);
  run.source.clear();
  run.error.clear();
  return run;
}

TEST_F(MergeTest, NewRunsComeWithTheirItems) {
  RunStore here = RunStore::open(folder_ / "a.bfdb"), there = RunStore::open(folder_ / "b.bfdb");
  here.add(measured("one"));
  there.add(measured("one"));
  there.add(measured("two"));
  MergeCounts counts = mergeStore(here, there);
  EXPECT_EQ(counts.added, 1);
  EXPECT_EQ(counts.alreadyThere, 1);
  EXPECT_TRUE(counts.conflicts.empty());
  EXPECT_EQ(here.find("two")->result.correct, measured("two").result.correct);
  EXPECT_EQ(here.find("two")->result.logLikelihood.size(), 3u);
  counts = mergeStore(here, there);
  EXPECT_EQ(counts.added, 0);
  EXPECT_EQ(counts.alreadyThere, 2);
}

TEST_F(MergeTest, OtherCircumstancesAreNoConflict) {
  RunStore here = RunStore::open(folder_ / "a.bfdb"), there = RunStore::open(folder_ / "b.bfdb");
  here.add(measured("one"));
  RunRecord other = measured("one");
  other.seconds = 99;
  other.device = "cpu";
  other.createdAt = "2030-01-01T00:00:00Z";
  there.add(other);
  EXPECT_EQ(mergeStore(here, there).alreadyThere, 1);
}

TEST_F(MergeTest, ConflictsAreReportedAndKeptApart) {
  RunStore here = RunStore::open(folder_ / "a.bfdb"), there = RunStore::open(folder_ / "b.bfdb");
  here.add(measured("one"));
  RunRecord other = measured("one");
  other.result.accuracy = 1.0 / 3;
  there.add(other);
  const MergeCounts counts = mergeStore(here, there);
  EXPECT_EQ(counts.added, 0);
  ASSERT_EQ(counts.conflicts.size(), 1u);
  EXPECT_EQ(counts.conflicts[0].field, "accuracy");
  EXPECT_EQ(counts.conflicts[0].here, "0.6666666666666666");
  EXPECT_EQ(counts.conflicts[0].there, "0.3333333333333333");
  EXPECT_TRUE(counts.conflicts[0].kept);
  EXPECT_EQ(here.find("one")->result.accuracy, 2.0 / 3);
  RunFilter filter;
  ASSERT_EQ(here.runs(filter).size(), 2u);
  const RunRecord copy = here.runs(filter)[1];
  EXPECT_EQ(copy.source, "b.bfdb: differs from the run here");
  EXPECT_EQ(copy.result.accuracy, 1.0 / 3);
  EXPECT_EQ(here.points().size(), 2u);  // never one mean of both
  const MergeCounts again = mergeStore(here, there);
  ASSERT_EQ(again.conflicts.size(), 1u);
  EXPECT_FALSE(again.conflicts[0].kept);
  EXPECT_EQ(here.runs(filter).size(), 2u);
}

TEST_F(MergeTest, OtherItemsAreAConflictToo) {
  RunStore here = RunStore::open(folder_ / "a.bfdb"), there = RunStore::open(folder_ / "b.bfdb");
  here.add(measured("one"));
  RunRecord other = measured("one");
  other.result.correct = {0, 1, 1};
  there.add(other);
  const MergeCounts counts = mergeStore(here, there);
  ASSERT_EQ(counts.conflicts.size(), 1u);
  EXPECT_EQ(counts.conflicts[0].field, "outcomes of the items");
}

TEST_F(MergeTest, FinishedRunsReplaceFailedOnes) {
  RunStore here = RunStore::open(folder_ / "a.bfdb"), there = RunStore::open(folder_ / "b.bfdb");
  RunRecord failed = measured("one");
  failed.status = RunStatus::Failed;
  here.add(failed);
  there.add(measured("one"));
  RunRecord failedThere = measured("two");
  failedThere.status = RunStatus::Failed;
  there.add(failedThere);
  here.add(measured("two"));
  const MergeCounts counts = mergeStore(here, there);
  EXPECT_EQ(counts.added, 1);
  EXPECT_EQ(counts.unfinished, 1);
  EXPECT_EQ(here.find("one")->status, RunStatus::Done);
  EXPECT_EQ(here.find("two")->status, RunStatus::Done);
}

}  // namespace
}  // namespace bitfrontier
