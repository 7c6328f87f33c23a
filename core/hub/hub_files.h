// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/hub/hub_model.h"

namespace bitfrontier {

/// A file of a repository. Big files are named by their SHA-256 (64 digits), others by the SHA-1
/// that git gives them (40 digits); the cache uses the same names for its blobs.
struct HubFile {
  std::string path;
  std::uint64_t size = 0;
  bool sizeKnown = false;
  std::string hash;  ///< empty when the listing does not tell
};

/// What a revision of a repository holds.
struct HubListing {
  std::string commit;
  std::vector<HubFile> files;
};

/// Reads the hub's answer to /api/models/REPO/revision/REV?blobs=true; `where` starts error texts.
/// Files with names that could leave their folder are left out. Throws Format.
HubListing parseHubListing(std::string_view json, std::string_view where);

/// The content of an index of weights.
using ReadIndex = std::function<std::string(const HubFile&)>;

/// Those that this program reads: config.json, the tokenizer's files and the weights in the first
/// format of Checkpoint::open that is there, safetensors before .bin; the parts that an index
/// names. Throws NotFound, naming `model`, without config.json, weights or one of the parts.
std::vector<HubFile> neededFiles(const HubListing& listing, const HubModel& model,
                                 const ReadIndex& readIndex);

}  // namespace bitfrontier
