// SPDX-License-Identifier: GPL-3.0-or-later
/// Comparisons inside one process: every iteration runs our code and each baseline once, one after
/// the other, so that whatever else the machine does falls on all of them. Times are CPU times of
/// the calling thread (or wall times, for work on several threads); counters are ratios of medians.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace bitfrontier::bench {

enum class Clock { Thread, Wall };

inline double seconds(Clock clock) {
  timespec now{};
  clock_gettime(clock == Clock::Thread ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

inline double median(std::vector<double> values) {
  if (values.empty()) return 0.0;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

/// What ours is compared with; the counter says how many times faster ours is.
struct Baseline {
  std::string name;
  std::function<void()> work;
};

/// Runs the benchmark's loop. The result is the median time of `ours`; a baseline without work is
/// left out. Counters: Mitems/s of ours, "x_<name>" for each baseline.
inline double compare(benchmark::State& state, double items, Clock clock,
                      const std::function<void()>& ours, std::vector<Baseline> baselines) {
  std::erase_if(baselines, [](const Baseline& baseline) { return !baseline.work; });
  const auto time = [clock](const std::function<void()>& work) {
    const double start = seconds(clock);
    work();
    benchmark::ClobberMemory();
    return seconds(clock) - start;
  };
  ours();  // pages, caches, tables
  for (const Baseline& baseline : baselines) baseline.work();
  std::vector<double> mine;
  std::vector<std::vector<double>> theirs(baselines.size());
  for (auto run : state) {
    mine.push_back(time(ours));
    state.SetIterationTime(mine.back());
    for (std::size_t i = 0; i < baselines.size(); ++i) theirs[i].push_back(time(baselines[i].work));
  }
  const double result = median(mine);
  state.counters["Mitems/s"] = items / 1e6 / result;
  for (std::size_t i = 0; i < baselines.size(); ++i)
    state.counters["x_" + baselines[i].name] = median(theirs[i]) / result;
  return result;
}

}  // namespace bitfrontier::bench
