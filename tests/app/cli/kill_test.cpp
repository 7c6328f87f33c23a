// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 at 20 random places of a sweep, resumed each time: nothing but the cell in flight is
// lost, and the store ends equal to that of an undisturbed run. A place is a number of finished
// cells, whatever time they take.
#include <gtest/gtest.h>

#include <random>

#include "core/base/error.h"
#include "core/store/run_store.h"
#include "tests/app/cli/process.h"
#include "tests/core/sweep/same_runs.h"
#include "tests/core/sweep/tiny_model.h"

namespace bitfrontier {
namespace {

/// Runs in a store that another process writes; 0 while it is not there yet.
std::size_t finishedCells(const std::filesystem::path& store) {
  try {
    return RunStore::open(store, RunStore::Mode::ReadOnly).runs().size();
  } catch (const Error&) {  // being made
    return 0;
  }
}

TEST(Kill, ResumedStoresEqualAnUndisturbedOne) {
  constexpr int kKills = 20;
  const test::TempDir dir("kill");
  const std::string model = test::writeTinyModel(dir.path() / "tiny-1").string();
  std::string tasks;
  for (const auto& task : test::writeTinyTasks(dir.path() / "tasks", 60)) {
    tasks += (tasks.empty() ? "" : ",") + task.string();
  }
  const auto arguments = [&](const std::string& store) -> std::vector<std::string> {
    return {"sweep",        "--models", model,
            "--tasks",      tasks,      "--bits",
            "3,4,5,6,8,16", "--store",  (dir.path() / store).string(),
            "--device",     "cpu",      "--quiet"};
  };
  test::CliProcess whole(dir.path(), arguments("whole.bfdb"));
  ASSERT_EQ(whole.wait(), 0) << whole.err();
  const RunStore expected = RunStore::open(dir.path() / "whole.bfdb", RunStore::Mode::ReadOnly);
  ASSERT_EQ(expected.runs().size(), 41u * 3);

  std::mt19937 random(20);
  std::uniform_int_distribution<std::size_t> cells(0, 30);  // 0: perhaps before the first one
  int kills = 0;
  int killsAmidst = 0;  // after the first and before the last cell
  for (int round = 0; kills < kKills; ++round) {
    ASSERT_LT(round, 200) << "sweeps end before their cells can be counted";
    const std::string name = "killed" + std::to_string(round) + ".bfdb";
    std::size_t done = 0;
    bool complete = false;
    while (!complete && kills < kKills) {
      test::CliProcess process(dir.path(), arguments(name));
      const std::size_t place = done + cells(random);
      while (process.running() && finishedCells(dir.path() / name) < place) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
      // A sweep that ends just before the signal was not killed.
      if (process.running()) process.signal(SIGKILL);
      const int status = process.wait();
      complete = status != -SIGKILL;
      if (complete) {
        ASSERT_EQ(status, 0) << process.err();
      } else {
        ++kills;
      }
      if (std::filesystem::exists(dir.path() / name) &&
          std::filesystem::file_size(dir.path() / name) > 0) {
        const RunStore store = RunStore::open(dir.path() / name);
        const std::size_t now = store.runs().size();
        EXPECT_GE(now, done) << "a finished cell was lost";
        for (const RunRecord& run : store.runs()) EXPECT_EQ(run.status, RunStatus::Done);
        if (!complete && now > 0 && now < 41u * 3) ++killsAmidst;
        done = now;
      }
    }
    test::CliProcess last(dir.path(), arguments(name));
    ASSERT_EQ(last.wait(), 0) << last.err();
    const RunStore store = RunStore::open(dir.path() / name, RunStore::Mode::ReadOnly);
    test::expectSameRuns(expected, store);
  }
  EXPECT_EQ(kills, kKills);
  EXPECT_GE(killsAmidst, 5) << "most kills missed the work";
}

}  // namespace
}  // namespace bitfrontier
