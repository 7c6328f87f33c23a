// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/advice/family_runs.h"
#include "core/base/job.h"
#include "core/law/data/paired_tests.h"
#include "core/store/run_store.h"

namespace bitfrontier {

/// What keeps many tests from finding differences by chance.
enum class Correction {
  Holm,               ///< the chance of any false finding stays below 1 - level
  BenjaminiHochberg,  ///< the expected share of false ones among the findings does
  None
};
/// "holm", "bh", "none".
std::string_view correctionName(Correction correction);
/// Inverse of correctionName. Throws Error(InvalidArgument) listing the names.
Correction parseCorrection(std::string_view name);

/// Adjusted p values in the order given; NaN where p is.
std::vector<double> adjusted(std::vector<double> p, Correction correction);

struct CompareOptions {
  /// "CONFIG": each configuration of a model with this one of the same model; "MODEL CONFIG":
  /// everything with this one; empty: with the model's configuration of most bits.
  std::string against;
  Correction correction = Correction::Holm;
  double level = 0.95;
  std::size_t replicates = 2000;  ///< of the paired bootstrap over items
  std::uint64_t seed = 1;
  int threads = 1;
  PointChoice keep = {};
};

enum class PairVerdict { Better, Worse, Tie, NotToldApart };
/// "better", "worse", "tie", "not told apart".
std::string_view pairVerdictName(PairVerdict verdict);

/// One point of a store and the one that it is compared with, on the same items.
struct PointComparison {
  LawPoint point, against;
  PairedTest test;  ///< first is `against`, second is `point`; pAdjusted is set
  PairVerdict verdict = PairVerdict::NotToldApart;
};

/// The comparisons of everything in a store that was scored alike; p values are adjusted together.
struct StoreComparisons {
  std::string title;  ///< "measured here, 4 tasks, 300 items each"
  Correction correction = Correction::Holm;
  double level = 0.95;
  std::vector<PointComparison> rows;  ///< by family, size and bits
  std::vector<std::string> notes;     ///< what was not compared, and why

  std::size_t count(PairVerdict verdict) const;
};

/// McNemar's mid-p test of the items that one of two points answered and the other did not, with
/// the difference of mean accuracies and its bootstrap interval. Better or worse needs an adjusted
/// p below 1 - level and a difference of the same sign. Throws NotFound when no point matches or
/// `against` names nothing, Unsupported when no two points have outcomes of the same items.
std::vector<StoreComparisons> storeComparisons(const RunStore& store, const RunFilter& filter,
                                               const CompareOptions& options,
                                               const JobContext& job = {});

nlohmann::ordered_json comparisonsToJson(const StoreComparisons& comparisons);

}  // namespace bitfrontier
