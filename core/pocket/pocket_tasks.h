// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/pocket/world.h"

namespace bitfrontier::pocket {

/// A file of the suite: its name and bytes.
struct SuiteFile {
  std::string name;
  std::string content;
};

/// The four tasks in the file formats of their namesakes, and the complete sentences that training
/// must not contain.
struct PocketTasks {
  std::vector<SuiteFile> files;
  std::unordered_set<std::string> heldOut;
};

inline constexpr std::size_t kTaskItems = 1000;

/// pocket_lambada.jsonl, pocket_hellaswag.jsonl, pocket_piqa.jsonl (+ -labels.lst),
/// pocket_winogrande.jsonl, 1,000 items each. Facts are drawn uniformly over facts; skills and
/// facts alternate, so a prefix of the items is a fair sample.
PocketTasks makeTasks(const World& world, std::uint64_t seed);

}  // namespace bitfrontier::pocket
