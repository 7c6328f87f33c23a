// SPDX-License-Identifier: GPL-3.0-or-later
/// The CUDA back end: quantize, dequantize and round trip on device memory.
///
/// Layout: flat arrays as in kernel_table.h, one byte a code; element e belongs to quantization
/// block e / block_size. Element offsets are 64 bit throughout.
/// Threads: quantization blocks up to 4096 values: one warp per block, 8 warps per thread block;
/// lane l takes elements l, l + 32, ... so that a warp reads whole sectors. Larger blocks (the
/// whole tensor): a first kernel folds magnitudes into one word per block with atomicMax, a second
/// one works element by element. Numerics: rules 1-4 of kernel_table.h. Products and quotients use
/// the _rn intrinsics, which the compiler never fuses; conversions to 16 bit round to nearest even
/// as the reference's do. Largest magnitudes are compared as integers, so that their order does not
/// depend on the reduction. Tables: 256 values and 256 thresholds travel as kernel parameters and
/// are copied to shared memory once per thread block; the search is a branch-free binary one of 3
/// to 8 steps. Bytes per weight: round trip reads the input once from memory (again from L1) and
/// writes it once, 4 bytes at fp16; bound by memory for small tables, by shared-memory look-ups for
/// large.
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>

#include <algorithm>
#include <cstdint>
#include <string>

#include "kernels/arguments.h"
#include "kernels/blocks.h"
#include "kernels/numerics.h"

namespace {

using bitfrontier::blockCount;

thread_local std::string lastError;

std::int32_t fail(std::int32_t status, const std::string& message) {
  lastError = message;
  return status;
}

std::int32_t failCuda(const char* call, cudaError_t error) {
  const bool memory = error == cudaErrorMemoryAllocation;
  return fail(BF_DEVICE_ERROR, std::string(call) + ": " +
                                   (memory ? "out of device memory" : cudaGetErrorString(error)));
}

constexpr int kThreads = 256;
constexpr int kWarp = 32;
constexpr int kWarpsPerBlock = kThreads / kWarp;
constexpr std::int64_t kLargestWarpBlock = 4096;
constexpr unsigned kFull = 0xffffffffU;
constexpr std::uint32_t kInfinityBits = 0x7f800000U;

/// Code table and thresholds, padded to 256; passed by value.
struct Table {
  float values[256];
  float thresholds[256];
};

Table makeTable(const float* codebook, int size) {
  Table table;
  for (int i = 0; i < 256; ++i) {
    table.values[i] = i < size ? codebook[i] : 0.0F;
    table.thresholds[i] = i + 1 < size ? bitfrontier::thresholdBetween(codebook[i], codebook[i + 1])
                                       : std::numeric_limits<float>::infinity();
  }
  return table;
}

/// What this back end does not do yet, or null.
const char* unsupported(const bf_format& format) {
  if (format.row_length != 0) return "blocks within rows";
  if (format.constant_type > BF_BF16) return "8-bit block constants";
  if (format.constant_rule != BF_CONSTANT_ABSMAX) return "signed or given block constants";
  if (format.mean_rule != BF_MEAN_NONE) return "centering";
  if (format.code_layout != BF_CODES_BYTES) return "packed codes";
  const float magnitude = bitfrontier::codebookMagnitude(format.codebook, format.codebook_size);
  if (magnitude != 0.0F && magnitude != 1.0F) return "a codebook that is not normalised";
  return nullptr;
}

/// Smallest power of two that holds the table, at least 8.
int searchWidth(int size) {
  int width = 8;
  while (width < size) width *= 2;
  return width;
}

struct SharedTable {
  float values[256];
  float thresholds[256];

  __device__ void load(const Table& table) {
    for (int i = threadIdx.x; i < 256; i += blockDim.x) {
      values[i] = table.values[i];
      thresholds[i] = table.thresholds[i];
    }
    __syncthreads();
  }

