// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ui/base/view_options.h"

namespace bitfrontier {

/// The points with these keys (pointKey).
std::vector<PointRef> refsOf(std::span<const LawPoint> points, std::span<const std::string> keys);

/// The options with these points excluded as of today, with the reason; those that are excluded
/// already get the new reason. Throws Error{InvalidArgument} for a reason without a letter.
ViewOptions withExcluded(ViewOptions options, std::span<const PointRef> points,
                         const std::string& reason);
/// The options with these exclusions taken back.
ViewOptions withTakenBack(ViewOptions options, std::span<const PointRef> points);

}  // namespace bitfrontier
