// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/law/fit/joint_law.h"

namespace bitfrontier {

/// Some of the points, in the order of `kept`.
std::vector<LawPoint> pickPoints(std::span<const LawPoint> points,
                                 std::span<const std::size_t> kept);

/// Options for those of `points` points: the covariance follows. One of another size than the
/// points, which a fit passes over, is not there afterwards.
JointOptions optionsForSubset(const JointOptions& options, std::size_t points,
                              std::span<const std::size_t> kept);

/// Indices of the points of each (family, source).
std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> familiesOf(
    std::span<const LawPoint> points);

}  // namespace bitfrontier
