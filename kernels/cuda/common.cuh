// SPDX-License-Identifier: GPL-3.0-or-later
/// What the kernels of the CUDA module share: reading and writing values, codes and constants,
/// warps, launching.
///
/// Numerics: the module is compiled without fused multiply-adds (-fmad=false) and with exact
/// division; rules 1-5 of kernel_table.h are the functions of kernels/numerics.h, the same that the
/// reference consists of. Conversions between fp32 and 16 bit are the processor's, which round as
/// those functions do.
#pragma once

#ifdef __CUDACC__
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#endif
#include <cuda_runtime.h>

#include <cstdint>

#include "kernels/blocks.h"
#include "kernels/kernel_table.h"
#include "kernels/numerics.h"

namespace bitfrontier::cuda {

constexpr int kThreads = 256;
constexpr int kWarp = 32;
constexpr int kWarpsPerBlock = kThreads / kWarp;
constexpr unsigned kFull = 0xffffffffU;
/// Values that a thread handles together: whole bytes of packed codes whatever their width, and 16
/// bytes of 16-bit values.
constexpr int kVector = 8;

/// Threads of a block of the grid may use this much shared memory, and share it.
__device__ inline float* dynamicShared() {
#ifdef BF_CUDA_EMULATED
  return static_cast<float*>(emulatedShared());
#else
  extern __shared__ float4 dynamicSharedMemory[];
  return reinterpret_cast<float*>(dynamicSharedMemory);
#endif
}

__device__ inline int laneOfWarp() { return static_cast<int>(threadIdx.x % kWarp); }

#ifdef __CUDA_ARCH__
__device__ inline float ofHalf(std::uint16_t bits) { return __half2float(__ushort_as_half(bits)); }
__device__ inline std::uint16_t toHalf(float value) {
  return __half_as_ushort(__float2half_rn(value));
}
__device__ inline std::uint16_t toBfloat(float value) {
  return __bfloat16_as_ushort(__float2bfloat16_rn(value));
}
#else
__device__ inline float ofHalf(std::uint16_t bits) { return halfToFloat(bits); }
__device__ inline std::uint16_t toHalf(float value) { return floatToHalf(value); }
__device__ inline std::uint16_t toBfloat(float value) { return floatToBfloat(value); }
#endif

__device__ inline float readValue(const void* values, std::int64_t index, std::int32_t type) {
  if (type == BF_FP32) return static_cast<const float*>(values)[index];
  const std::uint16_t bits = static_cast<const std::uint16_t*>(values)[index];
  return type == BF_FP16 ? ofHalf(bits) : bfloatToFloat(bits);
}

__device__ inline void writeValue(void* values, std::int64_t index, std::int32_t type,
                                  float value) {
  if (type == BF_FP32)
    static_cast<float*>(values)[index] = value;
  else
    static_cast<std::uint16_t*>(values)[index] = type == BF_FP16 ? toHalf(value) : toBfloat(value);
}

__device__ inline bool aligned16(const void* place) {
  return reinterpret_cast<std::uintptr_t>(place) % 16 == 0;
}

/// Values [index, index + count) as fp32, `count` 1..8 and `index` a multiple of 8; zeros behind.
__device__ inline void readVector(const void* values, std::int64_t index, int count,
                                  std::int32_t type, float (&x)[kVector]) {
  if (count == kVector && aligned16(values)) {
    if (type == BF_FP32) {
      const auto* from = reinterpret_cast<const float4*>(static_cast<const float*>(values) + index);
      const float4 low = from[0];
      const float4 high = from[1];
      x[0] = low.x, x[1] = low.y, x[2] = low.z, x[3] = low.w;
      x[4] = high.x, x[5] = high.y, x[6] = high.z, x[7] = high.w;
      return;
    }
    const uint4 raw =
        *reinterpret_cast<const uint4*>(static_cast<const std::uint16_t*>(values) + index);
    const std::uint32_t words[4] = {raw.x, raw.y, raw.z, raw.w};
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const auto low = static_cast<std::uint16_t>(words[i] & 0xffffU);
      const auto high = static_cast<std::uint16_t>(words[i] >> 16);
      x[2 * i] = type == BF_FP16 ? ofHalf(low) : bfloatToFloat(low);
      x[2 * i + 1] = type == BF_FP16 ? ofHalf(high) : bfloatToFloat(high);
    }
    return;
  }
#pragma unroll
  for (int i = 0; i < kVector; ++i) x[i] = i < count ? readValue(values, index + i, type) : 0.0F;
}

__device__ inline void writeVector(void* values, std::int64_t index, int count, std::int32_t type,
                                   const float (&x)[kVector]) {
  if (count == kVector && aligned16(values)) {
    if (type == BF_FP32) {
      auto* to = reinterpret_cast<float4*>(static_cast<float*>(values) + index);
      to[0] = make_float4(x[0], x[1], x[2], x[3]);
      to[1] = make_float4(x[4], x[5], x[6], x[7]);
      return;
    }
    std::uint32_t words[4];
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const std::uint32_t low = type == BF_FP16 ? toHalf(x[2 * i]) : toBfloat(x[2 * i]);
      const std::uint32_t high = type == BF_FP16 ? toHalf(x[2 * i + 1]) : toBfloat(x[2 * i + 1]);
      words[i] = low | high << 16;
    }
    *reinterpret_cast<uint4*>(static_cast<std::uint16_t*>(values) + index) =
        make_uint4(words[0], words[1], words[2], words[3]);
    return;
  }
