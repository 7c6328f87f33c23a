// SPDX-License-Identifier: GPL-3.0-or-later
/// Dequantize on device memory.
///
/// Layout: as in kernel_table.h. Threads: each takes 8 codes that follow each other, which packed
/// are whole bytes, and writes 8 values: 16 bytes of 16-bit output. Their block is found once where
/// blocks begin at multiples of 8, else for each value.
/// Numerics: rule 5 of kernel_table.h. The code table is in shared memory.
/// Bytes per weight: bits / 8 read and 2 (fp16) written; bound by memory.
#include "kernels/cuda/calls.h"
#include "kernels/cuda/common.cuh"

namespace bitfrontier::cuda {
namespace {

struct DecodeJob {
  StoredTensor from;
  void* output;
  std::int64_t count;
  std::int32_t outputType;
  std::int32_t codeBits;  ///< 8 for bytes
};

/// The `count` codes from `index` on, a multiple of 8, side by side in a word.
__device__ std::uint64_t readCodes(const std::uint8_t* codes, std::int64_t index, int count,
                                   int bits) {
  const std::uint8_t* from = codes + index / kVector * bits;
  const int bytes = (count * bits + 7) / 8;
  const auto place = reinterpret_cast<std::uintptr_t>(codes);
  if (bytes == 4 && bits == 4 && place % 4 == 0)
    return *reinterpret_cast<const std::uint32_t*>(from);
  if (bytes == 8 && bits == 8 && place % 8 == 0)
    return *reinterpret_cast<const std::uint64_t*>(from);
  std::uint64_t word = 0;
#pragma unroll
  for (int i = 0; i < 8; ++i)
    if (i < bytes) word |= static_cast<std::uint64_t>(from[i]) << (8 * i);
  return word;
}

__device__ float decodeOne(const StoredTensor& from, float codebookValue, float constant,
                           std::int64_t block) {
  const float product = codebookValue * constant;
  return from.centered() ? product + from.mean(block) : product;
}

__global__ void __launch_bounds__(kThreads)
    decodeVectors(const __grid_constant__ DecodeJob job, const __grid_constant__ Values table,
                  bool vectors) {
  __shared__ float values[256];
  for (int i = static_cast<int>(threadIdx.x); i < 256; i += kThreads) values[i] = table.at[i];
  __syncthreads();
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kThreads * kVector;
  for (std::int64_t i = (static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x) * kVector;
       i < job.count; i += stride) {
    const int count = static_cast<int>(job.count - i < kVector ? job.count - i : kVector);
    const std::uint64_t word = readCodes(job.from.codes, i, count, job.codeBits);
    std::int64_t block = job.from.blockOf(i);
    float constant = job.from.constant(block);
    float y[kVector];
#pragma unroll
    for (int j = 0; j < kVector; ++j) {
      if (!vectors && j > 0 && j < count) {
        block = job.from.blockOf(i + j);
        constant = job.from.constant(block);
      }
      const auto code =
          static_cast<unsigned>(word >> (j * job.codeBits)) & ((1U << job.codeBits) - 1U);
      y[j] = decodeOne(job.from, values[code], constant, block);
    }
    writeVector(job.output, i, count, job.outputType, y);
  }
}

}  // namespace

cudaError_t dequantize(const bf_dequantize_args& args) {
  if (args.count == 0) return cudaSuccess;
  const bf_format& format = *args.format;
  const BlockGrid grid = blockGrid(args.count, format.block_size, format.row_length);
  DecodeJob job{};
  job.from = StoredTensor(args, grid);
  job.output = args.output;
  job.count = args.count;
  job.outputType = args.output_type;
  job.codeBits = format.code_layout == BF_CODES_PACKED ? format.code_bits : 8;
  return launch(decodeVectors, dim3(gridFor(args.count, kThreads * kVector)), 0,
                static_cast<cudaStream_t>(args.stream), job, valuesOf(format),
                blocksOfVectors(grid));
}

}  // namespace bitfrontier::cuda
