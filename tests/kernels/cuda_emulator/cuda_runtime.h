// SPDX-License-Identifier: GPL-3.0-or-later
/// Takes the place of the CUDA runtime's header so that the sources of the CUDA module compile as
/// plain C++ and run on the host: every thread of a block is a fiber, blocks run one after the
/// other, device memory is host memory. It shows what the kernels compute and which memory they
/// touch (also under the address sanitizer), on machines without a GPU; it says nothing about
/// races within a warp's instructions, about the compiler for devices, or about speed.
#pragma once

#define BF_CUDA_EMULATED 1

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>

#define __global__
#define __device__
#define __host__
#define __shared__ static
#define __grid_constant__
#define __launch_bounds__(...)

struct dim3 {
  unsigned x = 1, y = 1, z = 1;
  dim3() = default;
  explicit dim3(unsigned a, unsigned b = 1, unsigned c = 1) : x(a), y(b), z(c) {}
};
struct alignas(8) uint2 {
  unsigned x, y;
};
struct alignas(16) uint4 {
  unsigned x, y, z, w;
};
struct alignas(8) float2 {
  float x, y;
};
struct alignas(16) float4 {
  float x, y, z, w;
};
inline uint4 make_uint4(unsigned x, unsigned y, unsigned z, unsigned w) { return {x, y, z, w}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }

extern dim3 threadIdx, blockIdx, gridDim;

// ---- what threads of a block do together (cuda_emulator.cpp) ----

/// Dynamic shared memory of the block.
void* emulatedShared();
/// Waits for all threads of the block. The process ends when some of them wait for something else.
void __syncthreads();
/// Gives the 8 bytes that each lane of the warp brought, once all 32 have.
const std::uint64_t* emulatedExchange(std::uint64_t mine);

/// Value of lane `lane` of the warp.
template <typename T>
T emulatedShuffle(T value, int lane) {
  static_assert(sizeof(T) <= 8);
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof value);
  bits = emulatedExchange(bits)[lane];
  std::memcpy(&value, &bits, sizeof value);
  return value;
}
inline int emulatedLane() { return static_cast<int>(threadIdx.x % 32); }
template <typename T>
T __shfl_sync(unsigned, T value, int lane) {
  return emulatedShuffle(value, lane);
}
template <typename T>
T __shfl_xor_sync(unsigned, T value, int offset) {
  return emulatedShuffle(value, emulatedLane() ^ offset);
}
template <typename T>
T __shfl_down_sync(unsigned, T value, int offset) {
  const int from = emulatedLane() + offset;
  return emulatedShuffle(value, from < 32 ? from : emulatedLane());
}

template <typename T>
void atomicMax(T* place, T value) {
  *place = std::max(*place, value);
}
template <typename T>
void atomicMin(T* place, T value) {
  *place = std::min(*place, value);
}
template <typename T>
void atomicAdd(T* place, T value) {
  *place += value;
}
template <typename T>
void atomicOr(T* place, T value) {
  *place |= value;
}
template <typename T>
T __ldcs(const T* place) {
  return *place;
}

// ---- the runtime ----

using cudaStream_t = void*;
enum cudaError_t { cudaSuccess = 0, cudaErrorMemoryAllocation = 2, cudaErrorInvalidDevice = 101 };
enum cudaDeviceAttr { cudaDevAttrMultiProcessorCount };

/// Runs `thread` in each of `threads` threads of each block.
cudaError_t emulate(dim3 grid, int threads, std::size_t shared,
                    const std::function<void()>& thread);

inline cudaError_t cudaGetDeviceCount(int* count) { return *count = 1, cudaSuccess; }
inline cudaError_t cudaGetDevice(int* device) { return *device = 0, cudaSuccess; }
inline cudaError_t cudaSetDevice(int device) {
  return device == 0 ? cudaSuccess : cudaErrorInvalidDevice;
}
inline const char* cudaGetErrorString(cudaError_t) { return "invalid device ordinal"; }
inline cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr, int) {
  return *value = 2, cudaSuccess;
}
inline cudaError_t cudaMallocAsync(void** memory, std::size_t bytes, cudaStream_t) {
  *memory = std::malloc(bytes);
  return *memory == nullptr ? cudaErrorMemoryAllocation : cudaSuccess;
}
inline cudaError_t cudaFreeAsync(void* memory, cudaStream_t) {
  std::free(memory);
  return cudaSuccess;
}
inline cudaError_t cudaMemsetAsync(void* memory, int value, std::size_t bytes, cudaStream_t) {
  std::memset(memory, value, bytes);
  return cudaSuccess;
}
