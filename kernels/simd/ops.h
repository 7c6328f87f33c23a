// SPDX-License-Identifier: GPL-3.0-or-later
/// The inner loops that are compiled once for each instruction set, as a table of functions over
/// fp32 arrays that stay in the first cache level. Everything about blocks, rows, threads and types
/// is done around them, once (kernels/simd/encode.cpp, decode.cpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernels/kernel_table.h"

namespace bitfrontier::simd {

/// Weights that are worked on at a time; two buffers of them fit the first cache level.
inline constexpr std::int64_t kChunk = 2048;
/// Blocks that are worked on at a time.
inline constexpr std::int64_t kChunkBlocks = 128;
/// Codes that are unpacked together.
inline constexpr std::int64_t kUnit = 16;

/// A second way to search: the bits of |y| without the last `shift` name a cell, which has at most
/// one threshold. An entry is the code in the cell in 8 bits and, above, the last bits of the
/// threshold: the code is one more where the bits of y are above them. Negative y have entries of
/// their own, behind the others, and there one more where the bits are not above.
struct Cells {
  std::vector<std::int32_t> entries;  ///< 2 * count; empty when the table has no such cells
  /// The two values that meet in each cell, first the one nearer to zero: |y| beyond their middle
  /// takes the second. The same twice in a cell without threshold.
  std::vector<float> pairs;
  std::int32_t count = 0;
  std::int32_t base = 0;  ///< what is taken off to number cells from 0
  int shift = 0;
};

/// A code table in the forms the inner loops want. Making them costs as much as some thousand
/// weights, so that each kind of call makes its own.
///
/// The search asks `depth` questions "y > threshold?". The threshold of question l depends on the l
/// answers before, which are collected in a number r, answer l in bit l: levels[l][r]. After the
/// last question r is the code with its bits in reverse order; `reversed` and `codes` are sorted
/// by r.
struct alignas(64) Table {
  float values[256];  ///< zeros behind the table
  // For searches, by makeQuestions().
  float levels[8][128];
  float reversed[256];
  float codes[256];  ///< codes as integers, kept in floats so that one look-up serves both
  float thresholds[256];
  Cells cells;  ///< by makeCells(), which needs the questions
  // For packed codes, by makePacked().
  float packed[256];            ///< their values, repeated so that bits above a code do not matter
  std::uint8_t planes[4][256];  ///< byte b of values[i] is planes[b][i]; for i of `bits` bits
  /// Unpacking 16 codes of `bits` from 16 bytes of which the first begins s bits early: lane i
  /// takes the two bytes shuffle[s][4 i], shuffle[s][4 i + 1] and drops shift[s][i] bits.
  std::uint8_t shuffle[8][64];
  std::uint32_t shift[8][16];
  int depth;  ///< 3..8
  int size;
  int bits;         ///< of packed codes, 0 for bytes
  float magnitude;  ///< largest of the values

  explicit Table(const bf_format& format);
  void makeQuestions();
  void makeCells();
  void makePacked();
};

/// Parameters of the blocks of a chunk.
struct Blocks {
  std::int64_t count = 0;
  std::int64_t size = 0;           ///< of each
  const float* inverse = nullptr;  ///< one over the constants
  const float* constant = nullptr;
  const float* mean = nullptr;  ///< null without centering
};

/// Packed codes: the code asked for first begins at bit `bit` of `bytes`; nothing from `end` on is
/// read.
struct PackedCodes {
  const std::uint8_t* bytes;
  std::int64_t bit;
  const std::uint8_t* end;
};

struct Ops {
  const char* name;  ///< "AVX3_DL", "AVX3", "AVX2", "SSE4"
  int cellDepth;     ///< from this depth on the search wants Cells, for calls that are worth it
  /// values[i] = fp32 of 16-bit inputs; the index is BF_FP16 or BF_BF16
  void (*load[3])(const void* input, std::int64_t count, float* values);
  void (*store[3])(const float* values, std::int64_t count, void* output);
  /// Bits of max|x|, above all finite numbers when there are others, and (if not null) the bits of
  /// the largest value as a signed number, of each block.
  void (*largest)(const float* x, std::int64_t blocks, std::int64_t size, std::int32_t* absmax,
                  std::int32_t* positive);
  /// x -= mean of its block, overflow saturating
  void (*center)(float* x, std::int64_t blocks, std::int64_t size, const float* mean);
  /// Constants of type BF_FP32, BF_FP16 or BF_BF16 for codebooks of magnitude 1, from absmax bits.
  void (*constants)(const std::int32_t* absmax, std::int64_t count, std::int32_t type,
                    std::uint32_t* bits, float* constant, float* inverse);
  /// Codes of x, one a byte; by depth.
  void (*encode[9])(const Table& table, const float* x, const Blocks& blocks, std::uint8_t* codes);
  /// Values of x after quantizing; `out` may be x; by depth. With `far` x goes on beyond these
  /// blocks and is not in the caches.
  void (*roundTrip[9])(const Table& table, const float* x, const Blocks& blocks, float* out,
                       bool far);
  /// `count` codes, a multiple of 32, to bytes; by bits. May write 16 bytes beyond.
  void (*pack[9])(const std::uint8_t* codes, std::int64_t count, std::uint8_t* bytes);
  /// Values of codes: bytes by depth, packed by bits, with `stream` past the caches.
  void (*decodeBytes[9])(const Table& table, const std::uint8_t* codes, const Blocks& blocks,
                         float* out);
  void (*decodePacked[9])(const Table& table, const PackedCodes& codes, const Blocks& blocks,
                          float* out, bool stream);
};

/// Whether values may be written past the caches: whole vectors at aligned places.
inline bool streamable(const float* out, const Blocks& blocks) {
  return reinterpret_cast<std::uintptr_t>(out) % 64 == 0 && blocks.size % kUnit == 0;
}
/// Results of a call from which on they are: most of a last-level cache.
inline constexpr std::int64_t kStreamFrom = std::int64_t{1} << 23;

/// The compiled instruction sets that this machine has, best first.
const std::vector<const Ops*>& supportedOps();

}  // namespace bitfrontier::simd
