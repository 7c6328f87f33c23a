// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "core/advice/cell_memory.h"

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's own
class App;
}

namespace bitfrontier::cli {

/// --context, --batch, --kv-bits and --shapes: what a model takes in memory besides its weights.
struct MemoryNeedsOptions {
  MemoryNeeds needs;
  std::vector<std::filesystem::path> shapes;

  /// With the shapes that are shipped and those of the given files. Throws as readShapes().
  MemoryOptions options() const;
};
void addMemoryNeedsOptions(CLI::App& command, MemoryNeedsOptions& options);

}  // namespace bitfrontier::cli
