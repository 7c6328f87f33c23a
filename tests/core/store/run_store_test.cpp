// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/run_store.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <bit>
#include <fstream>
#include <optional>
#include <thread>
#include <type_traits>

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
