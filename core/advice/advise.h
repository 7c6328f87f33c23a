// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/advice/cell_memory.h"
#include "core/advice/family_runs.h"
#include "core/base/job.h"
#include "core/law/decide/budget_choice.h"
#include "core/law/decide/effective_size.h"
#include "core/store/memory_calibration.h"

namespace bitfrontier {

/// What to ask for.
struct AdviceOptions {
  double memoryBits = 0;  ///< of weights, key-value cache and headroom together
  MemoryOptions memory;
  LawMetric metric = LawMetric::Accuracy;
  std::size_t draws = 4000;
  std::uint64_t seed = 1;
  PointChoice keep = {};  ///< points that take part; empty: all of the filter
  bool calibrate = true;  ///< what is needed goes by the peaks that runs on a GPU had, if any
  bool next = true;       ///< also rank what to run next, which takes longer than the choice
  bool equals = true;     ///< also the effective sizes of the first candidates
};

/// A model under a configuration that fits the memory.
struct AdviceCandidate {
  std::string family, model, config;
  int bits = 16;
  bool measured = false;
  double weightBits = 0, kvBits = 0;
  /// What measured peaks say that is needed beside these two, and its 95 % interval; 0 without.
  double otherBits = 0, otherLow = 0, otherHigh = 0;
  double totalBits = LawPoint::kAbsent;  ///< under the counting rule of the query
  double parameters = 0;
  double value = LawPoint::kAbsent, valueSe = LawPoint::kAbsent;  ///< as measured
  double predicted = LawPoint::kAbsent;                      ///< posterior mean of the true metric
  double low = LawPoint::kAbsent, high = LawPoint::kAbsent;  ///< its 95 % interval
  double probability = 0;                                    ///< of being the best that fits
  /// What the choice is better by, in units of the metric: mean and 95 % interval over the joint
  /// draws; of the most probable candidates.
  double gap = LawPoint::kAbsent, gapLow = LawPoint::kAbsent, gapHigh = LawPoint::kAbsent;
  EffectiveSize equals;                   ///< a model of the family's reference format of this size
  std::string reference;                  ///< that format
  double seconds = LawPoint::kAbsent;     ///< a run takes or took
  std::size_t familyIndex = 0, cell = 0;  ///< where it comes from

  /// Whether it is not told apart from the choice at 95 %.
  bool tied() const { return gapLow <= 0 && gapHigh >= 0; }
};

/// One run worth doing.
struct AdviceRun {
  std::string family, model, config, reason;
  double gain = LawPoint::kAbsent;  ///< expected reduction of regret
  double minutes = LawPoint::kAbsent;
};

/// The answer for everything in a store that may be compared with each other.
struct Advice {
  std::string title;  ///< what is compared, e.g. "measured here, 4 tasks"
  LawMetric metric = LawMetric::Accuracy;
  double memoryBits = 0, usableBits = 0;
  std::size_t models = 0, cells = 0, fitting = 0;
  std::string calibration;    ///< of what is needed: "calibrated on 37 runs of cuda:0", or why not
  bool weightsAlone = false;  ///< no model's key-value cache is known, so it is not counted
  std::vector<AdviceCandidate> candidates;  ///< that fit; most probable first
  std::optional<std::size_t> choice;        ///< the best expected value
  std::optional<std::size_t> bestMeasured, bestPredicted, runnerUp;
  double regret = LawPoint::kAbsent;  ///< expected loss of the choice against the best that fits
  bool errorsKnown = true;            ///< false: what was measured has no standard errors
  Verdict verdict = Verdict::Nothing;
  std::string sentence;                     ///< what to use, how sure, and what else could be
  std::vector<AdviceRun> next;              ///< a few
  std::string nextVerdict;                  ///< whether running them is worth it
  std::map<std::string, std::string> laws;  ///< by family: the laws used, or why none
  std::vector<std::string> notes;
};

/// Which model and configuration to use within a memory: best measured, best predicted, how sure.
/// One answer for each set of results that may be compared (source, evaluator, item limit, tasks).
/// Throws NotFound when the store has no matching point, InvalidArgument for a memory that is not
/// positive.
std::vector<Advice> advise(const RunStore& store, const RunFilter& filter,
                           const AdviceOptions& options, const JobContext& job = {});

nlohmann::ordered_json adviceToJson(const Advice& advice);

}  // namespace bitfrontier
