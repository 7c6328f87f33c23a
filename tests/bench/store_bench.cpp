// SPDX-License-Identifier: GPL-3.0-or-later
// Reading a store of 36,000 runs: all of them, one family, and the points, against reading every
// column of every run through SQLiteCpp's columns and filtering in memory, as it was done before.
#include <benchmark/benchmark.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include "core/store/points.h"
#include "core/store/run_fields.h"
#include "core/store/run_store.h"
#include "tests/bench/large_store.h"
#include "tests/bench/measure.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

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
  const bench::LargeStore large;
  const RunStore store = RunStore::open(large.file(), RunStore::Mode::ReadOnly);
  RunFilter filter;
  const bool points = std::string(what) == "points";
  if (std::string(what) == "family") filter.families = {"family-3"};
  std::size_t ours = 0, before = 0;
  bench::compare(state, large.shape().runs(), bench::Clock::Thread,
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
