// SPDX-License-Identifier: GPL-3.0-or-later
/// How the SIMD back end spreads a tensor over the threads of its caller.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/blocks.h"
#include "kernels/kernel_table.h"

namespace bitfrontier::simd {

/// Weights of a part: a quarter of a megabyte of fp32, tens of microseconds of work.
inline constexpr std::int64_t kPart = std::int64_t{1} << 16;

/// Calls work(i) for i in 0..parts-1, on the runner's threads when there is one.
template <typename Work>
void runParts(const bf_runner* runner, std::int64_t parts, const Work& work) {
  if (runner == nullptr || parts < 2) {
    for (std::int64_t i = 0; i < parts; ++i) work(i);
    return;
  }
  runner->run(
      runner->context, parts,
      [](void* context, std::int64_t part) { (*static_cast<const Work*>(context))(part); },
      const_cast<void*>(static_cast<const void*>(&work)));
}

/// A cut of a tensor into runs of whole blocks, each beginning at a byte of packed codes, whatever
/// their width: at a multiple of 8 values.
struct BlockParts {
  std::int64_t blocks;   ///< of the tensor
  std::int64_t perPart;  ///< blocks

  explicit BlockParts(const BlockGrid& grid) : blocks(grid.blocks), perPart(grid.blocks) {
    if (grid.count == 0) return;
    // 8 blocks, or rows of blocks, together always begin at such a place.
    const std::int64_t unitBlocks = grid.regular() ? 1 : grid.blocksPerRow;
    const std::int64_t unit = grid.regular() ? grid.blockSize : grid.rowLength;
    std::int64_t units = std::max<std::int64_t>(1, kPart / unit);
    while (units * unit % 8 != 0) ++units;
    perPart = std::min(perPart, units * unitBlocks);
  }
  std::int64_t count() const { return blocks == 0 ? 0 : (blocks - 1) / perPart + 1; }
  std::int64_t first(std::int64_t part) const { return part * perPart; }
  std::int64_t last(std::int64_t part) const { return std::min(blocks, (part + 1) * perPart); }
};

}  // namespace bitfrontier::simd
