// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/hub/http.h"
#include "core/hub/hub_cache.h"
#include "core/hub/hub_files.h"

namespace bitfrontier {

/// What has to be downloaded for a model.
struct FetchPlan {
  HubModel model;
  std::string commit;
  struct File {
    HubFile file;
    std::uint64_t have = 0;  ///< bytes on the disk: all, or those of an interrupted download
    bool done = false;
  };
  std::vector<File> files;

  std::uint64_t totalBytes() const;
  std::uint64_t missingBytes() const;
};

/// Asks the hub what a model consists of and looks what of it is in the cache. Throws NotFound for
/// unknown models and revisions, Unsupported for gated ones, Io when the hub cannot be reached.
FetchPlan planFetch(HttpClient& http, const HubModel& model, const JobContext& job);

/// Throws Io unless the disk has room for what plans still need.
void checkSpace(const std::vector<FetchPlan>& plans, const HubCache& cache);

/// Downloads what is missing into the cache and returns the model's directory. Each file is
/// continued where an earlier download stopped, compared with its size and hash, and only then
/// appears under its name; one process at a time downloads a file. Progress counts the plan's
/// bytes. A cancelled or failed download keeps what it has. Throws Format for content that is not
/// what the hub announced, Io, Cancelled.
/// Behaviour: file_download.py of huggingface_hub 2.4.0.
std::filesystem::path fetchModel(HttpClient& http, const FetchPlan& plan, const JobContext& job);

}  // namespace bitfrontier