  __device__ int search(float y, int width) const {
    int code = 0;
    for (int half = width / 2; half > 0; half /= 2)
      code += y > thresholds[code + half - 1] ? half : 0;
    return code;
  }
};

__device__ float toFloat(float x) { return x; }
__device__ float toFloat(__half x) { return __half2float(x); }
__device__ float toFloat(__nv_bfloat16 x) { return __bfloat162float(x); }
__device__ void put(float* p, float x) { *p = x; }
__device__ void put(__half* p, float x) { *p = __float2half_rn(x); }
__device__ void put(__nv_bfloat16* p, float x) { *p = __float2bfloat16_rn(x); }

/// Rule 1: the constant as it reads back from storage.
__device__ float roundConstant(float absmax, const float*) {
  return isfinite(__frcp_rn(absmax)) ? absmax : 0.0F;
}
__device__ float roundConstant(float absmax, const __half*) {
  return __half2float(__float2half_rn(fminf(absmax, 65504.0F)));
}
__device__ float roundConstant(float absmax, const __nv_bfloat16*) {
  const float largest = __uint_as_float(0x7f7f0000U);
  const float stored = __bfloat162float(__float2bfloat16_rn(fminf(absmax, largest)));
  return isfinite(__frcp_rn(stored)) ? stored : 0.0F;
}

template <typename In>
__device__ std::uint32_t magnitudeBits(In x) {
  return __float_as_uint(toFloat(x)) & 0x7fffffffU;
}

__device__ void reportBad(std::int64_t* firstBad, std::int64_t index) {
  // -1 is the largest unsigned number: the minimum is the lowest index.
  if (firstBad != nullptr)
    atomicMin(reinterpret_cast<unsigned long long*>(firstBad),
              static_cast<unsigned long long>(index));
}

/// Where results go: codes and constants, or dequantized values.
template <typename Constant>
struct CodeSink {
  std::uint8_t* codes;
  Constant* constants;
  __device__ const Constant* constantTag() const { return nullptr; }
  __device__ void value(std::int64_t i, int code, float, const SharedTable&) const {
    codes[i] = static_cast<std::uint8_t>(code);
  }
  __device__ void constant(std::int64_t block, float c) const { put(constants + block, c); }
};

template <typename Out, typename Constant>
struct ValueSink {
  Out* output;
  __device__ const Constant* constantTag() const { return nullptr; }
  __device__ void value(std::int64_t i, int code, float c, const SharedTable& table) const {
    put(output + i, __fmul_rn(table.values[code], c));
  }
  __device__ void constant(std::int64_t, float) const {}
};

/// One warp per quantization block, looping over the grid.
template <typename In, typename Sink>
__global__ void encodeWarps(const In* input, std::int64_t count, std::int64_t blockSize, int width,
                            Sink sink, std::int64_t* firstBad,
                            const __grid_constant__ Table parameters) {
  __shared__ SharedTable table;
  table.load(parameters);
  const int lane = threadIdx.x % kWarp;
  const std::int64_t blocks = (count + blockSize - 1) / blockSize;
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kWarpsPerBlock;
  for (std::int64_t block =
           static_cast<std::int64_t>(blockIdx.x) * kWarpsPerBlock + threadIdx.x / kWarp;
       block < blocks; block += stride) {
    const std::int64_t begin = block * blockSize;
    const std::int64_t end = min(begin + blockSize, count);
    std::uint32_t largest = 0;
    for (std::int64_t i = begin + lane; i < end; i += kWarp) {
      const std::uint32_t bits = magnitudeBits(input[i]);
      if (bits >= kInfinityBits) reportBad(firstBad, i);
      largest = max(largest, bits);
    }
    for (int offset = kWarp / 2; offset > 0; offset /= 2)
      largest = max(largest, __shfl_xor_sync(kFull, largest, offset));
    const float constant = largest >= kInfinityBits
                               ? 0.0F
                               : roundConstant(__uint_as_float(largest), sink.constantTag());
    const float inverse = constant > 0.0F ? __frcp_rn(constant) : 0.0F;
    if (lane == 0) sink.constant(block, constant);
    for (std::int64_t i = begin + lane; i < end; i += kWarp) {
      const float y = __fmul_rn(toFloat(input[i]), inverse);
      sink.value(i, table.search(y, width), constant, table);
    }
  }
}

/// Largest magnitude of each large quantization block; blockIdx.y is the block, x its parts.
template <typename In>
__global__ void foldMagnitudes(const In* __restrict__ input, std::int64_t count,
                               std::int64_t blockSize, std::int64_t firstBlock,
                               std::uint32_t* largestOfBlock, std::int64_t* firstBad) {
  const std::int64_t block = firstBlock + blockIdx.y;
  const std::int64_t begin = block * blockSize;
  const std::int64_t end = min(begin + blockSize, count);
  std::uint32_t largest = 0;
  for (std::int64_t i = begin + static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x;
       i < end; i += static_cast<std::int64_t>(gridDim.x) * kThreads) {
    const std::uint32_t bits = magnitudeBits(input[i]);
    if (bits >= kInfinityBits) reportBad(firstBad, i);
    largest = max(largest, bits);
  }
  for (int offset = kWarp / 2; offset > 0; offset /= 2)
    largest = max(largest, __shfl_xor_sync(kFull, largest, offset));
  if (threadIdx.x % kWarp == 0) atomicMax(largestOfBlock + block, largest);
}

template <typename In, typename Sink>
__global__ void encodeElements(const In* input, std::int64_t count, std::int64_t blockSize,
                               int width, Sink sink, const std::uint32_t* largestOfBlock,
                               const __grid_constant__ Table parameters) {
  __shared__ SharedTable table;
  table.load(parameters);
  for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x; i < count;
       i += static_cast<std::int64_t>(gridDim.x) * kThreads) {
    const std::int64_t block = i / blockSize;
    const std::uint32_t largest = largestOfBlock[block];
    const float constant = largest >= kInfinityBits
                               ? 0.0F
                               : roundConstant(__uint_as_float(largest), sink.constantTag());
    const float inverse = constant > 0.0F ? __frcp_rn(constant) : 0.0F;
    if (i == block * blockSize) sink.constant(block, constant);
    const float y = __fmul_rn(toFloat(input[i]), inverse);
    sink.value(i, table.search(y, width), constant, table);
  }
}

