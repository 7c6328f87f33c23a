// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "core/hub/hub_model.h"
#include "core/hub/hub_settings.h"

namespace bitfrontier {

/// The folders of huggingface_hub's cache: models--org--name with refs, blobs and snapshots.
class HubCache {
 public:
  explicit HubCache(std::filesystem::path root) : root_(std::move(root)) {}

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path repo(const HubModel& model) const;
  std::filesystem::path blob(const HubModel& model, std::string_view hash) const;
  std::filesystem::path lock(const HubModel& model, std::string_view hash) const;
  std::filesystem::path snapshot(const HubModel& model, std::string_view commit) const;
  /// The commit that a revision stood for when it was last fetched.
  std::optional<std::string> commitOf(const HubModel& model) const;
  /// The snapshot of a revision, when it is there.
  std::optional<std::filesystem::path> find(const HubModel& model) const;

  /// Makes `path` of a snapshot stand for a blob: a relative link, or a copy where links cannot be
  /// made.
  void link(const HubModel& model, std::string_view commit, const std::string& path,
            std::string_view hash) const;
  /// Records what a revision stands for; nothing for a commit.
  void setCommit(const HubModel& model, std::string_view commit) const;

  /// What a snapshot in any cache is called: the repository's name with the revision unless that is
  /// main ("pythia-70m", "pythia-70m@step1000"); nothing for other folders.
  static std::optional<std::string> snapshotName(const std::filesystem::path& directory);

 private:
  std::filesystem::path root_;
};

}  // namespace bitfrontier
