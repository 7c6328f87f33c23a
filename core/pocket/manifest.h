// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/pocket/family.h"
#include "core/pocket/trainer.h"

namespace bitfrontier::pocket {

/// Writes tasks/, tokenizer.json, a copy of it in each checkpoint folder, and the data part of
/// manifest.json. Trained weights are left alone. Seconds.
void buildSuite(const std::filesystem::path& directory, const JobContext& job = {});

/// Trains one member into <directory>/<name> (needs a built suite) and records it in the manifest.
TrainingResult trainMember(const std::filesystem::path& directory, const std::string& family,
                           std::size_t size, DeviceId device, int threads,
                           const std::function<void(const TrainingStep&)>& report,
                           const JobContext& job = {});

/// What verification found; empty problems = all well.
struct VerifyReport {
  std::vector<std::string> checked;   ///< one line per thing checked
  std::vector<std::string> problems;  ///< one sentence each
};

/// Re-derives corpus, tasks and tokenizer from their seeds and compares hashes; checks the SHA-256
/// of every checkpoint file against the manifest. Error when the manifest cannot be read.
VerifyReport verifySuite(const std::filesystem::path& directory, const JobContext& job = {});

/// The manifest's file name inside a suite.
inline constexpr const char* kManifest = "manifest.json";

}  // namespace bitfrontier::pocket
