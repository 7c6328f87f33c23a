// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core/advice/family_runs.h"

namespace bitfrontier {

/// A decision draws all cells together and its laws cost time as points times formats, so of more
/// cells than `most` those are kept that can matter: family by family, then format by format, by
/// the best measured value among cells that fit. The best measured cell always stays. Gives what
/// has to be said about it, or "".
std::string narrowFamilies(std::vector<FamilyRuns>& families, LawMetric metric, std::size_t most,
                           const std::function<bool(const FamilyRuns&, std::size_t cell)>& fits);

}  // namespace bitfrontier
