// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/decide/early_stop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/eval/prepared_task.h"

namespace bitfrontier {
namespace {

/// A whole cell: outcomes of all items of each task, and of its control.
struct SimulatedTask {
  std::vector<std::uint8_t> cell, control;
};

double meanOf(const std::vector<std::uint8_t>& outcomes) {
  double right = 0;
  for (const std::uint8_t one : outcomes) right += one;
  return right / static_cast<double>(outcomes.size());
}

/// The control is right with `accuracy`; the cell loses and wins items at the rates given.
SimulatedTask simulate(Rng& random, std::size_t items, double accuracy, double lost, double won) {
  SimulatedTask task;
  for (std::size_t i = 0; i < items; ++i) {
    const bool right = random.uniform() < accuracy;
    const bool flips = random.uniform() < (right ? lost : won);
    task.control.push_back(right ? 1 : 0);
    task.cell.push_back(right != flips ? 1 : 0);
  }
  return task;
}

double meanOver(const std::vector<SimulatedTask>& tasks) {
  double sum = 0;
  for (const SimulatedTask& task : tasks) sum += meanOf(task.cell);
  return sum / static_cast<double>(tasks.size());
}

/// The items after which the cell is stopped for being below `frontier`; 0 when it never is. Items
/// are already in random order.
std::size_t stoppedAfter(const std::vector<SimulatedTask>& tasks, double frontier, double alpha,
                         bool withControl = true) {
  const auto shares = blockShares();
  for (std::size_t look = 0; look + 1 < shares.size(); ++look) {
    std::vector<PartialTask> partial;
    std::size_t items = 0;
    for (const SimulatedTask& task : tasks) {
      std::size_t n = 0;
      for (const std::size_t end : blockEnds(task.cell.size())) {
        const auto share = std::ceil(shares[look] * static_cast<double>(task.cell.size()));
        if (static_cast<double>(end) <= share) n = end;
      }
      if (n == 0) break;
      PartialTask seen;
      seen.all = static_cast<std::int64_t>(task.cell.size());
      const auto count = static_cast<std::ptrdiff_t>(n);
      seen.correct.assign(task.cell.begin(), task.cell.begin() + count);
      if (withControl) {
        seen.control.assign(task.control.begin(), task.control.begin() + count);
        seen.controlMean = meanOf(task.control);
      }
      items += n;
      partial.push_back(std::move(seen));
    }
    if (partial.size() < tasks.size()) continue;
    if (partialMean(partial, lookLevel(alpha, shares.size() - 1)).upper < frontier) return items;
  }
  return 0;
}

struct Case {
  const char* what;
  std::vector<std::size_t> items;
  double accuracy, lost, won;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"even", {1000}, 0.6, 0.1, 0.1},
      {"lossy", {1000}, 0.7, 0.2, 0.1},
      {"rare gains", {2000}, 0.75, 0.0, 0.06},
      {"rare gains of many", {5000}, 0.5, 0.0, 0.01},
      {"rare losses", {2000}, 0.8, 0.02, 0.0},
      {"hard", {1500}, 0.02, 0.5, 0.02},
      {"unlike its control", {1000}, 0.6, 0.5, 0.45},
      {"small", {150}, 0.6, 0.15, 0.1},
      {"four tasks", {200, 500, 1267, 5000}, 0.65, 0.1, 0.06},
      {"four with rare gains", {200, 500, 1267, 5000}, 0.9, 0.0, 0.1}};
  return all;
}

/// A cell whose whole run is exactly on the frontier: where a false stop is likeliest.
TEST(EarlyStop, FalseStopsAreNoMoreThanAllowed) {
  constexpr int kCells = 1000;
  for (const double alpha : {0.01, 0.05}) {
    for (const bool withControl : {true, false}) {
      for (const Case& c : cases()) {
        Rng random(20);
        int stopped = 0;
        for (int cell = 0; cell < kCells; ++cell) {
          std::vector<SimulatedTask> tasks;
          for (const std::size_t items : c.items) {
            tasks.push_back(simulate(random, items, c.accuracy, c.lost, c.won));
          }
          // The test is "below": one that reaches the frontier must go on.
          stopped += stoppedAfter(tasks, meanOver(tasks), alpha, withControl) > 0 ? 1 : 0;
        }
        EXPECT_LE(stopped, alpha * kCells)
            << c.what << (withControl ? "" : " without control") << ", alpha " << alpha;
      }
    }
  }
}

TEST(EarlyStop, ADominatedCellIsStoppedSoonAndSoonerWithItsControl) {
  constexpr int kCells = 200;
  double scored[2] = {0, 0};
  int stopped = 0;
  Rng random(3);
  for (int cell = 0; cell < kCells; ++cell) {
    const std::vector<SimulatedTask> tasks{simulate(random, 2000, 0.65, 0.08, 0.04)};
    const double frontier = meanOver(tasks) + 0.10;
    for (const bool withControl : {false, true}) {
      const std::size_t items = stoppedAfter(tasks, frontier, 0.01, withControl);
      if (withControl) stopped += items > 0 ? 1 : 0;
      scored[withControl ? 1 : 0] += items > 0 ? static_cast<double>(items) : 2000;
    }
  }
  EXPECT_EQ(stopped, kCells);
  EXPECT_LT(scored[1] / kCells, 0.25 * 2000) << "of 2000 items";
  EXPECT_LT(scored[1], 0.6 * scored[0]) << "the control halves the items";
}

TEST(EarlyStop, WhatIsWholeIsKnown) {
  const std::vector<PartialTask> whole{{{1, 0, 1, 1}, {1, 1, 1, 1}, 1.0, 4}, {{0, 1}, {}, 0, 2}};
  const PartialMean mean = partialMean(whole, 0.001);
  EXPECT_DOUBLE_EQ(mean.estimate, (0.75 + 0.5) / 2);
  EXPECT_EQ(mean.se, 0);
  EXPECT_EQ(mean.upper, mean.estimate);
}

TEST(EarlyStop, TheEstimateFollowsTheControl) {
  // The same as its control on what was seen, which was easier than the whole.
  const std::vector<PartialTask> lucky{{{1, 1, 1, 0}, {1, 1, 1, 0}, 0.5, 100}};
  EXPECT_DOUBLE_EQ(partialMean(lucky, 0.05).estimate, 0.5);
  // No difference was seen among four: the bound must not pretend that there is none among 100.
  EXPECT_GT(partialMean(lucky, 0.05).upper, 0.5 + 3.0 / 4);
}

TEST(EarlyStop, RefusesWhatCannotBe) {
  EXPECT_THROW(partialMean(std::vector<PartialTask>{{{}, {}, 0, 5}}, 0.05), Error);
  EXPECT_THROW(partialMean(std::vector<PartialTask>{{{1, 1}, {}, 0, 1}}, 0.05), Error);
  EXPECT_THROW(partialMean(std::vector<PartialTask>{{{1, 1}, {1}, 0, 9}}, 0.05), Error);
}

TEST(EarlyStop, LevelsOfLooksSumToTheWhole) {
  EXPECT_DOUBLE_EQ(lookLevel(0.05, 10) * 10, 0.05);
  EXPECT_DOUBLE_EQ(lookLevel(0.05, 0), 0.05);
}

}  // namespace
}  // namespace bitfrontier
