// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/run_store.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <bit>
#include <fstream>
#include <initializer_list>
#include <optional>
#include <random>
#include <thread>
#include <type_traits>

#include "core/store/export.h"
#include "core/store/points.h"
#include "core/store/run_fields.h"
#include "tests/core/store/store_fixture.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;
using RunStoreTest = StoreTest;

void expectSame(const RunRecord& a, const RunRecord& b) {
  std::vector<std::string> left, right;
  const auto collect = [](std::vector<std::string>& out) {
    return [&out](const char* name, const auto& field) {
      using T = std::decay_t<decltype(field)>;
      std::string text = std::string(name) + "=";
      if constexpr (std::is_same_v<T, std::string>) {
        text += field;
      } else if constexpr (std::is_same_v<T, double>) {
        text += std::to_string(std::bit_cast<std::uint64_t>(field));
      } else {
        text += std::to_string(static_cast<long long>(field));
      }
      out.push_back(text);
    };
  };
  visitRunFields(a, collect(left));
  visitRunFields(b, collect(right));
  EXPECT_EQ(left, right);
  EXPECT_EQ(a.result.correct, b.result.correct);
  ASSERT_EQ(a.result.logLikelihood.size(), b.result.logLikelihood.size());
  for (std::size_t i = 0; i < a.result.logLikelihood.size(); ++i) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(a.result.logLikelihood[i]),
              std::bit_cast<std::uint64_t>(b.result.logLikelihood[i]));
  }
}

TEST_F(RunStoreTest, EveryFieldSurvivesReopening) {
  const RunRecord run = sampleRun();
  std::int64_t id = 0;
  {
    RunStore store = RunStore::open(folder_ / "a.bfdb");
    id = store.add(run);
    EXPECT_TRUE(store.hasDone("cell-1"));
    EXPECT_FALSE(store.hasDone("cell-2"));
  }
  RunStore store = RunStore::open(folder_ / "a.bfdb");
  const auto byKey = store.find("cell-1");
  ASSERT_TRUE(byKey);
  EXPECT_EQ(byKey->id, id);
  expectSame(*byKey, run);
  const auto byId = store.find(id);
  ASSERT_TRUE(byId);
  expectSame(*byId, run);
  EXPECT_FALSE(store.find("other"));
  EXPECT_FALSE(store.find(id + 1));
  ASSERT_EQ(store.runs().size(), 1u);
  EXPECT_TRUE(store.runs()[0].result.correct.empty());
  expectSame(store.runs({}, true)[0], run);
}

TEST_F(RunStoreTest, AbsentNumbersStayAbsent) {
  RunRecord run;
  run.key = "empty";
  RunStore store = RunStore::open(folder_ / "a.bfdb");
  store.add(run);
  const auto back = store.find("empty");
  ASSERT_TRUE(back);
  expectSame(*back, run);
  EXPECT_TRUE(std::isnan(back->result.accuracy));
  EXPECT_FALSE(back->result.isText());
}

TEST_F(RunStoreTest, FinishedRunIsNeverOverwritten) {
  RunStore store = RunStore::open(folder_ / "a.bfdb");
  store.add(sampleRun());
  RunRecord again = sampleRun();
  again.result.accuracy = 0;
  std::string message;
  EXPECT_EQ(errorOf([&] { store.add(again); }, message), ErrorKind::Conflict);
  EXPECT_THAT(message, HasSubstr("a.bfdb already holds the finished run 1 with key cell-1"));
  expectSame(*store.find("cell-1"), sampleRun());
}

TEST_F(RunStoreTest, FailedRunIsReplacedAndItsIdNeverComesBack) {
  RunStore store = RunStore::open(folder_ / "a.bfdb");
  RunRecord failed = sampleRun();
  failed.status = RunStatus::Failed;
  const std::int64_t first = store.add(failed);
  EXPECT_FALSE(store.hasDone("cell-1"));
  failed.status = RunStatus::Cancelled;
  const std::int64_t second = store.add(failed);
  const std::int64_t third = store.add(sampleRun());
  EXPECT_LT(first, second);
  EXPECT_LT(second, third);
  EXPECT_TRUE(store.hasDone("cell-1"));
  EXPECT_EQ(store.runs().size(), 1u);
  EXPECT_FALSE(store.find(first));
}

TEST_F(RunStoreTest, RunWithoutKeyIsRefused) {
  RunStore store = RunStore::open(folder_ / "a.bfdb");
  std::string message;
  EXPECT_EQ(errorOf([&] { store.add(sampleRun("")); }, message), ErrorKind::InvalidArgument);
}

