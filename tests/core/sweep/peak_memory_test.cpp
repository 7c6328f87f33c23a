// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/peak_memory.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/store/run_store.h"
#include "core/sweep/sweep.h"
#include "tests/core/sweep/tiny_model.h"

namespace bitfrontier {
namespace {

TEST(PeakMemory, SeesWhatWasTakenAndForgetsIt) {
  PeakMemory peak{DeviceId()};
  if (residentBytes() == 0) GTEST_SKIP() << "the system does not tell resident memory";
  constexpr std::size_t kBytes = 200 << 20;
  {
    const std::vector<char> taken(kBytes, 1);
    EXPECT_GE(peak.bytes(), static_cast<std::int64_t>(0.9 * kBytes)) << static_cast<int>(taken[kBytes / 2]);
  }
  EXPECT_GE(peak.bytes(), static_cast<std::int64_t>(0.9 * kBytes)) << "it was a peak";
  peak.reset();
  EXPECT_LT(peak.bytes(), static_cast<std::int64_t>(0.5 * kBytes));
}

TEST(PeakMemory, RunsStoreTheirs) {
  const test::TempDir dir("peak");
  SweepSpec spec;
  spec.models = {test::writeTinyModel(dir.path() / "tiny-1", 16, 1)};
  spec.configs = makeGrid({{4, 16}, {DataType::Int}, {64}});
  spec.tasks = {test::writeTinyTasks(dir.path() / "tasks").front()};
  RunStore store = RunStore::open(dir.path() / "runs.bfdb");
  runSweep(spec, store, DeviceId(), {});
  ASSERT_EQ(store.runsWithPeaks().size(), 2u);
  for (const RunRecord& run : store.runs()) {
    EXPECT_GT(run.peakMemory, 0) << run.config;
    EXPECT_GT(run.predictedMemory, 0) << run.config;
  }
}

}  // namespace
}  // namespace bitfrontier