#pragma unroll
  for (int i = 0; i < kVector; ++i)
    if (i < count) writeValue(values, index + i, type, x[i]);
}

/// The stored bits of a block constant, and its value.
__device__ inline std::uint32_t constantBits(const void* constants, std::int64_t block,
                                             std::int32_t type) {
  if (type == BF_FP32) return static_cast<const std::uint32_t*>(constants)[block];
  if (type == BF_FP16 || type == BF_BF16)
    return static_cast<const std::uint16_t*>(constants)[block];
  return static_cast<const std::uint8_t*>(constants)[block];
}
__device__ inline float constantValue(const void* constants, std::int64_t block, std::int32_t type,
                                      float tensorScale) {
  const std::uint32_t bits = constantBits(constants, block, type);
  if (type == BF_FP16) return ofHalf(static_cast<std::uint16_t>(bits));
  return constantFromBits(bits, type, tensorScale).value;
}

/// The values of a code table on their way to the device: a parameter of the kernels. Codes beyond
/// the table read as 0.
struct Values {
  float at[256];
};

inline Values valuesOf(const bf_format& format) {
  Values table{};
  for (int i = 0; i < format.codebook_size; ++i) table.at[i] = format.codebook[i];
  return table;
}

/// Which values a kernel handles eight at a time: those of blocks that begin at multiples of 8.
inline bool blocksOfVectors(const BlockGrid& grid) {
  const bool rows = grid.rowLength != grid.count;
  return grid.blockSize % kVector == 0 ? !rows || grid.rowLength % kVector == 0 : grid.blocks <= 1;
}

/// BlockGrid::blockOf without divisions where blocks are a power of two.
struct BlockFinder {
  BlockGrid grid;
  int shift = -1;  ///< of an index, or -1

  BlockFinder() = default;
  explicit BlockFinder(const BlockGrid& blocks) : grid(blocks) {
    if (!grid.regular() || (grid.blockSize & (grid.blockSize - 1)) != 0) return;
    for (shift = 0; (std::int64_t{1} << shift) < grid.blockSize;) ++shift;
  }
  __device__ std::int64_t operator()(std::int64_t index) const {
    return shift >= 0 ? index >> shift : grid.blockOf(index);
  }
};

/// What a quantized tensor consists of, for kernels that read it.
struct StoredTensor {
  const std::uint8_t* codes = nullptr;
  const void* constants = nullptr;
  const std::uint16_t* means = nullptr;
  BlockFinder blockOf;
  std::int32_t constantType = 0, meanRule = 0;
  float tensorMean = 0.0F, tensorScale = 0.0F;

  StoredTensor() = default;
  template <typename Args>
  StoredTensor(const Args& args, const BlockGrid& grid)
      : codes(static_cast<const std::uint8_t*>(args.codes)),
        constants(args.constants),
        means(static_cast<const std::uint16_t*>(args.means)),
        blockOf(grid),
        constantType(args.format->constant_type),
        meanRule(args.format->mean_rule),
        tensorMean(args.format->tensor_mean),
        tensorScale(args.format->tensor_scale) {}
  __device__ float constant(std::int64_t block) const {
    return constantValue(constants, block, constantType, tensorScale);
  }
  __device__ bool centered() const { return meanRule != BF_MEAN_NONE; }
  __device__ float mean(std::int64_t block) const {
    return meanRule == BF_MEAN_TENSOR ? tensorMean : ofHalf(means[block]);
  }
};

/// Multiprocessors of the current device.
inline int multiprocessors() {
  int device = 0;
  int count = 0;
  if (cudaGetDevice(&device) != cudaSuccess ||
      cudaDeviceGetAttribute(&count, cudaDevAttrMultiProcessorCount, device) != cudaSuccess)
    return 1;
  return count;
}

/// Size of a grid whose threads loop: enough for `work`, at most `perProcessor` blocks on each
/// multiprocessor.
inline unsigned gridFor(std::int64_t work, std::int64_t perBlock, int perProcessor = 16) {
  const std::int64_t wanted = work <= 0 ? 1 : (work - 1) / perBlock + 1;
  const std::int64_t most = static_cast<std::int64_t>(multiprocessors()) * perProcessor;
  return static_cast<unsigned>(wanted < most ? wanted : most);
}

/// Starts `kernel` on `stream` with kThreads threads a block.
template <typename... Parameters, typename... Arguments>
cudaError_t launch(void (*kernel)(Parameters...), dim3 grid, std::size_t shared,
                   [[maybe_unused]] cudaStream_t stream, const Arguments&... arguments) {
#ifdef BF_CUDA_EMULATED
  return emulate(grid, kThreads, shared, [&] { kernel(arguments...); });
#else
  // Beyond 48 KB shared memory must be asked for.
  if (shared > 48 * 1024) {
    const cudaError_t error =
        cudaFuncSetAttribute(reinterpret_cast<const void*>(kernel),
                             cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(shared));
    if (error != cudaSuccess) return error;
  }
  kernel<<<grid, kThreads, shared, stream>>>(arguments...);
  return cudaGetLastError();
#endif
}

}  // namespace bitfrontier::cuda
