// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "core/advice/widths.h"

namespace bitfrontier {

/// "4 bit is optimal from 1.2e+09 to 8.1e+11 total bits (P 0.97 or more), among 3, 4, 8 and 16 bit;
/// not measured there: 3 bit above 9e+10", one sentence a range.
std::vector<std::string> rangeSentences(const OptimalWidths& widths);

/// Ranges with their probabilities, what they are among and what is not measured there.
nlohmann::ordered_json rangesToJson(std::span<const WidthRange> ranges,
                                    std::span<const MeasuredWidth> measured);

}  // namespace bitfrontier
