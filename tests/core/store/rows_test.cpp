// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/run_row.h"

#include <gtest/gtest.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <tuple>
#include <vector>

#include "core/store/joined_rows.h"
#include "core/store/points.h"
#include "core/store/run_store.h"
#include "tests/core/store/store_fixture.h"

namespace bitfrontier {
namespace {

/// Runs of a few models, configurations and tasks, with some failed, repeated and left out.
std::vector<RunRecord> randomRuns(unsigned seed, int count) {
  std::mt19937 random(seed);
  const auto one = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::vector<RunRecord> runs;
  for (int i = 0; i < count; ++i) {
    RunRecord run;
    run.id = i + 1;
    run.key = "key " + std::to_string(i);
    const int model = one(4);
    run.family = model < 2 ? "first" : "second";
    run.model = "model-" + std::to_string(model);
    if (model != 3) run.modelHash = "hash of a model, longer than a short string " + run.model;
    run.bits = 3 + one(3);
    run.config = "int" + std::to_string(run.bits) + "-b64";
    run.dataType = "int";
    run.blockSize = 64;
    run.method = one(3) == 0 ? "gptq" : "rtn";
    run.calibration = run.method == "gptq" ? "text" : "";
    run.parameters = 1e6 * (model + 1);
    // Equal totals of different points.
    run.modelBits = {1e6 * run.bits, 2e6, run.bits == 3 ? LawPoint::kAbsent : 3e6};
    const int task = one(4);
    run.result.task = "task" + std::to_string(task);
    run.result.taskHash = run.result.task + (one(5) == 0 ? " other" : "");
    run.result.items = 100;
    run.result.itemLimit = one(6) == 0 ? 100 : 0;
    run.result.bosProfile = one(7) == 0 ? "addbos" : "harness";
    run.result.maxLength = one(9) == 0 ? 512 : 0;
    if (task == 3) {
      run.result.crossEntropy = 2 + 0.1 * one(10);
      run.result.bitsPerByte = 1;
    } else if (one(8) != 0) {
      run.result.accuracy = 0.01 * one(101);
      run.result.accuracySe = one(3) == 0 ? LawPoint::kAbsent : 0.02;
      run.result.chance = 0.25;
    }
    run.evaluatorVersion = one(4) == 0 ? "2" : "1";
    run.device = "cpu";
    run.createdAt = "2026-01-01T00:00:0" + std::to_string(i % 10) + "Z";
    run.seconds = i;
    run.source = one(5) == 0 ? "Doe 2023" : "";
    run.status = one(6) == 0 ? RunStatus::Failed : RunStatus::Done;
    run.error = run.status == RunStatus::Failed ? "out of memory" : "";
    runs.push_back(run);
  }
  return runs;
}

std::string describe(const LawPoint& p) {
  std::string text = p.source + "|" + p.model + "|" + p.family + "|" + p.config + "|" + p.method +
                     "|" + p.tasks + "|" + p.textTasks + "|" + p.taskTexts + "|" + p.textTaskTexts +
                     "|" + p.evaluator + "|" + p.bosProfile + "|" + p.calibration;
  for (const double value : {p.totalBits, p.accuracy, p.accuracySe, p.chance, p.crossEntropy,
                             p.crossEntropySe, p.bitsPerByte, p.parameters}) {
    text += "|" + (std::isnan(value) ? "-" : std::to_string(value));
  }
  for (const std::int64_t run : p.runIds) text += "," + std::to_string(run);
  return text + "|" + std::to_string(p.itemLimit) + "|" + std::to_string(p.maxLength);
}

std::vector<std::string> describe(const std::vector<LawPoint>& points) {
  std::vector<std::string> all;
  for (const LawPoint& point : points) all.push_back(describe(point));
  return all;
}

/// Points as their definition says it, run by run: an independent way to the same.
std::map<std::tuple<std::string, std::string, std::string, std::string, std::string, std::int64_t,
                    std::string, std::int64_t>,
         std::map<std::string, std::int64_t>>
newestRuns(const std::vector<RunRecord>& runs) {
  decltype(newestRuns(runs)) points;
  for (const RunRecord& run : runs) {
    const TaskResult& r = run.result;
    if (run.status != RunStatus::Done || (!r.isText() && std::isnan(r.accuracy))) continue;
    points[{run.source, run.modelHash.empty() ? run.model : run.modelHash, run.config, run.method,
            run.calibration, r.itemLimit, r.bosProfile, r.maxLength}][r.task] = run.id;
  }
  return points;
}

TEST(Rows, PointsOfRowsAreThoseOfRecords) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    const std::vector<RunRecord> runs = randomRuns(seed, 20 + static_cast<int>(seed) * 10);
    const RunRowsPtr rows = rowsOf(runs);
    for (const CountingRule rule :
         {CountingRule::CheckpointBytes, CountingRule::LinearOnly, CountingRule::AllParameters}) {
      RunFilter filter;
      filter.rule = rule;
      const PointSets sets = joinRows(*rows, rule);
      EXPECT_EQ(describe(sets.complete), describe(aggregatePoints(runs, filter)));
      EXPECT_EQ(describe(sets.incomplete), describe(incompletePoints(runs, filter)));
      filter.includePartial = true;
      EXPECT_EQ(aggregatePoints(runs, filter).size(),
                sets.complete.size() + sets.incomplete.size());
    }
    const PointSets sets = joinRows(*rows, CountingRule::CheckpointBytes);
    const auto expected = newestRuns(runs);
    EXPECT_EQ(sets.complete.size() + sets.incomplete.size(), expected.size());
    std::map<std::vector<std::int64_t>, int> ids;
    for (const auto& [key, byTask] : expected) {
      std::vector<std::int64_t> list;
      for (const auto& [task, id] : byTask) list.push_back(id);
      std::sort(list.begin(), list.end());
      ++ids[list];
    }
    for (const auto* list : {&sets.complete, &sets.incomplete}) {
      for (const LawPoint& point : *list) EXPECT_EQ(ids[point.runIds], 1);
    }
  }
}

