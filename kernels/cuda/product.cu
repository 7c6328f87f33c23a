// SPDX-License-Identifier: GPL-3.0-or-later
/// Products of a few input rows with packed weights, dequantized in the kernel.
///
/// Layout: 32 codes of k bits are k whole words; such a unit of a row of W belongs to one thread,
/// which keeps the 32 inputs that meet it in registers and goes through rows, several at a time so
/// that enough loads are under way. Groups of 1 (k >= 5), 2 (3, 4) or 4 (2) codes are looked up
/// together: 128 bytes of shared memory for each of their values hold a copy for each lane, in
/// banks of its own.
/// Threads: 256; 32 to 256 of them share a row, others take other rows. Rows that do not fit this
/// (inputs not in 32s, blocks not in 16s, byte codes) go a warp a row, code by code.
/// Numerics: fp32, rule 6 of kernel_table.h. Sixteen weights have one constant, which multiplies
/// the sum of codebook value times input; means meet the sum of the inputs.
/// Registers: 106 to 128 of the 128 that two blocks a multiprocessor leave (ptxas 13.0, sm_80, 89,
/// 90); no spills, but for 28 bytes with 2 bits and two input rows.
/// Bytes per weight: k / 8 and constants, each once; inputs come from caches. Bounds: memory; 4
/// bytes of shared memory a weight, 32 weights a cycle and multiprocessor; about 2.5 (k <= 4) or 4
/// instructions a weight.
#include "kernels/cuda/calls.h"
#include "kernels/cuda/common.cuh"
#include "kernels/packing.h"

namespace bitfrontier::cuda {
namespace {

constexpr int kUnit = 32;        ///< weights of a thread in a row
constexpr int kSegment = 16;     ///< weights with one constant
constexpr int kLeastShare = 32;  ///< threads of a row

/// Rows whose words a thread has in registers at a time.
constexpr __host__ __device__ int rowsTogether(int bits, int batch) {
  return (bits <= 4 ? 8 : 4) / batch;
}

struct ProductJob {
  StoredTensor weight;
  const void* input;
  void* output;
  std::int64_t in, out;
  std::int32_t inputType, outputType;
  std::int32_t codeBits;  ///< 0: a code a byte
  std::int32_t share;     ///< threads of a row: a power of two
  bool wholeUnits;        ///< a unit never meets two blocks
};

template <int kBits>
struct Groups {
  static constexpr int kCodes = kBits == 2 ? 4 : kBits <= 4 ? 2 : 1;  ///< looked up together
  static constexpr int kEntries = 1 << (kBits * kCodes);
  static constexpr int kEntryBytes = 128;
  static constexpr int kCopies = kWarp / kCodes;
  static constexpr std::size_t kSharedBytes = std::size_t{kEntries} * kEntryBytes;

  const char* mine;  ///< this lane's copy of entry 0

  /// All threads of the block; waits for them.
  __device__ Groups(const Values& table, float* memory) {
    for (int i = static_cast<int>(threadIdx.x); i < kEntries * kWarp; i += kThreads) {
      const int entry = i / kWarp;
      const int code = entry >> (i % kCodes * kBits);
      memory[i] = table.at[code & ((1 << kBits) - 1)];
    }
    __syncthreads();
    mine = reinterpret_cast<const char*>(memory) + laneOfWarp() % kCopies * kCodes * 4;
  }

