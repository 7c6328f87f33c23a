// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "core/quant/quant_config.h"
#include "kernels/blocks.h"

namespace bitfrontier {

/// Whether blocks begin anew in each row.
inline bool blocksEndWithRows(const QuantConfig& config) {
  return config.withinRows || config.blockSize == QuantConfig::kPerRow;
}

/// The blocks of a row-major matrix of `count` values in rows of `rowLength`, which matters only
/// when blocks end with rows.
inline BlockGrid blockGridOf(const QuantConfig& config, std::int64_t count,
                             std::int64_t rowLength) {
  return blockGrid(count, config.blockSize > 0 ? config.blockSize : 0,
                   blocksEndWithRows(config) ? rowLength : 0);
}

}  // namespace bitfrontier
