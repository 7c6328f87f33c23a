// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/dominance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "core/base/error.h"
#include "core/eval/evaluate.h"
#include "core/store/points.h"
#include "core/sweep/preview.h"
#include "core/sweep/sweep.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/core/sweep/same_runs.h"
#include "tests/core/sweep/tiny_model.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;

constexpr int kItems = 300;

class DominanceTest : public testing::Test {
 protected:
  DominanceTest() : dir_("dominance") {
    spec_.models = {test::writeTinyModel(dir_.path() / "tiny-1", 16, 1)};
    spec_.configs = makeGrid({{3, 4, 16}, {DataType::Int}, {64}});
    spec_.tasks = test::writeTinyTasks(dir_.path() / "tasks", kItems);
  }
  RunStore store(const std::string& name) { return RunStore::open(dir_.path() / (name + ".bfdb")); }
  SweepSummary run(RunStore& store) { return runSweep(spec_, store, DeviceId(), {}); }

  /// A whole run of another model that needs almost nothing and has the accuracy given.
  void plantRival(RunStore& store, double accuracy) {
    for (const auto& path : spec_.tasks) {
      const Task task = loadTask(path, spec_.itemLimit);
      if (task.scoring == Scoring::Rolling) continue;
      RunRecord rival;
      rival.key = "rival " + task.name;
      rival.model = rival.family = rival.modelHash = "rival";
      rival.config = "int4-b64";
      rival.evaluatorVersion = kEvaluatorVersion;
      rival.modelBits = {8, 8, 8};
      rival.result.task = task.name;
      rival.result.taskHash = task.hash;
      rival.result.items = kItems;
      rival.result.accuracy = accuracy;
      rival.result.bosProfile = bosProfileName(spec_.settings.bos);
      store.add(rival);
    }
  }
  std::vector<RunRecord> stopped(const RunStore& store) {
    std::vector<RunRecord> runs = store.runs({}, true);
    std::erase_if(runs, [](const RunRecord& run) { return run.status != RunStatus::Stopped; });
    return runs;
  }

  test::TempDir dir_;
  SweepSpec spec_;
};

TEST_F(DominanceTest, WhatIsNotStoppedIsTheSameToTheLastBit) {
  RunStore without = store("without"), with = store("with");
  for (RunStore* one : {&without, &with}) plantRival(*one, 0);  // everything is better than that
  run(without);
  spec_.stopDominated = 0.05;
  const SweepSummary summary = run(with);
  EXPECT_EQ(summary.ran, 9u);
  EXPECT_EQ(summary.stopped, 0u);
  test::expectSameRuns(without, with);
}

TEST_F(DominanceTest, DominatedCellsAreStoppedAndStoredAsSuch) {
  RunStore runs = store("runs");
  plantRival(runs, 1);
  spec_.stopDominated = 0.01;
  SweepProgress last;
  SweepEvents events;
  events.progress = [&](const SweepProgress& progress) { last = progress; };
  const SweepSummary summary = runSweep(spec_, runs, DeviceId(), events);
  // The text task is no accuracy, the baseline the control: of two configurations two tasks each.
  EXPECT_EQ(summary.stopped, 4u);
  EXPECT_EQ(summary.ran, 5u);
  EXPECT_GT(summary.savedSeconds, 0);
  EXPECT_EQ(last.cellsStopped, 4u);
  EXPECT_EQ(last.savedSeconds, summary.savedSeconds);
  EXPECT_EQ(last.cellsDone, last.cellsTotal);
  const auto records = stopped(runs);
  ASSERT_EQ(records.size(), 4u);
  double saved = 0;
  for (const RunRecord& record : records) {
    EXPECT_NE(record.config, "fp16");
    EXPECT_EQ(record.itemsPlanned, kItems);
    EXPECT_LT(record.result.items, kItems / 2);
    EXPECT_EQ(record.result.correct.size(), static_cast<std::size_t>(record.result.items));
    EXPECT_THAT(record.error, HasSubstr("dominated after " + std::to_string(record.result.items) +
                                        " of 300 items"));
    EXPECT_THAT(record.error, HasSubstr("rival int4-b64 has 1.000"));
    saved += record.savedSeconds();
  }
  EXPECT_DOUBLE_EQ(saved, summary.savedSeconds);
  // No point is made of them, whatever is asked for.
  RunFilter all;
  all.includePartial = true;
  for (const LawPoint& point : runs.points(all)) {
    if (point.model == "rival" || point.config == "fp16") continue;
    EXPECT_EQ(point.accuracyTasks, 0) << point.config;
  }
}

TEST_F(DominanceTest, StoppedCellsStayAndCanBeRunToTheirEnds) {
  RunStore runs = store("runs"), whole = store("whole");
  for (RunStore* one : {&runs, &whole}) plantRival(*one, 1);
  run(whole);
  spec_.stopDominated = 0.01;
  run(runs);
  const auto before = test::runsByKey(runs);
  const SweepSummary again = run(runs);
  EXPECT_EQ(again.ran + again.stopped, 0u);
  EXPECT_EQ(again.reused, 9u);
  EXPECT_EQ(planSweep(spec_, runs).stopped, 4u);
  const auto after = test::runsByKey(runs);
  ASSERT_EQ(after.size(), before.size());
  for (const auto& [key, record] : before) EXPECT_EQ(after.at(key).id, record.id);

  spec_.stopDominated = 0;
  EXPECT_EQ(planSweep(spec_, runs).done, 5u);
  const SweepSummary rest = run(runs);
  EXPECT_EQ(rest.ran, 4u);
  EXPECT_EQ(rest.reused, 5u);
  test::expectSameRuns(whole, runs);
}