template <typename Constant, typename Out>
__global__ void decodeElements(const std::uint8_t* __restrict__ codes,
                               const Constant* __restrict__ constants, std::int64_t count,
                               std::int64_t blockSize, Out* __restrict__ output,
                               const __grid_constant__ Table parameters) {
  __shared__ SharedTable table;
  table.load(parameters);
  for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x; i < count;
       i += static_cast<std::int64_t>(gridDim.x) * kThreads)
    put(output + i, __fmul_rn(table.values[codes[i]], toFloat(constants[i / blockSize])));
}

/// Grid size that fills the device and lets each thread loop.
unsigned gridFor(std::int64_t work, std::int64_t perBlock) {
  constexpr std::int64_t kMostBlocks = 132 * 16;
  return static_cast<unsigned>(std::clamp<std::int64_t>((work - 1) / perBlock + 1, 1, kMostBlocks));
}

template <typename Work>
std::int32_t withType(std::int32_t type, const Work& work) {
  switch (type) {
    case BF_FP32:
      return work(static_cast<float*>(nullptr));
    case BF_FP16:
      return work(static_cast<__half*>(nullptr));
    default:
      return work(static_cast<__nv_bfloat16*>(nullptr));
  }
}

/// Makes the device current for a call and restores the caller's.
class DeviceScope {
 public:
  explicit DeviceScope(int device) {
    error_ = cudaGetDevice(&previous_);
    if (error_ == cudaSuccess && device != previous_) error_ = cudaSetDevice(device);
    restore_ = error_ == cudaSuccess && device != previous_;
  }
  ~DeviceScope() {
    if (restore_) cudaSetDevice(previous_);
  }
  DeviceScope(const DeviceScope&) = delete;
  DeviceScope& operator=(const DeviceScope&) = delete;
  cudaError_t error() const { return error_; }

