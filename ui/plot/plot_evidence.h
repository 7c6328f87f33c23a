// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "core/law/data/law_point.h"

namespace bitfrontier {

/// How sure it is that a point is on the frontier of what may be compared with it.
struct FrontierChance {
  double probability = 0;
  bool on = false;  ///< by the measured values; else a tie: it could be
};

/// By pointKey; only points that are or could be on a frontier.
struct FrontierChances {
  std::unordered_map<std::string, FrontierChance> points;
  bool paired = false;  ///< over the same items of all points
};

/// A cell that was not run, and what the laws say of it.
struct PredictedPoint {
  LawPoint point;
  double low = LawPoint::kAbsent, high = LawPoint::kAbsent;  ///< of the metric, 95 %
};

}  // namespace bitfrontier
