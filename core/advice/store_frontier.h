// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/advice/cell_memory.h"
#include "core/advice/family_runs.h"
#include "core/base/job.h"

namespace bitfrontier {

/// What a point costs on a frontier.
enum class FrontierCost {
  TotalBits,  ///< under the counting rule of the query
  Memory,     ///< weights as stored and key-value cache, bits
  Seconds     ///< wall time of the point's measured runs
};
/// "bits", "memory", "seconds".
std::string_view frontierCostName(FrontierCost cost);
/// Inverse of frontierCostName. Throws Error(InvalidArgument) listing the names.
FrontierCost parseFrontierCost(std::string_view name);

struct FrontierOptions {
  LawMetric metric = LawMetric::Accuracy;
  FrontierCost cost = FrontierCost::TotalBits;
  MemoryOptions memory;          ///< of FrontierCost::Memory
  std::optional<double> budget;  ///< also name the best point that costs at most this
  double smallest = 0.05;        ///< points off the frontier are listed from this probability on
  std::size_t draws = 4000;
  std::uint64_t seed = 1;
  PointChoice keep = {};
};

/// A measured point that is or could be on the frontier.
struct FrontierEntry {
  LawPoint point;
  double cost = 0;
  double value = 0, se = LawPoint::kAbsent;  ///< of the metric
  bool on = false;                           ///< by the measured values
  double probability = 0;                    ///< of being on it, errors of the metric considered
};

/// The frontier of everything in a store that may be compared with each other.
struct StoreFrontier {
  std::string title;  ///< "measured here, 4 tasks"
  LawMetric metric = LawMetric::Accuracy;
  FrontierCost cost = FrontierCost::TotalBits;
  std::size_t points = 0;              ///< with the metric and a cost
  bool paired = false;                 ///< probabilities are over the same items of all points
  std::vector<FrontierEntry> entries;  ///< by cost
  std::optional<FrontierEntry> best;   ///< within the budget
  double bestProbability = 0;          ///< that it is the best within the budget
  std::vector<std::string> notes;

  std::size_t onFrontier() const;
};

/// Exact frontiers with the probability of each point to be on it: by bootstrap over the items that
/// all points share, else by independent normal errors. Of two points that are the same neither
/// wins. Throws NotFound when no point has the metric and a cost.
std::vector<StoreFrontier> storeFrontiers(const RunStore& store, const RunFilter& filter,
                                          const FrontierOptions& options,
                                          const JobContext& job = {});

/// The same of chosen points, e.g. those in view, at `costs` (one a point); `options.cost` does not
/// count. Points without a cost are left out. Empty when no point has the metric and a cost.
std::vector<StoreFrontier> pointFrontiers(const RunStore& store, std::span<const LawPoint> points,
                                          std::span<const double> costs,
                                          const FrontierOptions& options,
                                          const JobContext& job = {});

/// @name Tables: one row for each entry
/// @{
nlohmann::ordered_json frontierToJson(const StoreFrontier& frontier);
/// RFC 4180 with a header; exact numbers.
std::string frontiersToCsv(std::span<const StoreFrontier> frontiers);
std::string frontierToMarkdown(const StoreFrontier& frontier);
/// A tabular; needs no package.
std::string frontierToLatex(const StoreFrontier& frontier);
/// @}

}  // namespace bitfrontier
