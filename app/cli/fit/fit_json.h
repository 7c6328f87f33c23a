// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "core/analysis/analysis.h"
#include "core/law/text/portable_law.h"

namespace bitfrontier::cli {

/// The answer as --json prints it, with the influence of each point on laws where asked for.
nlohmann::json jsonOf(const FitRequest& request, const Analysis& analysis, bool influence = false);
/// The laws of the answer as --export writes them.
std::vector<PortableLaw> portableLaws(const FitRequest& request, const Analysis& analysis);

}  // namespace bitfrontier::cli
