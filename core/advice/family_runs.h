// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/advice/memory.h"
#include "core/base/job.h"
#include "core/law/data/comparable_set.h"
#include "core/law/data/series.h"
#include "core/law/decide/decision_plan.h"
#include "core/store/run_store.h"

namespace bitfrontier {

/// One model of a family under one of the family's configurations, run or not.
struct FamilyCell {
  std::string model;
  std::string config;  ///< label of the format
  int bits = 16;
  double parameters = 0;
  double totalBits = LawPoint::kAbsent;        ///< under the counting rule of the query
  double checkpointBits = LawPoint::kAbsent;   ///< what its weights take in memory
  std::optional<std::size_t> point;            ///< index into FamilyRuns::points
  double seconds = LawPoint::kAbsent;          ///< of all its tasks; predicted when it was not run
  double measuredSeconds = LawPoint::kAbsent;  ///< of the runs behind its point, when all have them
  std::string failure;                         ///< "failed before: " or "stopped before: ", and why
};

/// Everything in a store about one family that may be compared: its part of a ComparableSet.
struct FamilyRuns {
  std::string family;
  Scoring scoring;          ///< of all its points
  std::size_t set = 0;      ///< families of one set may be compared with each other
  std::string setTitle;     ///< what the set is called: "measured here, 4 tasks, 300 items each"
  std::string distinction;  ///< from other sets of the family, but for the number of items
  /// All of its points are in another set, too: they need no calibration, which the set is of.
  bool repeats = false;
  std::vector<std::string> tasks;
  std::vector<LawPoint> points;               ///< with the metric
  std::vector<FamilyCell> cells;              ///< every model x every configuration
  std::optional<SymmetricMatrix> covariance;  ///< of the points' accuracies, from shared items
  std::optional<ItemOutcomes> items;
  std::string unpaired;                           ///< why there is no covariance
  std::map<std::string, std::string> modelPaths;  ///< folder each model was read from

  /// "pocket-neox", "OPT (GPTQ, ICLR 2023)".
  std::string title() const;
};

/// Divides a store's runs by comparable set and family, with the cells that have not been run.
/// Totals of bits of unrun cells follow from the model's and the configuration's other runs. Only
/// families with at least one point that has the metric. Outcomes are paired in families of up to
/// kMostPaired points: the time it takes grows as the cube.
inline constexpr std::size_t kMostPaired = 800;
/// Which points of a filter take part; empty: all. Points that do not, and models and
/// configurations of which no point does, are no cells either: nobody asks about them.
using PointChoice = std::function<bool(const LawPoint&)>;
std::vector<FamilyRuns> familyRuns(const RunStore& store, const RunFilter& filter, LawMetric metric,
                                   const JobContext& job = {}, const PointChoice& keep = {});

/// The same of chosen points, e.g. those in view, without cells and what only these need.
std::vector<FamilyRuns> familyRunsOf(const RunStore& store, std::span<const LawPoint> points,
                                     LawMetric metric, const JobContext& job = {});

/// The decision about one family at budgets of `costs` (one for each cell).
DecisionProblem decisionOf(const FamilyRuns& family, LawMetric metric, std::vector<double> costs,
                           std::vector<double> budgets);

}  // namespace bitfrontier
