// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/quant/quant_config.h"

namespace bitfrontier {

/// Code table of a configuration, ascending. Tables that are estimated on each tensor (quantile,
/// nquantile, learned) are estimated on `sample`, a row-major matrix with rows of `rowLength`, and
/// rounded to fp16 (as they are stored); an empty sample stands for the standard normal
/// distribution. With power-of-two constants the tables of int and float reach up to the largest
/// element divided by its power of two (MXFP4: 1.5), so that the grid is that of the OCP formats;
/// all others reach 1. Throws Error(InvalidArgument) for the baselines, Error(Numeric) for a sample
/// with NaN or Inf.
std::vector<float> codebookFor(const QuantConfig& config, std::span<const float> sample = {},
                               std::int64_t rowLength = 0);

}  // namespace bitfrontier