TEST_F(RunStoreTest, AddAllIsAllOrNothing) {
  RunStore store = RunStore::open(folder_ / "a.bfdb");
  store.add(sampleRun("a"));
  std::vector<RunRecord> records{sampleRun("a"), sampleRun("b"), sampleRun("")};
  std::string message;
  errorOf([&] { store.addAll(records); }, message);
  EXPECT_EQ(store.runs().size(), 1u);
  records.pop_back();
  records.push_back(sampleRun("a"));
  records.back().result.accuracy = 0.25;
  const AddCounts counts = store.addAll(records);
  EXPECT_EQ(counts.added, 1);
  EXPECT_EQ(counts.alreadyThere, 1);
  EXPECT_EQ(counts.different, 1);
}

TEST_F(RunStoreTest, FilterSelects) {
  RunStore store = RunStore::open(folder_ / "a.bfdb");
  RunRecord own = sampleRun("own");
  own.source.clear();
  own.bits = 3;
  store.add(own);
  store.add(sampleRun("published"));
  RunFilter filter;
  filter.published = false;
  ASSERT_EQ(store.runs(filter).size(), 1u);
  EXPECT_EQ(store.runs(filter)[0].key, "own");
  filter = {};
  filter.bits = {4, 5};
  ASSERT_EQ(store.runs(filter).size(), 1u);
  EXPECT_EQ(store.runs(filter)[0].key, "published");
  filter.itemLimit = 100;
  EXPECT_TRUE(store.runs(filter).empty());
}

/// One of three values by a digit of `n`, which is used up.
template <typename T>
T pick(unsigned& n, std::initializer_list<T> values) {
  const T value = values.begin()[n % values.size()];
  n /= static_cast<unsigned>(values.size());
  return value;
}

// What SQLite selects is what matches() says, for every list and pairs of them.
TEST_F(RunStoreTest, TheQuerySelectsWhatMatches) {
  RunStore store = RunStore::open(folder_ / "a.bfdb");
  std::vector<RunRecord> all;
  std::mt19937 random(7);
  for (int i = 0; i < 400; ++i) {
    auto n = static_cast<unsigned>(random());
    RunRecord run = sampleRun("cell-" + std::to_string(i));
    run.source = pick(n, {"", "", "a paper"});
    run.family = pick(n, {"a", "b", "it's; \"quoted\""});
    run.model = run.family + pick(n, {"-1", "-2"});
    run.dataType = pick(n, {"int", "float", "Int"});
    run.bits = pick(n, {3, 4, 16});
    run.blockSize = pick(n, {std::int64_t{0}, std::int64_t{-1}, std::int64_t{64}});
    run.result.task = pick(n, {"arc", "piqa", "caf\u00e9"});
    run.result.bosProfile = pick(n, {"", "harness", "addbos"});
    run.result.itemLimit = pick(n, {std::int64_t{0}, std::int64_t{200}});
    run.status = pick(n, {RunStatus::Done, RunStatus::Done, RunStatus::Failed});
    all.push_back(run);
  }
  store.addAll(all);
  all = store.runs();
  ASSERT_EQ(all.size(), 400u);
  std::size_t selected = 0;
  for (int i = 0; i < 300; ++i) {
    auto n = static_cast<unsigned>(random());
    RunFilter filter;
    filter.measured = n % 5 != 0;
    filter.published = n % 7 != 0;
    n /= 35;
    using Strings = std::vector<std::string>;
    filter.families = pick<Strings>(n, {{}, {}, {"a"}, {"a", "it's; \"quoted\""}, {"A"}, {"none"}});
    filter.models = pick<Strings>(n, {{}, {}, {"a-1", "b-2"}});
    filter.dataTypes = pick<Strings>(n, {{}, {}, {"int"}, {"float", "Int"}});
    filter.bits = pick<std::vector<int>>(n, {{}, {}, {3}, {4, 16}});
    filter.blockSizes = pick<std::vector<std::int64_t>>(n, {{}, {}, {-1}, {0, 64}});
    filter.tasks = pick<Strings>(n, {{}, {}, {"caf\u00e9"}, {"arc", "piqa"}});
    filter.bosProfiles = pick<Strings>(n, {{}, {}, {"harness"}, {"addbos", ""}});
    if (n % 3 == 0) filter.itemLimit = 200;
    std::vector<std::int64_t> expected, found;
    for (const RunRecord& run : all) {
      if (matches(run, filter)) expected.push_back(run.id);
    }
    for (const RunRecord& run : store.runs(filter)) found.push_back(run.id);
    EXPECT_EQ(found, expected) << i;
    selected += found.size();
    // Points need fewer columns, and are the same.
    RunFilter peers;
    peers.tasks = filter.tasks;
    const std::vector<LawPoint> points = store.points(filter);
    const std::vector<LawPoint> whole = aggregatePoints(store.runs(peers), filter);
    EXPECT_EQ(pointsToCsv(points), pointsToCsv(whole));
    ASSERT_EQ(points.size(), whole.size());
    for (std::size_t p = 0; p < points.size(); ++p) {
      EXPECT_EQ(points[p].runIds, whole[p].runIds);
      EXPECT_EQ(points[p].evaluator, whole[p].evaluator);
      EXPECT_EQ(points[p].tasks + points[p].textTasks, whole[p].tasks + whole[p].textTasks);
      EXPECT_EQ(points[p].taskTexts + points[p].textTaskTexts,
                whole[p].taskTexts + whole[p].textTaskTexts);
    }
  }
  EXPECT_GT(selected, 1000u);
}

