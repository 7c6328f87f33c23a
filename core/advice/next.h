// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/advice/cell_memory.h"
#include "core/advice/family_runs.h"
#include "core/base/job.h"

namespace bitfrontier {

struct NextOptions {
  LawMetric metric = LawMetric::Accuracy;
  std::vector<double> budgets;  ///< bits; empty: eight, spread over what the cells cost
  /// Budgets are of memory, key-value cache included; absent: of total bits.
  std::optional<MemoryOptions> memory;
  std::optional<double> stopRegret;  ///< in units of the metric; 0.1 points or 0.005 nats else
  std::size_t mostCells = 1000;      ///< of a family; of more the best measured formats are kept
  std::size_t draws = 4000;
  std::uint64_t seed = 1;
  PointChoice keep = {};
};

struct NextBudget {
  double bits = 0;
  std::string choice;  ///< "model config"; empty when nothing known fits
  double probability = 0;
  double regret = LawPoint::kAbsent;
};

struct NextRun {
  std::string model, config, reason;
  double gain = LawPoint::kAbsent;
  double minutes = LawPoint::kAbsent;
};

/// What to run next in one family.
struct NextRuns {
  std::string title, law;
  std::string family;
  std::int64_t itemLimit = 0;  ///< of its runs
  LawMetric metric = LawMetric::Accuracy;
  std::size_t cells = 0, run = 0;
  std::vector<NextBudget> budgets;
  std::vector<NextRun> runs;  ///< best first
  bool stop = false;
  std::string verdict;
  std::vector<std::string> notes;
};

/// Ranks the unrun cells of every family in the store; with budgets only those that fit the
/// largest, since others cannot be run. Throws NotFound when there is no point.
std::vector<NextRuns> nextRuns(const RunStore& store, const RunFilter& filter,
                               const NextOptions& options, const JobContext& job = {});

nlohmann::ordered_json nextToJson(const NextRuns& next);

}  // namespace bitfrontier
