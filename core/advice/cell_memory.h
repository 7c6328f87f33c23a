// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/advice/family_runs.h"
#include "core/advice/memory.h"

namespace bitfrontier {

/// What models take besides their weights.
struct MemoryOptions {
  MemoryNeeds needs;
  std::map<std::string, ModelShape> shapes;  ///< of models whose folder has no config.json
};

/// Key-value bits of every cell of the family: 0 without context; NaN, and a note, where neither
/// the options nor the model's folder tell its shape. Throws Io or Format for a bad config.json.
std::vector<double> cacheBits(const FamilyRuns& family, const MemoryOptions& options,
                              std::vector<std::string>& notes);

}  // namespace bitfrontier
