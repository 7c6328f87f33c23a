// SPDX-License-Identifier: GPL-3.0-or-later
/// Which values a block covers: the rules of kernel_table.h. C++17, also for device code.
#pragma once

#include <cstdint>

#if defined(__CUDACC__)
#define BF_HOST_DEVICE __host__ __device__
#else
#define BF_HOST_DEVICE
#endif

namespace bitfrontier {

/// The blocks of a tensor of `count` values.
struct BlockGrid {
  std::int64_t count = 0;
  std::int64_t rowLength = 0;     ///< `count` when blocks run along the flattened tensor
  std::int64_t blockSize = 0;     ///< never 0 unless the tensor is empty
  std::int64_t blocksPerRow = 0;  ///< of such a row
  std::int64_t blocks = 0;

  BF_HOST_DEVICE std::int64_t begin(std::int64_t block) const {
    const std::int64_t row = block / blocksPerRow;
    return row * rowLength + (block - row * blocksPerRow) * blockSize;
  }
  BF_HOST_DEVICE std::int64_t end(std::int64_t block) const {
    const std::int64_t row = block / blocksPerRow;
    const std::int64_t full = (block - row * blocksPerRow + 1) * blockSize;
    return row * rowLength + (full < rowLength ? full : rowLength);
  }
  /// The block of a value.
  BF_HOST_DEVICE std::int64_t blockOf(std::int64_t index) const {
    const std::int64_t row = index / rowLength;
    return row * blocksPerRow + (index - row * rowLength) / blockSize;
  }
  /// Number of blocks from this one on that are whole and lie one behind the other.
  BF_HOST_DEVICE std::int64_t fullBlocksFrom(std::int64_t block) const {
    if (regular()) return count / blockSize - block;
    return rowLength / blockSize - block % blocksPerRow;
  }
  /// Whether all blocks but the tensor's last are of the same size, without gaps at rows: block b
  /// then starts at b * blockSize.
  BF_HOST_DEVICE bool regular() const {
    return blocksPerRow == blocks || rowLength % blockSize == 0;
  }
};

/// `count`, `blockSize` and `rowLength` as in kernel_table.h.
inline BF_HOST_DEVICE BlockGrid blockGrid(std::int64_t count, std::int64_t blockSize,
                                          std::int64_t rowLength = 0) {
  BlockGrid grid;
  if (count == 0) return grid;
  grid.count = count;
  grid.rowLength = rowLength == 0 ? count : rowLength;
  grid.blockSize = blockSize == 0 || blockSize > grid.rowLength ? grid.rowLength : blockSize;
  grid.blocksPerRow = (grid.rowLength - 1) / grid.blockSize + 1;
  grid.blocks = count / grid.rowLength * grid.blocksPerRow;
  return grid;
}

/// Number of blocks, which is that of block constants.
inline BF_HOST_DEVICE std::int64_t blockCount(std::int64_t count, std::int64_t blockSize,
                                              std::int64_t rowLength = 0) {
  return blockGrid(count, blockSize, rowLength).blocks;
}

}  // namespace bitfrontier
