// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/cell_memory.h"

#include <fmt/format.h>

namespace bitfrontier {
namespace {

std::optional<ModelShape> shapeOf(const FamilyRuns& family, const std::string& model,
                                  const MemoryOptions& options) {
  if (const auto given = options.shapes.find(model); given != options.shapes.end()) {
    return given->second;
  }
  const auto path = family.modelPaths.find(model);
  return path == family.modelPaths.end() ? std::nullopt : readShape(path->second);
}

}  // namespace

std::vector<double> cacheBits(const FamilyRuns& family, const MemoryOptions& options,
                              std::vector<std::string>& notes) {
  std::map<std::string, double> byModel;
  for (const FamilyCell& cell : family.cells) {
    if (byModel.contains(cell.model)) continue;
    double& bits = byModel[cell.model];
    if (options.needs.context == 0) continue;
    const auto shape = shapeOf(family, cell.model, options);
    if (!shape) {
      notes.push_back(
          fmt::format("{}: layers and heads are not known (its folder has no config.json), so "
                      "its key-value cache is not either: left out; give --shapes FILE.csv, or "
                      "--context 0 for the weights alone",
                      cell.model));
      bits = LawPoint::kAbsent;
      continue;
    }
    bits = kvCacheBits(*shape, options.needs);
    if (shape->longestContext > 0 && options.needs.context > shape->longestContext) {
      notes.push_back(fmt::format("{} was made for {} tokens of context, not {}", cell.model,
                                  shape->longestContext, options.needs.context));
    }
  }
  std::vector<double> all;
  for (const FamilyCell& cell : family.cells) all.push_back(byModel[cell.model]);
  return all;
}

}  // namespace bitfrontier
