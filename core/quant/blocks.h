// SPDX-License-Identifier: GPL-3.0-or-later
/// How a weight matrix is cut into blocks that share a constant.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/quant/quant_config.h"

namespace bitfrontier {

/// Blocks of a row-major matrix with `count` values in rows of `rowLength`.
struct BlockLayout {
  std::int64_t count = 0;
  std::int64_t span = 0;       ///< stretch in which blocks are cut: the row length or `count`
  std::int64_t blockSize = 0;  ///< weights per block, at most `span`

  /// `rowLength` matters only when blocks end with rows. Nothing may be 0 unless count is.
  static BlockLayout of(const QuantConfig& config, std::int64_t count, std::int64_t rowLength) {
    BlockLayout layout;
    layout.count = count;
    const bool rows = config.withinRows || config.blockSize == QuantConfig::kPerRow;
    layout.span = rows ? rowLength : count;
    layout.blockSize = config.blockSize > 0
                           ? std::min(config.blockSize, std::max<std::int64_t>(layout.span, 1))
                           : layout.span;
    return layout;
  }

  std::int64_t blocksPerSpan() const { return span == 0 ? 0 : (span - 1) / blockSize + 1; }
  std::int64_t blocks() const { return span == 0 ? 0 : count / span * blocksPerSpan(); }
  std::int64_t begin(std::int64_t block) const {
    return block / blocksPerSpan() * span + block % blocksPerSpan() * blockSize;
  }
  std::int64_t end(std::int64_t block) const {
    const std::int64_t spanEnd = (block / blocksPerSpan() + 1) * span;
    return std::min(begin(block) + blockSize, spanEnd);
  }
};

}  // namespace bitfrontier