TEST(Rows, RowsOfSeveralListsKeepTheirTexts) {
  RunRowsPtr first = rowsOf(randomRuns(1, 20)), second = rowsOf(randomRuns(2, 20));
  std::vector<RunRow> both = *first;
  both.insert(both.end(), second->begin(), second->end());
  const RunRowsPtr joined = joinedRows(both, {first, second});
  const std::weak_ptr<const std::vector<RunRow>> kept = first;
  first.reset();
  second.reset();
  EXPECT_FALSE(kept.expired());
  ASSERT_EQ(joined->size(), 40u);
  for (const RunRow& row : *joined) EXPECT_EQ(row.model.text().substr(0, 6), "model-");
}

TEST(Rows, ChosenRowsAreJoinedAlone) {
  const std::vector<RunRecord> runs = randomRuns(7, 300);
  std::vector<std::uint32_t> places;
  std::vector<RunRecord> some;
  for (std::uint32_t i = 0; i < runs.size(); ++i) {
    if (runs[i].result.task == "task1") continue;
    places.push_back(i);
    some.push_back(runs[i]);
  }
  const PointSets sets = joinRows(*rowsOf(runs), places, CountingRule::LinearOnly);
  RunFilter filter;
  filter.rule = CountingRule::LinearOnly;
  EXPECT_EQ(describe(sets.complete), describe(aggregatePoints(some, filter)));
}

class StoredRows : public StoreTest {
 protected:
  /// By another program, past all that RunStore watches over.
  void execute(const std::filesystem::path& file, const std::string& sql) {
    SQLite::Database(file.string(), SQLite::OPEN_READWRITE).exec(sql);
  }
};

