// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/eval/task_result.h"

namespace bitfrontier::pocket {

/// Results of one model under one configuration on all tasks of the suite, all items.
struct MeasuredModel {
  std::string model;
  std::string config;
  std::vector<TaskResult> tasks;  ///< in the suite's order, the text task last
  double accuracy = 0;            ///< mean over the accuracy tasks, 0..1
  double accuracySe = 0;
  double crossEntropy = 0;  ///< nats per token of the held-out text
};

/// One of the suite's quality conditions and whether it holds.
struct QualityCondition {
  std::string text;  ///< with the measured numbers
  bool holds = false;
};

struct QualityReport {
  std::vector<MeasuredModel> measured;
  std::vector<QualityCondition> conditions;
  bool holds() const;
};

/// Measures every model at 16 bit, at 8 bit and at 3-bit Int without blocks, checks the conditions
/// that make the suite useful, and records both in the manifest. In every family accuracy and
/// cross-entropy improve with every size and 8 bit does no harm; pocket-neox also gains at least 15
/// points over its sizes, its largest model is neither at chance nor saturated, and 3 bit hurts.
/// Minutes.
QualityReport measureQuality(const std::filesystem::path& directory, const JobContext& job = {});

}  // namespace bitfrontier::pocket
