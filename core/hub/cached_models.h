// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/hub/hub_cache.h"

namespace bitfrontier {

/// A snapshot in the cache.
struct CachedModel {
  HubModel model;
  std::string commit;
  std::filesystem::path directory;
  std::uint64_t bytes = 0;         ///< of its files; files of two snapshots count in both
  std::uint64_t partialBytes = 0;  ///< of downloads of the repository that were interrupted
  /// Files that the snapshot names and that are not there, and kinds that a model needs
  /// ("config.json", "weights", "a tokenizer"); empty for a complete one.
  std::vector<std::string> missing;

  bool complete() const { return missing.empty(); }
};

/// All models of the cache by name; repositories of other kinds and what cannot be read are left
/// out. Throws NotFound when the cache's folder is not there (an unmounted disk, say).
std::vector<CachedModel> cachedModels(const HubCache& cache);

}  // namespace bitfrontier
