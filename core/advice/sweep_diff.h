// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/advice/comparisons.h"
#include "core/base/job.h"
#include "core/store/run_store.h"

namespace bitfrontier {

/// One side of a comparison: some points of a store.
struct DiffSide {
  const RunStore* store = nullptr;
  RunFilter filter;
  PointChoice keep = {};
};

struct DiffOptions {
  LawMetric metric = LawMetric::Accuracy;
  /// Cells of the two sides are the same when model and configuration are; else when model, bits
  /// and block size are, where each side has one such cell: to compare data types or methods.
  bool byWidth = false;
  Correction correction = Correction::Holm;
  double level = 0.95;
  std::vector<double> budgets;  ///< total bits at which the best of each side is named
  std::size_t replicates = 2000;
  std::uint64_t seed = 1;
};

/// One cell that both sides have. Differences are B minus A.
struct DiffCell {
  LawPoint a, b;
  double difference = 0, se = LawPoint::kAbsent;
  double lower = LawPoint::kAbsent, upper = LawPoint::kAbsent;
  double p = LawPoint::kAbsent, pAdjusted = LawPoint::kAbsent;
  bool same = false;               ///< every stored outcome and value is the same
  std::optional<PairedTest> test;  ///< on the same items; absent: the errors are independent
  std::string unpaired;            ///< why, then
  PairVerdict verdict = PairVerdict::NotToldApart;
};

/// One parameter of the same law fitted to each side.
struct ParameterDifference {
  std::string family, law, name, meaning;
  double a = 0, b = 0;
  double difference = 0, lower = LawPoint::kAbsent, upper = LawPoint::kAbsent;
  double p = LawPoint::kAbsent, pAdjusted = LawPoint::kAbsent;
};

/// The best measured cell of each side within a budget; absent where nothing fits.
struct BudgetMove {
  double bits = 0;
  std::optional<LawPoint> a, b;
  bool moved() const;
};

struct SweepDiff {
  LawMetric metric = LawMetric::Accuracy;
  Correction correction = Correction::Holm;
  double level = 0.95;
  std::vector<DiffCell> cells;         ///< by family, size and bits
  std::vector<LawPoint> onlyA, onlyB;  ///< what the other side has not
  std::vector<ParameterDifference> parameters;
  std::vector<BudgetMove> budgets;
  std::vector<std::string> notes;  ///< cells scored differently, laws that were refused, ...
  std::string verdict;             ///< one sentence

  std::size_t same() const;
  /// Cells that are better or worse on side B.
  std::size_t different() const;
  /// Nothing differs at all.
  bool empty() const;
};

/// Matches the cells of two sides and compares what was scored alike, in pairs where the outcomes
/// of the same items are stored. The law that the data of side A choose is fitted to both sides.
/// Throws NotFound when a side has no point.
SweepDiff diffSweeps(const DiffSide& a, const DiffSide& b, const DiffOptions& options,
                     const JobContext& job = {});

/// One row for each cell, also of those that one side lacks; fields by RFC 4180, C locale, exact
/// numbers.
std::string diffToCsv(const SweepDiff& diff);

}  // namespace bitfrontier
