// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "kernels/blocks.h"
#include "kernels/packing.h"
#include "kernels/simd/ops.h"

namespace bitfrontier::simd {

/// Constants of blocks as fp32.
void readConstants(const Ops& ops, const bf_format& format, const void* constants,
                   std::int64_t first, std::int64_t count, float* values);

/// Reads any run of values of a quantized tensor as fp32, one thread at a time.
class Decoder {
 public:
  Decoder(const Ops& ops, const bf_format& format, const Table& table, const BlockGrid& grid,
          const void* codes, const void* constants, const void* means);

  /// The values [begin, end) of the flat tensor; with `stream` written past the caches.
  void range(std::int64_t begin, std::int64_t end, float* out, bool stream = false);

 private:
  /// Fetches constants and means of some blocks.
  void fetch(std::int64_t block, std::int64_t count);

  const Ops& ops_;
  const bf_format& format_;
  const Table& table_;
  const BlockGrid& grid_;
  const std::uint8_t* codes_;
  const std::uint8_t* codesEnd_;
  const void* constants_;
  const std::uint16_t* means_;
  alignas(64) float constant_[kChunkBlocks];
  alignas(64) float mean_[kChunkBlocks];
};

}  // namespace bitfrontier::simd
