// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace bitfrontier {

/// The files of an installed pocket suite (resources/pocket).
struct PocketSuite {
  std::filesystem::path directory;
  std::vector<std::filesystem::path> models;  ///< checkpoints by family, smallest first
  std::vector<std::filesystem::path>
      tasks;  ///< pocket_lambada, _hellaswag, _piqa, _winogrande (.jsonl), pocket_text
};

/// Finds the suite in `directory`, by default in resourceDir()/pocket. Error NotFound when it is
/// not there.
PocketSuite openPocketSuite(const std::filesystem::path& directory = {});

}  // namespace bitfrontier