TEST_F(RunStoreTest, ReadOnlyReadsAndNeverWrites) {
  const auto file = folder_ / "a b?#%.bfdb";  // characters that mean something in a URI
  std::string message;
  EXPECT_EQ(errorOf([&] { RunStore::open(file, RunStore::Mode::ReadOnly); }, message),
            ErrorKind::NotFound);
  EXPECT_FALSE(std::filesystem::exists(file));
  RunStore::open(file).add(sampleRun());
  RunStore reader = RunStore::open(file, RunStore::Mode::ReadOnly);
  EXPECT_TRUE(reader.hasDone("cell-1"));
  EXPECT_EQ(errorOf([&] { reader.add(sampleRun("x")); }, message), ErrorKind::InvalidArgument);
  EXPECT_THAT(message, HasSubstr("reading only"));
  // It sees what a writer adds meanwhile.
  RunStore writer = RunStore::open(file);
  const std::int64_t before = reader.revision();
  writer.add(sampleRun("x"));
  EXPECT_TRUE(reader.hasDone("x"));
  EXPECT_GT(reader.revision(), before);
}

TEST_F(RunStoreTest, ReadOnlyWorksWhereNoSharedMemoryFileCanBeMade) {
  const auto file = folder_ / "a b?#%.bfdb";
  RunStore::open(file).add(sampleRun());
  std::filesystem::create_directory(file.string() + "-shm");  // as in a folder without write rights
  const RunStore reader = RunStore::open(file, RunStore::Mode::ReadOnly);
  EXPECT_TRUE(reader.hasDone("cell-1"));
}

TEST_F(RunStoreTest, RevisionGrowsWithOwnAndOthersWrites) {
  RunStore a = RunStore::open(folder_ / "a.bfdb");
  RunStore b = RunStore::open(folder_ / "a.bfdb");
  const std::int64_t start = a.revision();
  EXPECT_EQ(a.revision(), start);
  a.add(sampleRun("1"));
  const std::int64_t own = a.revision();
  EXPECT_GT(own, start);
  b.add(sampleRun("2"));
  EXPECT_GT(a.revision(), own);
}

TEST_F(RunStoreTest, PlaceThatCannotHoldAStore) {
  std::string message;
  EXPECT_EQ(errorOf([&] { RunStore::open(folder_); }, message), ErrorKind::Format);
  EXPECT_THAT(message, HasSubstr(folder_.string()));
  EXPECT_EQ(errorOf([&] { RunStore::open(folder_ / "no" / "a.bfdb"); }, message),
            ErrorKind::NotFound);
}

TEST_F(RunStoreTest, ThreadsWriteAtOnce) {
  const auto file = folder_ / "a.bfdb";
  constexpr int kThreads = 4, kRuns = 15;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        RunStore store = RunStore::open(file);  // four at once create it
        for (int i = 0; i < kRuns; ++i) {
          store.add(sampleRun(std::to_string(t) + "/" + std::to_string(i)));
        }
      });
    }
  }
  EXPECT_EQ(RunStore::open(file).runs().size(), std::size_t{kThreads * kRuns});
}

TEST_F(RunStoreTest, KilledWriterLosesNothingThatAddReturned) {
  const auto file = folder_ / "a.bfdb";
  int pipe[2];
  ASSERT_EQ(::pipe(pipe), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    RunStore store = RunStore::open(file);
    for (int i = 0;; ++i) {
      store.add(sampleRun(std::to_string(i)));
      if (::write(pipe[1], &i, sizeof i) != sizeof i) ::_exit(1);
    }
  }
  ::close(pipe[1]);
  int last = -1;
  while (last < 20 && ::read(pipe[0], &last, sizeof last) == sizeof last) {
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  for (int i = 0; ::read(pipe[0], &i, sizeof i) == sizeof i;) last = i;
  ::close(pipe[0]);
  ASSERT_GE(last, 20);
  const RunStore store = RunStore::open(file);
  for (int i = 0; i <= last; ++i) EXPECT_TRUE(store.hasDone(std::to_string(i))) << i;
  EXPECT_LE(store.runs().size(), static_cast<std::size_t>(last) + 2);
}

}  // namespace
}  // namespace bitfrontier
