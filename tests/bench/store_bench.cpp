// SPDX-License-Identifier: GPL-3.0-or-later
// Reading a store of 36,000 runs: all of them, one family, and the points, against reading every
// column of every run through SQLiteCpp's columns and filtering in memory, as it was done before.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <unistd.h>

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "core/store/points.h"
#include "core/store/run_fields.h"
#include "core/store/run_store.h"
#include "tests/bench/measure.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

constexpr int kFamilies = 12, kModels = 10, kConfigs = 60, kTasks = 5;

/// A store of made-up runs with keys and paths as long as real ones; goes with the process.
class LargeStore {
 public:
  LargeStore() {
    fs::remove(file_);
    RunStore store = RunStore::open(file_);
    std::vector<RunRecord> runs;
    for (int f = 0; f < kFamilies; ++f) {
      for (int m = 0; m < kModels; ++m) {
        for (int c = 0; c < kConfigs; ++c) {
          for (int t = 0; t < kTasks; ++t) runs.push_back(run(f, m, c, t));
        }
      }
    }
    store.addAll(runs);
  }
  ~LargeStore() { fs::remove(file_); }
  const fs::path& file() const { return file_; }

 private:
  static RunRecord run(int f, int m, int c, int t) {
    RunRecord run;
    run.family = fmt::format("family-{}", f);
    run.model = fmt::format("{}-{}", run.family, m);
    run.modelHash = fmt::format("{:064x}", 1000 * f + m);
    run.modelPath = fmt::format("/home/somebody/.cache/huggingface/hub/models--{}", run.model);
    run.parameters = run.linearParameters = 1e6 * (1 << m);
    run.bits = 3 + c % 6;
    run.blockSize = 64;
    run.dataType = "int";
    run.config = fmt::format("int{}-b{}", run.bits, 16 * (c + 1));
    run.modelBits = {run.parameters * run.bits, run.parameters * run.bits,
                     run.parameters * run.bits};
    run.result.task = fmt::format("task_{}", t);
    run.result.taskHash = fmt::format("{:064x}", t);
    run.result.items = run.result.itemLimit = 200;
    run.result.accuracy = 0.5 + 0.001 * c;
    run.result.accuracySe = 0.03;
    run.result.bosProfile = "harness";
    run.evaluatorVersion = "1";
    run.createdAt = "2026-01-01T00:00:00Z";
    run.seconds = 1;
    run.key = fmt::format("model={} config={} task={} evaluator=1 bos=harness max_length=0",
                          run.modelHash, run.config, run.result.taskHash);
    return run;
  }

  fs::path file_ = fs::temp_directory_path() / fmt::format("bench_store_{}.bfdb", ::getpid());
};

std::vector<RunRecord> readAsBefore(const fs::path& file, const RunFilter& filter) {
  SQLite::Database database(file.string(), SQLite::OPEN_READONLY);
  std::string names = "id";
  RunRecord any;
  visitRunFields(any, [&](const char* name, auto&) { names += std::string(", ") + name; });
  SQLite::Statement select(database, "SELECT " + names + " FROM runs ORDER BY id");
  std::vector<RunRecord> found;
  while (select.executeStep()) {
    RunRecord record;
    record.id = select.getColumn(0).getInt64();
    int at = 0;
    visitRunFields(record, [&](const char*, auto& field) {
      using T = std::decay_t<decltype(field)>;
      const SQLite::Column column = select.getColumn(++at);
      if constexpr (std::is_same_v<T, RunStatus>) {
        field = parseRunStatus(column.getString()).value();
      } else if constexpr (std::is_same_v<T, double>) {
        field = column.isNull() ? std::numeric_limits<double>::quiet_NaN() : column.getDouble();
      } else if constexpr (std::is_same_v<T, std::string>) {
        field = column.getString();
      } else {
        field = static_cast<T>(column.getInt64());
      }
    });
    if (matches(record, filter)) found.push_back(std::move(record));
  }
  return found;
}

void BM_Read(benchmark::State& state, const char* what) {
  const LargeStore large;
  const RunStore store = RunStore::open(large.file(), RunStore::Mode::ReadOnly);
  RunFilter filter;
  const bool points = std::string(what) == "points";
  if (std::string(what) == "family") filter.families = {"family-3"};
  std::size_t ours = 0, before = 0;
  bench::compare(state, kFamilies * kModels * kConfigs * kTasks, bench::Clock::Thread,
                 [&] { ours = points ? store.points(filter).size() : store.runs(filter).size(); },
                 {{"as_before", [&] {
                     const std::vector<RunRecord> runs = readAsBefore(large.file(), filter);
                     before = points ? aggregatePoints(runs, filter).size() : runs.size();
                   }}});
  if (ours != before) state.SkipWithError("not the same was read");
  state.counters["read"] = static_cast<double>(ours);
}
BENCHMARK_CAPTURE(BM_Read, all, "all")
    ->UseManualTime()
    ->Iterations(11)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Read, family, "family")
    ->UseManualTime()
    ->Iterations(11)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(BM_Read, points, "points")
    ->UseManualTime()
    ->Iterations(11)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bitfrontier

BENCHMARK_MAIN();
