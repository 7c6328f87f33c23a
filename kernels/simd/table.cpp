// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstring>
#include <limits>

#include "kernels/numerics.h"
#include "kernels/simd/ops.h"

namespace bitfrontier::simd {
namespace {

int reversedBits(int value, int bits) {
  int result = 0;
  for (int i = 0; i < bits; ++i) result |= ((value >> i) & 1) << (bits - 1 - i);
  return result;
}

}  // namespace

Table::Table(const bf_format& format)
    : levels{},
      values{},
      packed{},
      reversed{},
      codes{},
      shuffle{},
      shift{},
      depth(3),
      size(format.codebook_size),
      bits(format.code_layout == BF_CODES_PACKED ? format.code_bits : 0),
      magnitude(codebookMagnitude(format.codebook, format.codebook_size)) {
  while (1 << depth < size) ++depth;
  std::copy(format.codebook, format.codebook + size, values);
  for (int i = 0; i < 256 && bits > 0; ++i) packed[i] = values[i % (1 << bits)];
  std::fill(std::begin(thresholds), std::end(thresholds), std::numeric_limits<float>::infinity());
  for (int i = 0; i + 1 < size; ++i) thresholds[i] = thresholdBetween(values[i], values[i + 1]);
  for (int level = 0; level < depth; ++level)
    for (int r = 0; r < 1 << level; ++r)
      levels[level][r] =
          thresholds[(reversedBits(r, level) << (depth - level)) + (1 << (depth - level - 1)) - 1];
  for (int code = 0; code < 1 << depth; ++code) {
    const int r = reversedBits(code, depth);
    reversed[r] = values[code];
    codes[r] = floatFromBits(static_cast<std::uint32_t>(code));
  }
  for (int s = 0; s < 8; ++s) {
    for (int i = 0; i < kUnit; ++i) {
      const int bit = s + i * bits;
      // The second byte of the last lane may lie beyond the 16: then none of its bits are used.
      shuffle[s][4 * i] = static_cast<std::uint8_t>(std::min(bit / 8, 15));
      shuffle[s][4 * i + 1] = static_cast<std::uint8_t>(std::min(bit / 8 + 1, 15));
      shuffle[s][4 * i + 2] = shuffle[s][4 * i + 3] = 0x80;  // reads as zero
      shift[s][i] = static_cast<std::uint32_t>(bit % 8);
    }
  }
}

}  // namespace bitfrontier::simd
