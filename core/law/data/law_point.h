// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace bitfrontier {

/// One point of a scaling plot: one model under one configuration, averaged over its tasks.
struct LawPoint {
  static constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

  std::string model;
  std::string family;
  std::string config;          ///< spec, e.g. "int4-b64"
  std::string dataType;        ///< "int", "float", "dynamic", "quantile", "fp16", ...
  int bits = 16;               ///< k
  std::int64_t blockSize = 0;  ///< 0 = whole tensor or not applicable, -1 = each row
  std::string method = "rtn";
  double parameters = 0;
  double totalBits = 0;           ///< total model bits under the counting rule of the query
  double accuracy = kAbsent;      ///< unweighted mean over tasks, 0..1
  double accuracySe = kAbsent;    ///< sqrt(sum of squared task standard errors) / tasks
  double chance = kAbsent;        ///< mean of the tasks' chance levels
  int accuracyTasks = 0;          ///< number of tasks in the mean
  std::string tasks;              ///< their names, sorted, ", " between them
  double crossEntropy = kAbsent;  ///< nats per token, mean over text tasks
  double crossEntropySe = kAbsent;
  double bitsPerByte = kAbsent;
  std::string textTasks;  ///< names of the tasks behind cross-entropy, as `tasks`
  /// Which items these were: the beginning of the hash of each task's, in the order of the names,
  /// with the evaluator's version where it is "mixed"; empty when no hash is known.
  std::string taskTexts, textTaskTexts;
  std::int64_t itemLimit =
      0;  ///< items per task asked for; points of different limits are never merged
  std::string calibration;     ///< text that the method was calibrated on; empty without
  std::string bosProfile;      ///< of the runs; points of different profiles are never merged
  std::int64_t maxLength = 0;  ///< tokens of an input at most; 0 = as many as the model takes
  std::string source;          ///< empty = measured here; otherwise a citation
  std::string evaluator;  ///< version that scored it, "mixed" for several, empty when not known
  std::vector<std::int64_t> runIds;  ///< rows of the store behind this point

  bool published() const { return !source.empty(); }
};

}  // namespace bitfrontier