 private:
  int previous_ = 0;
  bool restore_ = false;
  cudaError_t error_ = cudaSuccess;
};

template <typename In, typename Sink>
std::int32_t encodeLarge(const In* input, std::int64_t count, std::int64_t blockSize, int width,
                         const Sink& sink, std::int64_t* firstBad, const Table& table,
                         cudaStream_t stream) {
  const std::int64_t blocks = blockCount(count, blockSize);
  const std::size_t bytes = static_cast<std::size_t>(blocks) * sizeof(std::uint32_t);
  void* scratch = nullptr;
  if (const cudaError_t error = cudaMallocAsync(&scratch, bytes, stream); error != cudaSuccess)
    return failCuda("cudaMallocAsync", error);
  auto* largest = static_cast<std::uint32_t*>(scratch);
  cudaMemsetAsync(scratch, 0, bytes, stream);
  constexpr std::int64_t kMostRows = 32768;
  for (std::int64_t first = 0; first < blocks; first += kMostRows) {
    const auto rows = static_cast<unsigned>(std::min(kMostRows, blocks - first));
    const dim3 grid(gridFor(std::min(blockSize, count), kThreads * 8), rows);
    foldMagnitudes<<<grid, kThreads, 0, stream>>>(input, count, blockSize, first, largest,
                                                  firstBad);
  }
  encodeElements<<<gridFor(count, kThreads * 4), kThreads, 0, stream>>>(
      input, count, blockSize, width, sink, largest, table);
  const cudaError_t error = cudaGetLastError();
  cudaFreeAsync(scratch, stream);
  return error == cudaSuccess ? BF_OK : failCuda("kernel launch", error);
}

template <typename In, typename Sink, typename Args>
std::int32_t encode(const Args& args, const Sink& sink) {
  if (const char* lacking = unsupported(*args.format))
    return fail(BF_UNSUPPORTED, std::string("this back end has no ") + lacking);
  if (args.bad_count != nullptr || args.flags != 0)
    return fail(BF_UNSUPPORTED, "counting or clamping values that are not finite");
  const DeviceScope scope(args.device);
  if (scope.error() != cudaSuccess) return failCuda("cudaSetDevice", scope.error());
  auto* stream = static_cast<cudaStream_t>(args.stream);
  if (args.first_bad_index != nullptr) {
    const cudaError_t error =
        cudaMemsetAsync(args.first_bad_index, 0xff, sizeof(std::int64_t), stream);
    if (error != cudaSuccess) return failCuda("cudaMemsetAsync", error);
  }
  if (args.count == 0) return BF_OK;
  const auto* input = static_cast<const In*>(args.input);
  const bf_format& format = *args.format;
  const Table table = makeTable(format.codebook, format.codebook_size);
  const int width = searchWidth(format.codebook_size);
  const std::int64_t blockSize = format.block_size == 0 ? args.count : format.block_size;
  if (blockSize > kLargestWarpBlock)
    return encodeLarge(input, args.count, blockSize, width, sink, args.first_bad_index, table,
                       stream);
  encodeWarps<<<gridFor(blockCount(args.count, blockSize), kWarpsPerBlock), kThreads, 0, stream>>>(
      input, args.count, blockSize, width, sink, args.first_bad_index, table);
  const cudaError_t error = cudaGetLastError();
  return error == cudaSuccess ? BF_OK : failCuda("kernel launch", error);
}

