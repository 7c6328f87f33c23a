// SPDX-License-Identifier: GPL-3.0-or-later
/// Products with packed weights of the SIMD back end.
///
/// Layout: as in kernel_table.h, host memory. Threads: runs of output features.
/// Order of work: 2048 weights of a row are dequantized into the first cache level and meet every
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

}  // namespace

Outcome matmul(const Ops& ops, const bf_matmul_args& args) {
  const std::int64_t in = args.in_features;
  const std::int64_t out = args.out_features;
  const Table table(*args.format);
  const BlockGrid grid = blockGrid(in * out, args.format->block_size, args.format->row_length);
  std::vector<float> buffer;
  const float* x = floatInput(ops, args, buffer);
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
