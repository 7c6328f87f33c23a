// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/law/data/law_point.h"

namespace bitfrontier {

/// A point that somebody has chosen, as it is written down: found again after new runs, in a copy
/// of its store, and in another store that has it.
struct PointRef {
  std::string key;   ///< pointKey() in the store where it was chosen
  std::string name;  ///< nameOfPoint()

  bool empty() const { return name.empty(); }
  bool operator==(const PointRef&) const = default;
};

/// A point that no law, frontier and advice of a view rests on, and why.
struct Exclusion {
  PointRef point;
  std::string reason;  ///< what the user wrote, never empty
  std::string date;    ///< day of the exclusion, ISO 8601

  bool operator==(const Exclusion&) const = default;
};

/// "opt-1.3b int4-b64, gptq, calibrated on c4, 200 items each": all that tells points of a store
/// apart. The same in every language.
std::string nameOfPoint(const LawPoint& point);
PointRef pointRef(const LawPoint& point);

/// Places of the points that are meant, ascending, each once. Where several have a name, the one
/// with the key counts, and without it all of them.
std::vector<std::size_t> placesOf(std::span<const PointRef> refs, std::span<const LawPoint> points);
std::vector<std::size_t> placesOf(std::span<const Exclusion> excluded,
                                  std::span<const LawPoint> points);

}  // namespace bitfrontier