std::int32_t quantize(const bf_quantize_args* args) {
  if (args == nullptr) return fail(BF_BAD_ARGUMENT, "no arguments");
  if (const char* wrong = bitfrontier::checkArguments(*args)) return fail(BF_BAD_ARGUMENT, wrong);
  return withType(args->format->constant_type, [&](auto* constantTag) {
    using Constant = std::remove_pointer_t<decltype(constantTag)>;
    const CodeSink<Constant> sink{static_cast<std::uint8_t*>(args->codes),
                                  static_cast<Constant*>(args->constants)};
    return withType(args->input_type, [&](auto* inputTag) {
      return encode<std::remove_pointer_t<decltype(inputTag)>>(*args, sink);
    });
  });
}

std::int32_t roundTrip(const bf_round_trip_args* args) {
  if (args == nullptr) return fail(BF_BAD_ARGUMENT, "no arguments");
  if (const char* wrong = bitfrontier::checkArguments(*args)) return fail(BF_BAD_ARGUMENT, wrong);
  return withType(args->format->constant_type, [&](auto* constantTag) {
    using Constant = std::remove_pointer_t<decltype(constantTag)>;
    return withType(args->output_type, [&](auto* outputTag) {
      using Out = std::remove_pointer_t<decltype(outputTag)>;
      const ValueSink<Out, Constant> sink{static_cast<Out*>(args->output)};
      return withType(args->input_type, [&](auto* inputTag) {
        return encode<std::remove_pointer_t<decltype(inputTag)>>(*args, sink);
      });
    });
  });
}

std::int32_t dequantize(const bf_dequantize_args* args) {
  if (args == nullptr) return fail(BF_BAD_ARGUMENT, "no arguments");
  if (const char* wrong = bitfrontier::checkArguments(*args)) return fail(BF_BAD_ARGUMENT, wrong);
  if (const char* lacking = unsupported(*args->format))
    return fail(BF_UNSUPPORTED, std::string("this back end has no ") + lacking);
  if (args->count == 0) return BF_OK;
  const DeviceScope scope(args->device);
  if (scope.error() != cudaSuccess) return failCuda("cudaSetDevice", scope.error());
  const bf_format& format = *args->format;
  const Table table = makeTable(format.codebook, format.codebook_size);
  const std::int64_t blockSize = format.block_size == 0 ? args->count : format.block_size;
  return withType(args->format->constant_type, [&](auto* constantTag) {
    using Constant = std::remove_pointer_t<decltype(constantTag)>;
    return withType(args->output_type, [&](auto* outputTag) {
      using Out = std::remove_pointer_t<decltype(outputTag)>;
      decodeElements<<<gridFor(args->count, kThreads * 4), kThreads, 0,
                       static_cast<cudaStream_t>(args->stream)>>>(
          static_cast<const std::uint8_t*>(args->codes),
          static_cast<const Constant*>(args->constants), args->count, blockSize,
          static_cast<Out*>(args->output), table);
      const cudaError_t error = cudaGetLastError();
      return error == cudaSuccess ? std::int32_t{BF_OK} : failCuda("kernel launch", error);
    });
  });
}

std::int32_t matmul(const bf_matmul_args*) {
  return fail(BF_UNSUPPORTED, "products with packed weights");
}

std::int32_t deviceCount() {
  int count = 0;
  const cudaError_t error = cudaGetDeviceCount(&count);
  if (error == cudaSuccess && count > 0) return count;
  lastError = error == cudaSuccess ? "no CUDA device" : cudaGetErrorString(error);
  return 0;
}

const char* lastErrorText() { return lastError.c_str(); }

constexpr bf_kernel_table kTable = {
    BF_KERNEL_ABI_VERSION,
    0,
    sizeof(bf_kernel_table),
    "cuda",
    deviceCount,
    lastErrorText,
    quantize,
    dequantize,
    roundTrip,
    matmul,
};

}  // namespace

extern "C" __attribute__((visibility("default"))) const bf_kernel_table* bf_kernel_module() {
  return &kTable;
}
