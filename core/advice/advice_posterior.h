// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/advice/advise.h"
#include "core/advice/family_runs.h"
#include "core/base/job.h"
#include "core/law/decide/decision_plan.h"

namespace bitfrontier {

/// What a store says about all cells of one family, whatever the memory.
struct FamilyPosterior {
  FamilyRuns runs;
  DecisionProblem problem;  ///< without costs and budgets
  CellKnowledge known;
  /// Without a law the paired outcomes of the measured cells still say which is better.
  std::optional<Draws> paired;
  /// Of each cell's true metric: mean and 95 % interval; NaN where nothing may be said.
  std::vector<double> mean, low, high;
  std::string errorNote;    ///< about the points' standard errors; may be empty
  bool errorsKnown = true;  ///< false: measured values count as exact

  const Draws& draws() const { return paired ? *paired : known.draws; }
  /// Whether there are draws of a cell by which it may be judged.
  bool predicts(std::size_t cell) const { return mean[cell] == mean[cell]; }
};

/// The families that may be compared with each other.
struct SetPosterior {
  std::string title;   ///< "measured here, 4 tasks, 300 items each"
  std::string narrow;  ///< what is said about families or formats that take no part; may be empty
  std::vector<FamilyPosterior> families;
};

/// Everything about a store that questions about a memory share. Laws and draws take seconds, an
/// answer from them milliseconds.
struct AdvicePosterior {
  AdviceOptions options;  ///< it was made for
  std::vector<SetPosterior> sets;
  MemoryCalibration calibration;  ///< by runs on the GPU that has most; see gpuCalibration()

  /// Whether adviseFrom() may be asked with these options: the same metric, draws and seed, and
  /// where very large sets were narrowed by what fits a memory, the same memory.
  bool answers(const AdviceOptions& other) const;
};

/// By the measured peaks of the GPU that has most runs. Runs on the CPU say nothing about a GPU.
MemoryCalibration gpuCalibration(const RunStore& store);

/// Reads, fits and draws. Throws as advise().
AdvicePosterior learnStore(const RunStore& store, const RunFilter& filter,
                           const AdviceOptions& options, const JobContext& job = {});

/// What advise() says, from what learnStore() gave; `options` are such that it answers() them.
/// Throws InvalidArgument as advise().
std::vector<Advice> adviseFrom(const AdvicePosterior& posterior, const AdviceOptions& options,
                               const JobContext& job = {});

/// A model of the family's reference format that is as good as a cell.
EffectiveSize effectiveSizeOf(const FamilyPosterior& family, std::size_t cell, std::uint64_t seed,
                              const JobContext& job = {});

}  // namespace bitfrontier
