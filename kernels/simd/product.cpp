// SPDX-License-Identifier: GPL-3.0-or-later
/// Products with packed weights of the SIMD back end.
///
/// Layout: as in kernel_table.h, host memory. Threads: runs of output features.
/// Order of work: a few input rows with 2 or 4 bits meet the codes directly (product-inl.h). Else
/// 2048 weights of a row are dequantized into the first cache level and meet every
/// row of the input there. Numerics: fp32 sums, rule 6 of kernel_table.h.
/// Bytes: bits / 8 a weight, once, whatever the batch; bound by decoding at small batches.
#include <algorithm>
#include <vector>

#include "kernels/numerics.h"
#include "kernels/simd/decode.h"
#include "kernels/simd/parts.h"
#include "kernels/simd/simd.h"

namespace bitfrontier::simd {
namespace {

/// The input as fp32: itself, or converted into `buffer`.
const float* floatInput(const Ops& ops, const bf_matmul_args& args, std::vector<float>& buffer) {
  if (args.input_type == BF_FP32) return static_cast<const float*>(args.input);
  const std::int64_t count = args.batch * args.in_features;
  buffer.resize(static_cast<std::size_t>(count));
  ops.load[args.input_type](args.input, count, buffer.data());
  return buffer.data();
}

void put(const bf_matmul_args& args, std::int64_t index, float value) {
  switch (args.output_type) {
    case BF_FP32:
      static_cast<float*>(args.output)[index] = value;
      break;
    case BF_FP16:
      static_cast<std::uint16_t*>(args.output)[index] = floatToHalf(value);
      break;
    default:
      static_cast<std::uint16_t*>(args.output)[index] = floatToBfloat(value);
      break;
  }
}

/// Whether the loops over words of codes can do it: whole steps in a row, blocks that are whole
/// steps or that a step holds whole, each lane within one block.
bool wordsFit(const Ops& ops, const bf_matmul_args& args, const BlockGrid& grid) {
  const bf_format& format = *args.format;
  if (format.code_layout != BF_CODES_PACKED || format.mean_rule != BF_MEAN_NONE) return false;
  if (args.batch > Ops::kMostBatch || grid.blocks == 0) return false;
  const std::int64_t step = ops.wordStep[format.code_bits];
  const std::int64_t block = std::min(grid.blockSize, args.in_features);
  return step > 0 && args.in_features % step == 0 &&
         (args.in_features % grid.blockSize == 0 || grid.blockSize % args.in_features == 0) &&
         (block % step == 0 || (step % block == 0 && block % (32 / format.code_bits) == 0));
}

void wordMatmul(const Ops& ops, const bf_matmul_args& args, const Table& table,
                const BlockGrid& grid, const float* x) {
  const bf_format& format = *args.format;
  const std::int64_t in = args.in_features;
  const std::int64_t out = args.out_features;
  const int bits = format.code_bits;
  const std::int64_t block = std::min(grid.blockSize, in);
  std::vector<float> arranged(static_cast<std::size_t>(args.batch * in));
  const std::int64_t step = ops.wordStep[bits];
  std::int64_t order[Ops::kMostStep];
  // Which of the constants of a step each position takes.
  alignas(64) std::uint32_t owners[Ops::kMostStep];
  for (std::int64_t p = 0; p < step; ++p) {
    order[p] = ops.wordOrder[bits](p);
    owners[p] = static_cast<std::uint32_t>(order[p] / block);
  }
  for (std::int64_t begin = 0; begin < args.batch * in; begin += step)
    for (std::int64_t p = 0; p < step; ++p) arranged[begin + p] = x[begin + order[p]];
  const std::int64_t rows = std::max<std::int64_t>(1, kPart / in);
  runParts(args.runner, (out - 1) / rows + 1, [&](std::int64_t part) {
    std::vector<float> constants(static_cast<std::size_t>(in / block + kUnit), 0.0F);
    for (std::int64_t o = part * rows; o < std::min(out, (part + 1) * rows); ++o) {
      readConstants(ops, format, args.constants, grid.blockOf(o * in), in / block,
                    constants.data());
      const auto* codes = static_cast<const std::uint8_t*>(args.codes) + o * in * bits / 8;
      float sums[Ops::kMostBatch];
      for (std::int64_t b = 0; b < args.batch;) {
        const std::int64_t together = args.batch - b >= 4 ? 4 : args.batch - b >= 2 ? 2 : 1;
        ops.wordProduct[bits][together](table, codes, arranged.data() + b * in, in,
                                        constants.data(), block, owners, sums);
        for (std::int64_t i = 0; i < together; ++i) put(args, (b + i) * out + o, sums[i]);
        b += together;
      }
    }
  });
}

}  // namespace

Outcome matmul(const Ops& ops, const bf_matmul_args& args) {
  const std::int64_t in = args.in_features;
  const std::int64_t out = args.out_features;
  Table table(*args.format);
  if (table.bits > 0) table.makePacked();
  const BlockGrid grid = blockGrid(in * out, args.format->block_size, args.format->row_length);
  std::vector<float> buffer;
  const float* x = floatInput(ops, args, buffer);
  if (wordsFit(ops, args, grid)) {
    wordMatmul(ops, args, table, grid, x);
    return {};
  }
  const std::int64_t rows = std::max<std::int64_t>(1, kPart / std::max<std::int64_t>(in, 1));
  const std::int64_t parts = out == 0 ? 0 : (out - 1) / rows + 1;
  runParts(args.runner, parts, [&](std::int64_t part) {
    Decoder decoder(ops, *args.format, table, grid, args.codes, args.constants, args.means);
    alignas(64) float weights[kChunk];
    std::vector<float> sums(static_cast<std::size_t>(args.batch));
    for (std::int64_t o = part * rows; o < std::min(out, (part + 1) * rows); ++o) {
      std::fill(sums.begin(), sums.end(), 0.0F);
      for (std::int64_t i = 0; i < in; i += kChunk) {
        const std::int64_t count = std::min(kChunk, in - i);
        decoder.range(o * in + i, o * in + i + count, weights);
        ops.dot(x + i, args.batch, in, weights, count, sums.data());
      }
      for (std::int64_t b = 0; b < args.batch; ++b) put(args, b * out + o, sums[b]);
    }
  });
  return {};
}

}  // namespace bitfrontier::simd