  /// The codebook values of the group that begins at bit `bit` of the words.
  __device__ void at(const std::uint32_t* words, int bit, float* values) const {
    const int shift = bit % 32;
    std::uint32_t field = words[bit / 32] >> shift;
    if (shift + kBits * kCodes > 32) field |= words[bit / 32 + 1] << (32 - shift);
    const char* entry = mine + (field & (kEntries - 1)) * kEntryBytes;
    if constexpr (kCodes == 4) {
      const float4 four = *reinterpret_cast<const float4*>(entry);
      values[0] = four.x, values[1] = four.y, values[2] = four.z, values[3] = four.w;
    } else if constexpr (kCodes == 2) {
      const float2 two = *reinterpret_cast<const float2*>(entry);
      values[0] = two.x, values[1] = two.y;
    } else {
      values[0] = *reinterpret_cast<const float*>(entry);
    }
  }
};

/// The words of unit `unit`, with loads as wide as its alignment allows; not kept in caches.
template <int kBits>
__device__ void readUnit(const std::uint8_t* codes, std::int64_t unit, std::uint32_t* words) {
  const std::uint8_t* from = codes + unit * (4 * kBits);
  if constexpr (kBits % 4 == 0) {
#pragma unroll
    for (int i = 0; i < kBits / 4; ++i) {
      const uint4 four = __ldcs(reinterpret_cast<const uint4*>(from) + i);
      words[4 * i] = four.x, words[4 * i + 1] = four.y;
      words[4 * i + 2] = four.z, words[4 * i + 3] = four.w;
    }
  } else if constexpr (kBits % 2 == 0) {
#pragma unroll
    for (int i = 0; i < kBits / 2; ++i) {
      const uint2 two = __ldcs(reinterpret_cast<const uint2*>(from) + i);
      words[2 * i] = two.x, words[2 * i + 1] = two.y;
    }
  } else {
#pragma unroll
    for (int i = 0; i < kBits; ++i)
      words[i] = __ldcs(reinterpret_cast<const std::uint32_t*>(from) + i);
  }
}

/// Adds up kCount values over the lanes of a warp. Afterwards the lane whose number has bits b0,
/// b1, ... has the sum of value b0 * kCount / 2 + b1 * kCount / 4 + ...
template <int kCount>
__device__ float sumOverWarp(float (&values)[kCount]) {
  int offset = 1;
#pragma unroll
  for (int n = kCount; n > 1; n /= 2, offset *= 2) {
    const bool upper = (laneOfWarp() & offset) != 0;
#pragma unroll
    for (int i = 0; i < n / 2; ++i) {
      const float kept = upper ? values[i + n / 2] : values[i];
      const float given = upper ? values[i] : values[i + n / 2];
      values[i] = kept + __shfl_xor_sync(kFull, given, offset);
    }
  }
  float sum = values[0];
  for (; offset < kWarp; offset *= 2) sum += __shfl_xor_sync(kFull, sum, offset);
  return sum;
}

/// Which of kCount values sumOverWarp leaves in a lane.
template <int kCount>
__device__ int valueOfLane(int lane) {
  int result = 0;
  for (int n = kCount / 2; n > 0; n /= 2, lane /= 2) result += lane % 2 * n;
  return result;
}

/// The inputs that meet a thread's unit.
template <int kBatch>
struct Inputs {
  float x[kBatch][kUnit];
  float sums[kBatch][kUnit / kSegment];  ///< only with means

