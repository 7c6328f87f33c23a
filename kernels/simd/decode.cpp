// SPDX-License-Identifier: GPL-3.0-or-later
/// Dequantize of the SIMD back end: everything around the inner loops.
///
/// Layout: as in kernel_table.h, host memory. Threads: parts of 65,536 values, wherever they fall
/// in blocks. Outputs that are not fp32 pass through a buffer in the first cache level.
#include "kernels/simd/decode.h"

#include <hwy/cache_control.h>
#include <algorithm>
#include <cstring>

#include "kernels/numerics.h"
#include "kernels/simd/parts.h"
#include "kernels/simd/simd.h"

namespace bitfrontier::simd {

Decoder::Decoder(const Ops& ops, const bf_format& format, const Table& table, const BlockGrid& grid,
                 const void* codes, const void* constants, const void* means)
    : ops_(ops),
      format_(format),
      table_(table),
      grid_(grid),
      codes_(static_cast<const std::uint8_t*>(codes)),
      codesEnd_(codes_ + codeBytes(grid.count, format.code_layout, format.code_bits)),
      constants_(constants),
      means_(static_cast<const std::uint16_t*>(means)) {}

void readConstants(const Ops& ops, const bf_format& format, const void* constants,
                   std::int64_t first, std::int64_t count, float* values) {
  const std::int32_t type = format.constant_type;
  if (type == BF_FP32) {
    std::memcpy(values, static_cast<const float*>(constants) + first, count * sizeof(float));
  } else if (type == BF_FP16 || type == BF_BF16) {
    ops.load[type](static_cast<const std::uint16_t*>(constants) + first, count, values);
  } else {
    for (std::int64_t i = 0; i < count; ++i)
      values[i] = readConstant(constants, first + i, type, format.tensor_scale).value;
  }
}

void Decoder::fetch(std::int64_t block, std::int64_t count) {
  readConstants(ops_, format_, constants_, block, count, constant_);
  if (format_.mean_rule == BF_MEAN_TENSOR)
    std::fill_n(mean_, count, format_.tensor_mean);
  else if (format_.mean_rule != BF_MEAN_NONE)
    ops_.load[BF_FP16](means_ + block, count, mean_);
}

void Decoder::range(std::int64_t begin, std::int64_t end, float* out, bool stream) {
  for (std::int64_t i = begin; i < end;) {
    const std::int64_t block = grid_.blockOf(i);
    const std::int64_t blockEnd = grid_.end(block);
    Blocks blocks;
    blocks.count = 1;
    blocks.size = std::min(end, blockEnd) - i;
    if (i == grid_.begin(block) && blockEnd <= end)
      blocks.count = std::max<std::int64_t>(
          1, std::min({kChunkBlocks, grid_.fullBlocksFrom(block), (end - i) / blocks.size}));
    fetch(block, blocks.count);
    blocks.constant = constant_;
    blocks.mean = format_.mean_rule == BF_MEAN_NONE ? nullptr : mean_;
    if (format_.code_layout == BF_CODES_PACKED)
      ops_.decodePacked[format_.code_bits](table_, {codes_, i * format_.code_bits, codesEnd_},
                                           blocks, out, stream);
    else
      ops_.decodeBytes[table_.depth](table_, codes_ + i, blocks, out);
    i += blocks.count * blocks.size;
    out += blocks.count * blocks.size;
  }
}

Outcome dequantize(const Ops& ops, const bf_dequantize_args& args) {
  Table table(*args.format);
  if (table.bits > 0) table.makePacked();
  const BlockGrid grid = blockGrid(args.count, args.format->block_size, args.format->row_length);
  const std::int64_t parts = args.count == 0 ? 0 : (args.count - 1) / kPart + 1;
  runParts(args.runner, parts, [&](std::int64_t part) {
    Decoder decoder(ops, *args.format, table, grid, args.codes, args.constants, args.means);
    const std::int64_t begin = part * kPart;
    const std::int64_t end = std::min(args.count, begin + kPart);
    if (args.output_type == BF_FP32) {
      decoder.range(begin, end, static_cast<float*>(args.output) + begin,
                    args.count >= kStreamFrom);
      hwy::FlushStream();
      return;
    }
    alignas(64) float values[kChunk];
    auto* output = static_cast<std::uint16_t*>(args.output);
    for (std::int64_t i = begin; i < end; i += kChunk) {
      const std::int64_t count = std::min(kChunk, end - i);
      decoder.range(i, i + count, values);
      ops.store[args.output_type](values, count, output + i);
    }
  });
  return {};
}

}  // namespace bitfrontier::simd
