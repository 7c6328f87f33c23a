// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/analysis/analysis.h"

namespace bitfrontier {

/// Points that one law may describe.
struct LawGroup {
  std::string title;  ///< "OPT", "pocket-neox (200 items)"
  std::string family, source;
  std::string difference{};  ///< what tells it from other groups of its family
  std::vector<LawPoint> points;
};

/// By what may be compared, then by family.
std::vector<LawGroup> familyGroups(std::span<const LawPoint> points, LawMetric metric);
/// What may be compared, all families together.
std::vector<LawGroup> sourceGroups(std::span<const LawPoint> points, LawMetric metric);
/// What `form` is fitted to: families, or series for a law of one format.
std::vector<LawGroup> groupsFor(const LawForm& form, std::span<const LawPoint> points,
                                SeriesKey key, LawMetric metric);

/// Takes formats away; a word is one or several of their names with commas between. Throws
/// NotFound for one that is not there and when none is left.
std::vector<LawPoint> withoutFormats(std::vector<LawPoint> points,
                                     std::span<const std::string> words, SeriesKey key);

/// Pairs the points by their items when the weighting wants it and there are outcomes; `items` gets
/// them.
JointOptions pairedOptions(JointOptions options, std::span<const LawPoint> points,
                           const AnalysisInput& input, std::optional<ItemOutcomes>& items);

}  // namespace bitfrontier
