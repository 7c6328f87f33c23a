// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "kernels/numerics.h"
#include "kernels/simd/ops.h"

namespace bitfrontier::simd {
namespace {

/// The low `bits` of a byte in reverse order.
int reversedBits(int value, int bits) {
  static constexpr auto kReversed = [] {
    std::array<std::uint8_t, 256> bytes{};
    for (int i = 0; i < 256; ++i)
      for (int b = 0; b < 8; ++b)
        bytes[i] = static_cast<std::uint8_t>(bytes[i] | ((i >> b) & 1) << (7 - b));
    return bytes;
  }();
  return kReversed[value] >> (8 - bits);
}

}  // namespace

Table::Table(const bf_format& format)
    : values{},
      depth(3),
      size(format.codebook_size),
      bits(format.code_layout == BF_CODES_PACKED ? format.code_bits : 0),
      magnitude(codebookMagnitude(format.codebook, format.codebook_size)) {
  while (1 << depth < size) ++depth;
  std::copy(format.codebook, format.codebook + size, values);
}

void Table::makeQuestions() {
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
}

void Table::makePacked() {
  for (int i = 0; i < 256; ++i) packed[i] = values[i & ((1 << bits) - 1)];
  for (int i = 0; i < 1 << bits; ++i)
    for (int b = 0; b < 4; ++b)
      planes[b][i] = static_cast<std::uint8_t>(floatBits(values[i]) >> (8 * b));
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

namespace {

/// Largest number of cells of one sign: with both, in 4 bytes each, half of a first cache level.
constexpr std::int32_t kMostCells = 2048;

bool fillCells(const float* thresholds, const float* values, int count, Cells& cells) {
  float least = std::numeric_limits<float>::infinity();
  float most = 0.0F;
  int negative = 0;
  for (int i = 0; i < count; ++i) {
    const float magnitude = std::abs(thresholds[i]);
    if (magnitude == 0.0F) return false;  // +0 and what follows it would need different cells
    least = std::min(least, magnitude);
    most = std::max(most, magnitude);
    if (thresholds[i] < 0.0F) ++negative;
  }
  const auto key = [&](float t) {
    return static_cast<std::int32_t>((floatBits(t) & 0x7fffffffU) >> cells.shift);
  };
  cells.base = key(least) - 1;  // cell 0: everything below, without a threshold
  cells.count = key(most) - cells.base + 2;
  if (cells.count > kMostCells) return false;
  const auto rest = static_cast<std::uint32_t>((1 << cells.shift) - 1);
  const std::int32_t never = static_cast<std::int32_t>(rest);  // no bits are above
  const std::int32_t always = -1;
  std::vector<std::int32_t> limit(2 * static_cast<std::size_t>(cells.count), never);
  std::fill(limit.begin() + cells.count, limit.end(), always);
  std::vector<int> inside(limit.size(), 0);
  for (int i = 0; i < count; ++i) {
    const bool below = thresholds[i] < 0.0F;
    const std::size_t cell = key(thresholds[i]) - cells.base + (below ? cells.count : 0);
    if (++inside[cell] > 1) return false;
    // y > t for y < 0 means |y| < |t|: the bits of y are not above those of t less one.
    limit[cell] = static_cast<std::int32_t>(floatBits(thresholds[i]) & rest) - (below ? 1 : 0);
  }
  cells.entries.resize(limit.size());
  cells.pairs.resize(2 * limit.size());
  int code = negative;
  for (std::int32_t cell = 0; cell < cells.count; ++cell) {
    cells.entries[cell] = limit[cell] * 256 + code;
    cells.pairs[2 * cell] = values[code];
    code += inside[cell];
    cells.pairs[2 * cell + 1] = values[code];
  }
  code = 0;  // thresholds below -|y|, from the largest magnitude down
  for (std::int32_t cell = 2 * cells.count - 1; cell >= cells.count; --cell) {
    cells.entries[cell] = limit[cell] * 256 + code;
    cells.pairs[2 * cell + 1] = values[code];
    code += inside[cell];
    cells.pairs[2 * cell] = values[code];
  }
  return true;
}

}  // namespace

void Table::makeCells() {
  for (cells.shift = 22; cells.shift > 12; --cells.shift)
    if (fillCells(thresholds, values, size - 1, cells)) return;
  cells = {};
}

}  // namespace bitfrontier::simd
