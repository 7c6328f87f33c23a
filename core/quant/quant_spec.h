// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/quant/quant_config.h"

namespace bitfrontier {

/// What is out of range in a configuration or does not go together, or empty.
std::string quantConfigProblem(const QuantConfig& config);

}  // namespace bitfrontier
