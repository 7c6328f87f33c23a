// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/job.h"
#include "core/device/device.h"
#include "core/store/run_store.h"
#include "core/sweep/preview.h"
#include "core/sweep/sweep.h"
#include "core/sweep/verify.h"

namespace bitfrontier {

/// What a model's folder says of it.
struct ModelSummary {
  std::string architecture;  ///< model_type of its config.json
  double parameters = 0;
};

/// The functions of core that compute with libtorch. A program that links them maps and initialises
/// libtorch before it does anything; one that takes them from engine() shows its window first.
struct Engine {
  std::string_view version;  ///< of the build, BITFRONTIER_VERSION
  std::vector<Device> (*listDevices)() = nullptr;
  /// `device` is a name as resolveDevice() takes it.
  SweepSummary (*runSweep)(const SweepSpec& spec, RunStore& store, std::string_view device,
                           const SweepEvents& events, const JobContext& job) = nullptr;
  SweepPreview (*previewSweep)(const SweepSpec& spec, const RunStore& store,
                               const PreviewDevice& device, const JobContext& job) = nullptr;
  Verification (*verifyRun)(const RunRecord& run, const VerifyInputs& inputs,
                            const JobContext& job) = nullptr;
  /// Of a folder whose weights are there, or of a config.json alone. Throws what opening throws.
  ModelSummary (*summarizeModel)(const std::filesystem::path& folder) = nullptr;
  ModelSummary (*summarizeConfig)(const std::filesystem::path& file) = nullptr;
};

inline constexpr const char* kEngineFile = "libbitfrontier_engine.so";
/// The symbol of the module: `const Engine* bitfrontier_engine()`.
inline constexpr const char* kEngineSymbol = "bitfrontier_engine";

/// Loads the module, at the first call, from the program's folder or ../lib/bitfrontier. Blocking:
/// a quarter of a second; from any thread. Throws NotFound when there is no module, and Unsupported
/// with the reason when it or libtorch cannot be loaded or is of another version.
const Engine& engine();

}  // namespace bitfrontier
