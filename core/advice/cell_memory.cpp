// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/cell_memory.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace bitfrontier {
namespace {

std::optional<ModelShape> shapeOf(const FamilyRuns& family, const std::string& model,
                                  const MemoryOptions& options) {
  if (const auto given = options.shapes.find(model); given != options.shapes.end()) {
    return given->second;
  }
  const auto path = family.modelPaths.find(model);
  if (path != family.modelPaths.end()) {
    if (const auto own = readShape(path->second)) return own;
  }
  return findShape(options.shapes, model);
}

/// "OPT-125M, OPT-350M and 7 more": a note for each of twenty models would hide the other notes.
std::string someOf(const std::vector<std::string>& models) {
  constexpr std::size_t kShown = 3;
  if (models.size() <= kShown + 1) return fmt::format("{}", fmt::join(models, ", "));
  return fmt::format("{} and {} more", fmt::join(models.begin(), models.begin() + kShown, ", "),
                     models.size() - kShown);
}

}  // namespace

std::vector<double> cacheBits(const FamilyRuns& family, const MemoryOptions& options,
                              std::vector<std::string>& notes) {
  std::map<std::string, double> byModel;
  std::map<std::int64_t, std::vector<std::string>> tooShort;  // by the longest context
  std::vector<std::string> unknown;
  for (const FamilyCell& cell : family.cells) {
    if (byModel.contains(cell.model)) continue;
    double& bits = byModel[cell.model];
    if (options.needs.context == 0) continue;
    const auto shape = shapeOf(family, cell.model, options);
    if (!shape) {
      unknown.push_back(cell.model);
      bits = LawPoint::kAbsent;
      continue;
    }
    bits = kvCacheBits(*shape, options.needs);
    if (shape->longestContext > 0 && options.needs.context > shape->longestContext) {
      tooShort[shape->longestContext].push_back(cell.model);
    }
  }
  for (const auto& [longest, models] : tooShort) {
    notes.push_back(fmt::format("made for {} tokens of context, not {}: {}", longest,
                                options.needs.context, someOf(models)));
  }
  if (!unknown.empty()) {
    notes.push_back(fmt::format(
        "layers and heads are not known (no config.json in the folder), so the key-value cache is "
        "not either: left out; give --shapes FILE.csv, or --context 0 for the weights alone: {}",
        someOf(unknown)));
  }
  std::vector<double> all;
  all.reserve(family.cells.size());
  for (const FamilyCell& cell : family.cells) all.push_back(byModel[cell.model]);
  return all;
}

}  // namespace bitfrontier
