// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/device/device_id.h"
#include "core/modelquant/calibration_text.h"
#include "core/store/run_record.h"

namespace bitfrontier {

/// What running a stored run again takes.
struct VerifyInputs {
  std::filesystem::path task;                  ///< the task's file, as for loadTask
  std::optional<CalibrationText> calibration;  ///< for configurations that need one
  DeviceId device;
  std::size_t items = 20;  ///< spread evenly over the run's items; 0: all
};

/// One item whose outcome is not the stored one.
struct VerifyDifference {
  std::size_t item = 0;              ///< from 0, in the task's order
  bool stored = false, now = false;  ///< right; of a text task false
  double storedLogLikelihood = 0, nowLogLikelihood = 0;
};

struct Verification {
  std::string task;
  std::size_t items = 0;  ///< that were run again
  std::vector<VerifyDifference> differences;
  /// The largest difference of an item's log likelihood, in nats; absent where none are stored.
  double largestShift = TaskResult::kAbsent;

  std::size_t same() const { return items - differences.size(); }
};

/// Why a run cannot be run again whatever the inputs, one sentence; empty when it can.
std::string whyNotVerifiable(const RunRecord& run);

/// Runs some items of a stored run again and compares: of tasks with right answers whether each is
/// right, of texts the log likelihoods to 0.1 %. `run` has its items. Throws Unsupported with
/// whyNotVerifiable(), Conflict when model, task or calibration text are not those of the run, and
/// what loading and scoring throw; Cancelled within a batch.
Verification verifyRun(const RunRecord& run, const VerifyInputs& inputs,
                       const JobContext& job = {});

}  // namespace bitfrontier