TEST_F(DominanceTest, OnlyWholeRunsOfTheSameItemsAndNoMoreBitsAreRivals) {
  RunStore runs = store("runs");
  run(runs);
  const SweepInputs inputs = openSweepInputs(spec_, {});
  spec_.stopDominated = 0.01;
  const Dominance known(spec_, inputs, runs);
  const QuantConfig int4 = QuantConfig::parse("int4-b64");
  const auto byConfig = [&](const std::string& config) {
    double sum = 0, bits = 0;
    for (const RunRecord& run : runs.runs({})) {
      if (run.config != config || run.result.isText()) continue;
      sum += run.result.accuracy;
      bits = run.modelBits.checkpointBytes;
    }
    return std::pair(sum / 2, bits);
  };
  const auto [accuracy3, bits3] = byConfig("int3-b64");
  const auto [accuracy4, bits4] = byConfig("int4-b64");
  EXPECT_FALSE(known.rivalOf(0, QuantConfig::parse("fp16"), 1e12));
  EXPECT_FALSE(known.rivalOf(0, int4, bits3 - 1)) << "nothing is as small";
  const auto rival = known.rivalOf(0, int4, bits4);
  ASSERT_TRUE(rival);
  EXPECT_EQ(rival->config, "int3-b64") << "not itself";
  EXPECT_DOUBLE_EQ(rival->accuracy, accuracy3);

  SweepSpec other = spec_;
  other.settings.maxLength = 32;
  EXPECT_FALSE(Dominance(other, inputs, runs).rivalOf(0, int4, bits4));
  other = spec_;
  other.itemLimit = 100;
  const SweepInputs fewer = openSweepInputs(other, {});
  EXPECT_FALSE(Dominance(other, fewer, runs).rivalOf(0, int4, bits4));
}

TEST_F(DominanceTest, ARateThatIsNoneIsRefused) {
  RunStore runs = store("runs");
  for (const double rate : {-0.01, 0.5, 2.0}) {
    spec_.stopDominated = rate;
    EXPECT_THROW(run(runs), Error) << rate;
  }
}

class Blocks : public DominanceTest {
 protected:
  Blocks()
      : tokenizer_(Tokenizer::load(spec_.models[0])),
        model_(CausalLm::load(Checkpoint::open(spec_.models[0]), DeviceId())) {}
  PreparedTask prepared(std::size_t task, const std::string& hash = {}) {
    Task loaded = loadTask(spec_.tasks[task]);
    if (!hash.empty()) loaded.hash = hash;
    return prepare(loaded, tokenizer_, 64);
  }
  Tokenizer tokenizer_;
  CausalLm model_;
};

TEST_F(Blocks, OneByOneGiveTheScoresOfTheWhole) {
  for (std::size_t t = 0; t < spec_.tasks.size(); ++t) {
    const PreparedTask task = prepared(t);
    const TaskResult whole = evaluate(model_, task);
    TaskScoring scoring(task);
    std::size_t blocks = 0;
    while (!scoring.done()) {
      const std::size_t next = scoring.nextItems();
      scoring.advance(model_, {}, {});
      EXPECT_EQ(scoring.items(), next);
      ++blocks;
      if (task.scoring == Scoring::Rolling || scoring.done()) continue;
      const TaskResult part = scoring.result();
      ASSERT_EQ(part.correct.size(), next);
      for (std::size_t i = 0; i < next; ++i) {
        ASSERT_EQ(part.correct[i], whole.correct[task.order[i]]) << "item " << i;
        ASSERT_EQ(part.logLikelihood[i], whole.logLikelihood[task.order[i]]) << "item " << i;
      }
    }
    EXPECT_EQ(blocks, task.scoring == Scoring::Rolling ? 1u : blockEnds(kItems).size());
    EXPECT_EQ(scoring.result().correct, whole.correct);
    EXPECT_EQ(scoring.result().logLikelihood, whole.logLikelihood);
    EXPECT_TRUE(test::same(scoring.result().accuracy, whole.accuracy));
  }
}

TEST_F(Blocks, TheOrderChangesNoOutcome) {
  for (const std::size_t t : {std::size_t{0}, std::size_t{1}}) {
    const PreparedTask one = prepared(t), other = prepared(t, "another");
    EXPECT_NE(one.order, other.order);
    EXPECT_EQ(one.order, prepared(t).order);
    std::vector<std::size_t> sorted = one.order, all(kItems);
    std::ranges::sort(sorted);
    std::iota(all.begin(), all.end(), std::size_t{0});
    EXPECT_EQ(sorted, all);
    const TaskResult a = evaluate(model_, one), b = evaluate(model_, other);
    EXPECT_EQ(a.correct, b.correct);
    for (std::size_t i = 0; i < a.logLikelihood.size(); ++i) {
      EXPECT_NEAR(a.logLikelihood[i], b.logLikelihood[i],
                  1e-5 * std::max(1.0, std::abs(a.logLikelihood[i])));
    }
  }
}

TEST(BlockEnds, AreNeverSmallAndEndWithTheWhole) {
  for (std::size_t items = 1; items < 3000; ++items) {
    const auto ends = blockEnds(items);
    ASSERT_FALSE(ends.empty());
    EXPECT_EQ(ends.back(), items);
    std::size_t before = 0;
    for (const std::size_t end : ends) {
      if (ends.size() > 1) {
        EXPECT_GE(end - before, 32u) << items;
      }
      before = end;
    }
  }
  EXPECT_EQ(blockEnds(2000).size(), blockShares().size());
}

}  // namespace
}  // namespace bitfrontier