  __device__ void read(const ProductJob& job, std::int64_t column, bool active) {
#pragma unroll
    for (int b = 0; b < kBatch; ++b) {
#pragma unroll
      for (int i = 0; i < kUnit; i += kVector) {
        float part[kVector] = {};
        if (active) readVector(job.input, b * job.in + column + i, kVector, job.inputType, part);
#pragma unroll
        for (int j = 0; j < kVector; ++j) x[b][i + j] = part[j];
      }
      if (!job.weight.centered()) continue;
#pragma unroll
      for (int s = 0; s < kUnit / kSegment; ++s) {
        sums[b][s] = 0.0F;
#pragma unroll
        for (int j = 0; j < kSegment; ++j) sums[b][s] += x[b][s * kSegment + j];
      }
    }
  }
};

template <int kBits, int kBatch>
__global__ void __launch_bounds__(kThreads, 2)
    rowProducts(const __grid_constant__ ProductJob job, const __grid_constant__ Values table) {
  constexpr int kRows = rowsTogether(kBits, kBatch);
  constexpr int kSums = kRows * kBatch;
  constexpr int kGroup = Groups<kBits>::kCodes;
  const Groups<kBits> groups(table, dynamicShared());
  __shared__ float partial[kWarpsPerBlock][kSums];
  const int share = job.share;
  const int place = static_cast<int>(threadIdx.x) % share;
  const int team = static_cast<int>(threadIdx.x) / share;
  const int teams = kThreads / share;
  const std::int64_t units = job.in / kUnit;
  Inputs<kBatch> inputs;
  if (units <= share) inputs.read(job, std::int64_t{place} * kUnit, place < units);
  const std::int64_t step = static_cast<std::int64_t>(teams) * kRows;
  for (std::int64_t first = blockIdx.x * step; first < job.out; first += gridDim.x * step) {
    const std::int64_t row = first + static_cast<std::int64_t>(team) * kRows;
    float sums[kSums] = {};
    for (std::int64_t unit = place; unit - place < units; unit += share) {
      const bool active = unit < units;
      if (units > share) inputs.read(job, unit * kUnit, active);
      if (!active) continue;
      std::uint32_t words[kRows][kBits];
#pragma unroll
      for (int r = 0; r < kRows; ++r) {
        const std::int64_t from = row + r < job.out ? row + r : job.out - 1;
        readUnit<kBits>(job.weight.codes, from * units + unit, words[r]);
      }
#pragma unroll
      for (int r = 0; r < kRows; ++r) {
        const std::int64_t from = row + r < job.out ? row + r : job.out - 1;
        float constant = 0.0F;
        float mean = 0.0F;
#pragma unroll
        for (int s = 0; s < kUnit / kSegment; ++s) {
          float dots[kBatch] = {};
#pragma unroll
          for (int i = s * kSegment; i < (s + 1) * kSegment; i += kGroup) {
            float values[kGroup];
            groups.at(words[r], i * kBits, values);
#pragma unroll
            for (int b = 0; b < kBatch; ++b)
#pragma unroll
              for (int g = 0; g < kGroup; ++g)
                dots[b] = fmaf(values[g], inputs.x[b][i + g], dots[b]);
          }
          if (s == 0 || !job.wholeUnits) {
            const std::int64_t block =
                job.weight.blockOf(from * job.in + unit * kUnit + s * kSegment);
            constant = job.weight.constant(block);
            mean = job.weight.centered() ? job.weight.mean(block) : 0.0F;
          }
#pragma unroll
          for (int b = 0; b < kBatch; ++b) {
            float& sum = sums[r * kBatch + b];
            sum = fmaf(constant, dots[b], sum);
            if (job.weight.centered()) sum = fmaf(mean, inputs.sums[b][s], sum);
          }
        }
      }
    }
    const float sum = sumOverWarp(sums);
    const int lane = laneOfWarp();
    if (lane < kSums) partial[threadIdx.x / kWarp][valueOfLane<kSums>(lane)] = sum;
    __syncthreads();
    if (place < kSums && row + place / kBatch < job.out) {
      float total = 0.0F;
      for (int w = 0; w < share / kWarp; ++w) total += partial[team * (share / kWarp) + w][place];
      writeValue(job.output, place % kBatch * job.out + row + place / kBatch, job.outputType,
                 total);
    }
    __syncthreads();
  }
}

/// Whatever the layout: a warp a row and input row, code by code.
__global__ void __launch_bounds__(kThreads)
    plainProducts(const __grid_constant__ ProductJob job, const __grid_constant__ Values table,
                  std::int64_t batch) {
  __shared__ float values[256];
  for (int i = static_cast<int>(threadIdx.x); i < 256; i += kThreads) values[i] = table.at[i];
  __syncthreads();
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kWarpsPerBlock;
  for (std::int64_t work =
           static_cast<std::int64_t>(blockIdx.x) * kWarpsPerBlock + threadIdx.x / kWarp;
       work < batch * job.out; work += stride) {
    const std::int64_t b = work / job.out;
    const std::int64_t row = work - b * job.out;
    float sum = 0.0F;
    for (std::int64_t i = laneOfWarp(); i < job.in; i += kWarp) {
      const std::int64_t index = row * job.in + i;
      const unsigned code = job.codeBits == 0 ? job.weight.codes[index]
                                              : packedCode(job.weight.codes, index, job.codeBits);
      const std::int64_t block = job.weight.blockOf(index);
      float weight = values[code] * job.weight.constant(block);
      if (job.weight.centered()) weight += job.weight.mean(block);
      sum = fmaf(weight, readValue(job.input, b * job.in + i, job.inputType), sum);
    }
    for (int offset = kWarp / 2; offset > 0; offset /= 2)
      sum += __shfl_xor_sync(kFull, sum, offset);
    if (laneOfWarp() == 0) writeValue(job.output, work, job.outputType, sum);
  }
}

/// Whether rowProducts can do it: whole units in a row, whole segments in a block, aligned words.
bool unitsFit(const bf_matmul_args& args, const BlockGrid& grid) {
  const bf_format& format = *args.format;
  const auto aligned = [](const void* place) {
    return reinterpret_cast<std::uintptr_t>(place) % 16 == 0;
  };
  return format.code_layout == BF_CODES_PACKED && format.code_bits >= 2 && args.in_features > 0 &&
         args.in_features % kUnit == 0 && grid.blockSize % kSegment == 0 && aligned(args.codes) &&
         aligned(args.input);
}

template <int kBits, int kBatch>
cudaError_t launchRows(const ProductJob& job, const Values& table, cudaStream_t stream) {
  const std::int64_t step = std::int64_t{kThreads} / job.share * rowsTogether(kBits, kBatch);
  return launch(rowProducts<kBits, kBatch>, dim3(gridFor(job.out, step, 2)),
                Groups<kBits>::kSharedBytes, stream, job, table);
}

template <int kBits>
cudaError_t launchRows(const bf_matmul_args& args, ProductJob job, const Values& table,
                       cudaStream_t stream) {
  const int inBytes = typeBytes(args.input_type);
  const int outBytes = typeBytes(args.output_type);
  for (std::int64_t b = 0; b < args.batch;) {
    const bool two = args.batch - b >= 2;
    job.input = static_cast<const char*>(args.input) + b * job.in * inBytes;
    job.output = static_cast<char*>(args.output) + b * job.out * outBytes;
    const cudaError_t error =
        two ? launchRows<kBits, 2>(job, table, stream) : launchRows<kBits, 1>(job, table, stream);
    if (error != cudaSuccess) return error;
    b += two ? 2 : 1;
  }
  return cudaSuccess;
}

}  // namespace

cudaError_t matmul(const bf_matmul_args& args) {
  if (args.batch == 0 || args.out_features == 0) return cudaSuccess;
  const bf_format& format = *args.format;
  auto* stream = static_cast<cudaStream_t>(args.stream);
  const BlockGrid grid =
      blockGrid(args.in_features * args.out_features, format.block_size, format.row_length);
  ProductJob job{};
  job.weight = StoredTensor(args, grid);
  job.input = args.input;
  job.output = args.output;
  job.in = args.in_features;
  job.out = args.out_features;
  job.inputType = args.input_type;
  job.outputType = args.output_type;
  job.codeBits = format.code_layout == BF_CODES_PACKED ? format.code_bits : 0;
  job.share = kLeastShare;
  while (job.share < kThreads && job.share * std::int64_t{kUnit} < job.in) job.share *= 2;
  job.wholeUnits = grid.blockSize % kUnit == 0;
  const Values table = valuesOf(format);
  if (unitsFit(args, grid)) {
    switch (format.code_bits) {
      case 2:
        return launchRows<2>(args, job, table, stream);
      case 3:
        return launchRows<3>(args, job, table, stream);
      case 4:
        return launchRows<4>(args, job, table, stream);
      case 5:
        return launchRows<5>(args, job, table, stream);
      case 6:
        return launchRows<6>(args, job, table, stream);
      case 7:
        return launchRows<7>(args, job, table, stream);
      default:
        return launchRows<8>(args, job, table, stream);
    }
  }
  return launch(plainProducts, dim3(gridFor(args.batch * args.out_features, kWarpsPerBlock)), 0,
                stream, job, table, args.batch);
}

}  // namespace bitfrontier::cuda
