// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "core/base/job.h"
#include "core/hub/http.h"
#include "core/hub/hub_files.h"

namespace bitfrontier {

/// Where a file comes from and goes to.
struct BlobDownload {
  HubModel model;
  std::string url;
  HubFile file;                ///< size and hash known
  std::string commit;          ///< that the hub must name when it names one
  std::filesystem::path blob;  ///< the finished file; beside it `.incomplete` while it grows
  std::filesystem::path lock;  ///< held meanwhile
  std::function<void(std::uint64_t)> report;  ///< bytes of this file that are there
};

/// Downloads into the cache as fetchModel describes. Returns at once when the blob is there with
/// its size.
void downloadBlob(HttpClient& http, const BlobDownload& download, const JobContext& job);

/// The error that an answer of the hub means for a model: NotFound, Unsupported or Io.
[[noreturn]] void failAnswer(const HttpAnswer& answer, const HubModel& model,
                             const HubSettings& settings);

}  // namespace bitfrontier