TEST_F(StoredRows, AreReadAsTheyWereStored) {
  const std::filesystem::path file = folder_ / "runs.bfdb";
  const std::vector<RunRecord> runs = randomRuns(3, 200);
  RunStore store = RunStore::open(file);
  store.addAll(runs);
  NamePool names;
  const RowsRead read = store.rowsAfter(0, names);
  ASSERT_EQ(read.rows.size(), runs.size());
  EXPECT_EQ(read.before, RunsDigest());
  EXPECT_EQ(read.added.runs, 200);
  const RunRowsPtr expected = rowsOf(store.runs());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const RunRow &a = read.rows[i], &b = (*expected)[i];
    EXPECT_EQ(a.id, b.id);
    std::vector<std::string> left, right;
    const auto collect = [](std::vector<std::string>& into) {
      return [&into](const char*, const auto& field) {
        using T = std::decay_t<decltype(field)>;
        if constexpr (std::is_same_v<T, Name>) {
          into.push_back(field.text());
        } else if constexpr (std::is_same_v<T, RunStatus>) {
          into.push_back(std::to_string(int(field)));
        } else if constexpr (std::is_same_v<T, KeyHash>) {
          into.push_back(std::to_string(field.value));
        } else {
          into.push_back(std::to_string(field));
        }
      };
    };
    visitRowFields(a, collect(left));
    visitRowFields(b, collect(right));
    EXPECT_EQ(left, right);
  }
  // Texts are kept once: two runs of a model have the very same one.
  EXPECT_LT(names.size(), 60u);
  EXPECT_EQ(joinRows(read.rows, CountingRule::LinearOnly).complete.size(), store.points().size());
}

TEST_F(StoredRows, OnlyNewOnesAreReadWhileNothingElseChanges) {
  const std::filesystem::path file = folder_ / "runs.bfdb";
  std::vector<RunRecord> runs = randomRuns(5, 50);
  runs[10].status = RunStatus::Failed;
  RunStore store = RunStore::open(file);
  store.addAll(runs);
  NamePool names;
  const RowsRead first = store.rowsAfter(0, names);
  RunRecord more = runs.front();
  more.key = "one more";
  const std::int64_t id = store.add(more);
  const RowsRead second = store.rowsAfter(first.rows.back().id, names);
  EXPECT_EQ(second.before, first.added);
  ASSERT_EQ(second.rows.size(), 1u);
  EXPECT_EQ(second.rows.front().id, id);
  // Parts add up to the whole.
  EXPECT_EQ(first.added + second.added, store.rowsAfter(0, names).added);

  // A failed run that was repeated is not there any more.
  RunRecord again = runs[10];
  again.status = RunStatus::Done;
  store.add(again);
  const RowsRead third = store.rowsAfter(id, names);
  EXPECT_NE(third.before, first.added + second.added);
  EXPECT_EQ(third.rows.size(), 1u);
}

TEST_F(StoredRows, ADigestTellsOfEveryChange) {
  const std::filesystem::path file = folder_ / "runs.bfdb";
  RunStore::open(file).addAll(randomRuns(6, 30));
  NamePool names;
  const auto digest = [&] {
    return RunStore::open(file, RunStore::Mode::ReadOnly).rowsAfter(30, names).before;
  };
  RunsDigest last = digest();
  for (const char* change :
       {"accuracy = ifnull(accuracy, 0) + 0.01", "cross_entropy = 1e300", "model = 'another'",
        "config = 'nf4'", "items = items + 1", "source = 'Roe 2024'", "bits = bits + 1",
        "task = 'task9'", "device = 'gpu'", "status = 'cancelled'"}) {
    execute(file, std::string("UPDATE runs SET ") + change + " WHERE id = 4");
    EXPECT_NE(digest(), last) << change;
    last = digest();
  }
  execute(file, "DELETE FROM runs WHERE id = 9");
  EXPECT_NE(digest(), last);
}

TEST_F(StoredRows, ADamagedStatusIsNamed) {
  const std::filesystem::path file = folder_ / "runs.bfdb";
  RunStore::open(file).addAll(randomRuns(8, 5));
  execute(file,
          "PRAGMA ignore_check_constraints = ON; UPDATE runs SET status = 'lost' WHERE id = 3");
  NamePool names;
  try {
    RunStore::open(file, RunStore::Mode::ReadOnly).rowsAfter(0, names);
    FAIL() << "nothing was thrown";
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("run 3 has the status 'lost'"), std::string::npos)
        << e.what();
  }
}

}  // namespace
}  // namespace bitfrontier
