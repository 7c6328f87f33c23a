// SPDX-License-Identifier: GPL-3.0-or-later
/// Quantize and round trip (quantize and dequantize in one pass) on device memory.
///
/// Layout: flat arrays as in kernel_table.h; offsets have 64 bits. A thread handles 8 values that
/// follow each other: 16 bytes of 16-bit input, and whole bytes of packed codes.
/// Threads: blocks of 8..256 values, a power of two: 1..32 lanes share a block, which stays in
/// their registers (encodeVectors). Others up to 16,384 values: a warp a block, read twice, the
/// second time from a cache (encodeBlocks). Larger ones: the whole grid finds each block's extremes
/// (scanLarge), then codes come 8 by 8 (encodeLarge). Where blocks do not begin at multiples of 8,
/// lanes take single values, and packed codes are made from bytes in scratch memory (packCodes).
/// Numerics: rules 0-5 of kernel_table.h by the functions of kernels/numerics.h; sums of means in
/// fp64 by 32 lanes, in that rule's order. Values that are not finite are always cleaned as with
/// BF_CLAMP_NOT_FINITE, and reported.
/// Bytes per weight: a round trip of fp16 reads 2 and writes 2, the bound for blocks in registers.
#include "kernels/cuda/calls.h"
#include "kernels/cuda/encode.cuh"

namespace bitfrontier::cuda {
namespace {

constexpr std::int64_t kLargestRegisterBlock = kVector * kWarp;
constexpr std::int64_t kLargestWarpBlock = 16384;

/// The 16 or 32 bytes of a vector as they are in memory, so that loads can be started early.
struct Raw {
  uint4 part[2];

  __device__ Raw(const void* values, std::int64_t index, std::int32_t type, bool wanted) {
    part[0] = part[1] = make_uint4(0, 0, 0, 0);
    if (!wanted) return;
    const auto* from = static_cast<const char*>(values) + index * (type == BF_FP32 ? 4 : 2);
    part[0] = reinterpret_cast<const uint4*>(from)[0];
    if (type == BF_FP32) part[1] = reinterpret_cast<const uint4*>(from)[1];
  }
  __device__ void convert(std::int32_t type, float (&x)[kVector]) const {
    const std::uint32_t words[8] = {part[0].x, part[0].y, part[0].z, part[0].w,
                                    part[1].x, part[1].y, part[1].z, part[1].w};
#pragma unroll
    for (int i = 0; i < kVector; ++i) {
      const auto half = static_cast<std::uint16_t>(words[i / 2] >> (16 * (i % 2)));
      x[i] = type == BF_FP32   ? floatFromBits(words[i])
             : type == BF_FP16 ? ofHalf(half)
                               : bfloatToFloat(half);
    }
  }
};

__device__ void reportBadOf(const EncodeJob& job, std::int64_t index, int count,
                            const float (&x)[kVector]) {
  for (int i = 0; i < count; ++i)
    if (!isFinite(x[i])) reportBad(job, index + i);
}

/// Blocks of 8 * 2^lanesLog values in registers; `vectors` is a multiple of their lanes.
template <int kDepth>
__global__ void __launch_bounds__(kThreads)
    encodeVectors(const __grid_constant__ EncodeJob job, const __grid_constant__ SearchTable table,
                  std::int64_t vectors, int lanesLog) {
  const Search<kDepth> search(table, dynamicShared());
  const int lane = laneOfWarp();
  const int lanes = 1 << lanesLog;
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kThreads;
  std::int64_t first = static_cast<std::int64_t>(blockIdx.x) * kThreads +
                       static_cast<std::int64_t>(threadIdx.x) - lane;
  if (first >= vectors) return;  // a whole warp
  Raw next(job.input, (first + lane) * kVector, job.inputType, first + lane < vectors);
  for (; first < vectors; first += stride) {
    const std::int64_t vector = first + lane;
    const bool active = vector < vectors;
    const Raw raw = next;
    next = Raw(job.input, (vector + stride) * kVector, job.inputType, vector + stride < vectors);
    float x[kVector];
    raw.convert(job.inputType, x);
    Extremes extremes;
#pragma unroll
    for (int i = 0; i < kVector; ++i) extremes.add(x[i]);
    if (extremes.bad != 0) reportBadOf(job, vector * kVector, kVector, x);
    extremes.join(lanes);
    const float infinity = floatFromBits(extremes.largestFinite());
    const std::int64_t block = vector >> lanesLog;
    float mean = 0.0F;
    if (job.meanRule == BF_MEAN_NONE) {
      extremes = extremes.clean();
    } else {
      mean = active ? givenMean(job, block) : 0.0F;
      extremes = Extremes();
#pragma unroll
      for (int i = 0; i < kVector; ++i) extremes.add(subtractMean(cleaned(x[i], infinity), mean));
      extremes.join(lanes);
    }
    if (!active) continue;
    const Fitted fit = fitted(job, block, extremes, infinity, mean);
    if (vector == block << lanesLog) putConstant(job, block, fit.constantBits);
    emitVector(job, search, fit, vector * kVector, kVector, x);
  }
}

/// Calls work(index, count, x) for the vectors of [begin, end) that belong to part `part` of
/// `parts`, or with single values where vectors do not fit the blocks.
template <typename Work>
__device__ void visit(const EncodeJob& job, bool vectors, std::int64_t begin, std::int64_t end,
                      std::int64_t part, std::int64_t parts, const Work& work) {
  float x[kVector];
  if (!vectors) {
    for (std::int64_t i = begin + part; i < end; i += parts) {
      x[0] = readValue(job.input, i, job.inputType);
      work(i, 1, x);
    }
    return;
  }
  for (std::int64_t i = begin + part * kVector; i < end; i += parts * kVector) {
    const int count = static_cast<int>(end - i < kVector ? end - i : kVector);
    readVector(job.input, i, count, job.inputType, x);
    work(i, count, x);
  }
}

/// Extremes of a part of a block. With `report` values that are not finite are counted; with
/// `mean` the values are cleaned and centered first.
__device__ Extremes extremesOf(const EncodeJob& job, bool vectors, std::int64_t begin,
                               std::int64_t end, std::int64_t part, std::int64_t parts, bool report,
                               float infinity, const float* mean) {
  Extremes extremes;
  visit(job, vectors, begin, end, part, parts,
        [&](std::int64_t index, int count, const float(&x)[kVector]) {
          Extremes own;
#pragma unroll
          for (int i = 0; i < kVector; ++i)
            if (i < count)
              own.add(mean == nullptr ? x[i] : subtractMean(cleaned(x[i], infinity), *mean));
          if (report && own.bad != 0) reportBadOf(job, index, count, x);
          extremes.high = extremes.high < own.high ? own.high : extremes.high;
          extremes.low = extremes.low < own.low ? own.low : extremes.low;
          extremes.bad |= own.bad;
        });
  return extremes;
}

/// Mean of a block by a warp, before it is rounded: rule 1. Every lane gets it.
__device__ double meanByWarp(const EncodeJob& job, std::int64_t begin, std::int64_t end,
                             float infinity) {
  constexpr int kAhead = 8;
  const int lane = laneOfWarp();
  double sum = 0.0;
  std::int64_t i = begin + lane;
  for (; i + (kAhead - 1) * kWarp < end; i += kAhead * kWarp) {
    float x[kAhead];
#pragma unroll
    for (int j = 0; j < kAhead; ++j) x[j] = readValue(job.input, i + j * kWarp, job.inputType);
#pragma unroll
    for (int j = 0; j < kAhead; ++j) sum += static_cast<double>(cleaned(x[j], infinity));
  }
  for (; i < end; i += kWarp)
    sum += static_cast<double>(cleaned(readValue(job.input, i, job.inputType), infinity));
  for (int offset = kWarp / 2; offset > 0; offset /= 2) sum += __shfl_down_sync(kFull, sum, offset);
  return __shfl_sync(kFull, sum, 0) / static_cast<double>(end - begin);
}

/// A warp a block, from `firstBlock` on.
template <int kDepth>
__global__ void __launch_bounds__(kThreads)
    encodeBlocks(const __grid_constant__ EncodeJob job, const __grid_constant__ SearchTable table,
                 std::int64_t firstBlock, bool vectors) {
  const Search<kDepth> search(table, dynamicShared());
  const int lane = laneOfWarp();
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kWarpsPerBlock;
  for (std::int64_t block = firstBlock + static_cast<std::int64_t>(blockIdx.x) * kWarpsPerBlock +
                            threadIdx.x / kWarp;
       block < job.grid.blocks; block += stride) {
    const std::int64_t begin = job.grid.begin(block);
    const std::int64_t end = job.grid.end(block);
    Extremes extremes = extremesOf(job, vectors, begin, end, lane, kWarp, true, 0.0F, nullptr);
    extremes.join(kWarp);
    const float infinity = floatFromBits(extremes.largestFinite());
    float mean = 0.0F;
    if (job.meanRule == BF_MEAN_NONE) {
      extremes = extremes.clean();
    } else {
      mean = givenMean(job, block);
      if (job.meanRule == BF_MEAN_BLOCK) {
        const std::uint16_t bits = meanToHalf(meanByWarp(job, begin, end, infinity));
        mean = ofHalf(bits);
        if (lane == 0) putMean(job, block, bits);
      }
      extremes = extremesOf(job, vectors, begin, end, lane, kWarp, false, infinity, &mean);
      extremes.join(kWarp);
    }
    const Fitted fit = fitted(job, block, extremes, infinity, mean);
    if (lane == 0) putConstant(job, block, fit.constantBits);
    visit(job, vectors, begin, end, lane, kWarp,
          [&](std::int64_t index, int count, const float(&x)[kVector]) {
            if (vectors)
              emitVector(job, search, fit, index, count, x);
            else
              emitValue(job, search, fit, index, x[0]);
          });
  }
}

/// What the passes over large blocks find out about each.
struct LargeBlock {
  Extremes raw, centered;
  std::uint32_t mean;  ///< fp16
};

__device__ float meanOfLarge(const EncodeJob& job, std::int64_t block, const LargeBlock& found) {
  return job.meanRule == BF_MEAN_BLOCK ? ofHalf(static_cast<std::uint16_t>(found.mean))
                                       : givenMean(job, block);
}

/// blockIdx.y is the block, blockIdx.x its part. The first pass is over values as they are.
__global__ void __launch_bounds__(kThreads)
    scanLarge(const __grid_constant__ EncodeJob job, std::int64_t firstBlock, bool vectors,
              LargeBlock* found, bool centered) {
  const std::int64_t block = firstBlock + blockIdx.y;
  const float infinity = floatFromBits(found[block].raw.largestFinite());
  const float mean = centered ? meanOfLarge(job, block, found[block]) : 0.0F;
  Extremes extremes = extremesOf(job, vectors, job.grid.begin(block), job.grid.end(block),
                                 static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x,
                                 static_cast<std::int64_t>(gridDim.x) * kThreads, !centered,
                                 centered ? infinity : 0.0F, centered ? &mean : nullptr);
  extremes.join(kWarp);
  if (laneOfWarp() != 0) return;
  Extremes* to = centered ? &found[block].centered : &found[block].raw;
  atomicMax(&to->high, extremes.high);
  atomicMax(&to->low, extremes.low);
  if (extremes.bad != 0) atomicOr(&to->bad, extremes.bad);
}

/// A warp a block.
__global__ void __launch_bounds__(kThreads)
    meansOfLarge(const __grid_constant__ EncodeJob job, LargeBlock* found) {
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kWarpsPerBlock;
  for (std::int64_t block =
           static_cast<std::int64_t>(blockIdx.x) * kWarpsPerBlock + threadIdx.x / kWarp;
       block < job.grid.blocks; block += stride) {
    const float infinity = floatFromBits(found[block].raw.largestFinite());
    const double mean = meanByWarp(job, job.grid.begin(block), job.grid.end(block), infinity);
    if (laneOfWarp() != 0) continue;
    const std::uint16_t bits = meanToHalf(mean);
    found[block].mean = bits;
    putMean(job, block, bits);
  }
}

template <int kDepth>
__global__ void __launch_bounds__(kThreads)
    encodeLarge(const __grid_constant__ EncodeJob job, const __grid_constant__ SearchTable table,
                const __grid_constant__ BlockFinder blockOf, bool vectors,
                const LargeBlock* found) {
  const Search<kDepth> search(table, dynamicShared());
  visit(job, vectors, 0, job.grid.count,
        static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x,
        static_cast<std::int64_t>(gridDim.x) * kThreads,
        [&](std::int64_t index, int count, const float(&x)[kVector]) {
          const std::int64_t block = blockOf(index);
          const LargeBlock& known = found[block];
          const bool centered = job.meanRule != BF_MEAN_NONE;
          const Fitted fit = fitted(job, block, centered ? known.centered : known.raw.clean(),
                                    floatFromBits(known.raw.largestFinite()),
                                    centered ? meanOfLarge(job, block, known) : 0.0F);
          if (index == job.grid.begin(block)) putConstant(job, block, fit.constantBits);
          if (vectors)
            emitVector(job, search, fit, index, count, x);
          else
            emitValue(job, search, fit, index, x[0]);
        });
}

/// Packs codes of a byte each.
__global__ void __launch_bounds__(kThreads)
    packCodes(const std::uint8_t* bytes, std::int64_t count, int bits, std::uint8_t* codes) {
  const std::int64_t stride = static_cast<std::int64_t>(gridDim.x) * kThreads * kVector;
  for (std::int64_t i = (static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x) * kVector;
       i < count; i += stride) {
    const int here = static_cast<int>(count - i < kVector ? count - i : kVector);
    int code[kVector];
#pragma unroll
    for (int j = 0; j < kVector; ++j) code[j] = j < here ? bytes[i + j] : 0;
    writeCodes(codes, i, here, bits, code);
  }
}

/// Scratch memory in the order of a stream.
class Scratch {
 public:
  Scratch(std::size_t bytes, cudaStream_t stream) : stream_(stream) {
    error_ = cudaMallocAsync(&memory_, bytes, stream);
    if (error_ == cudaSuccess) error_ = cudaMemsetAsync(memory_, 0, bytes, stream);
  }
  ~Scratch() {
    if (memory_ != nullptr) cudaFreeAsync(memory_, stream_);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  cudaError_t error() const { return error_; }
  void* get() const { return memory_; }

 private:
  cudaStream_t stream_;
  void* memory_ = nullptr;
  cudaError_t error_;
};

template <int kDepth>
cudaError_t encodeLargeBlocks(const EncodeJob& job, const SearchTable& table, bool vectors,
                              cudaStream_t stream) {
  const std::int64_t blocks = job.grid.blocks;
  const Scratch scratch(static_cast<std::size_t>(blocks) * sizeof(LargeBlock), stream);
  if (scratch.error() != cudaSuccess) return scratch.error();
  auto* found = static_cast<LargeBlock*>(scratch.get());
  constexpr std::int64_t kMostRows = 32768;
  const auto scan = [&](bool centered) {
    cudaError_t error = cudaSuccess;
    for (std::int64_t first = 0; first < blocks && error == cudaSuccess; first += kMostRows) {
      const std::int64_t rows = blocks - first < kMostRows ? blocks - first : kMostRows;
      const dim3 grid(gridFor(job.grid.blockSize, kThreads * kVector * 2),
                      static_cast<unsigned>(rows));
      error = launch(scanLarge, grid, 0, stream, job, first, vectors, found, centered);
    }
    return error;
  };
  cudaError_t error = scan(false);
  if (error == cudaSuccess && job.meanRule == BF_MEAN_BLOCK)
    error = launch(meansOfLarge, dim3(gridFor(blocks, kWarpsPerBlock)), 0, stream, job, found);
  if (error == cudaSuccess && job.meanRule != BF_MEAN_NONE) error = scan(true);
  if (error != cudaSuccess) return error;
  return launch(encodeLarge<kDepth>, dim3(gridFor(job.grid.count, kThreads * kVector, 8)),
                Search<kDepth>::kSharedBytes, stream, job, table, BlockFinder(job.grid), vectors,
                found);
}

template <int kDepth>
cudaError_t encodeAll(const EncodeJob& job, const SearchTable& table, bool vectors,
                      cudaStream_t stream) {
  const BlockGrid& grid = job.grid;
  if (grid.blockSize > kLargestWarpBlock)
    return encodeLargeBlocks<kDepth>(job, table, vectors, stream);
  constexpr std::size_t kShared = Search<kDepth>::kSharedBytes;
  std::int64_t firstBlock = 0;
  const bool powerOfTwo = (grid.blockSize & (grid.blockSize - 1)) == 0;
  if (vectors && powerOfTwo && grid.blockSize >= kVector &&
      grid.blockSize <= kLargestRegisterBlock && grid.regular() && job.meanRule != BF_MEAN_BLOCK &&
      reinterpret_cast<std::uintptr_t>(job.input) % 16 == 0) {
    firstBlock = grid.count / grid.blockSize;
    int lanesLog = 0;
    while ((kVector << lanesLog) < grid.blockSize) ++lanesLog;
    const std::int64_t count = firstBlock << lanesLog;
    if (count > 0) {
      const cudaError_t error = launch(encodeVectors<kDepth>, dim3(gridFor(count, kThreads * 2, 8)),
                                       kShared, stream, job, table, count, lanesLog);
      if (error != cudaSuccess) return error;
    }
  }
  if (firstBlock >= grid.blocks) return cudaSuccess;
  return launch(encodeBlocks<kDepth>, dim3(gridFor(grid.blocks - firstBlock, kWarpsPerBlock, 8)),
                kShared, stream, job, table, firstBlock, vectors);
}

cudaError_t encodeDepth(int depth, const EncodeJob& job, const SearchTable& table, bool vectors,
                        cudaStream_t stream) {
  switch (depth) {
    case 3:
      return encodeAll<3>(job, table, vectors, stream);
    case 4:
      return encodeAll<4>(job, table, vectors, stream);
    case 5:
      return encodeAll<5>(job, table, vectors, stream);
    case 6:
      return encodeAll<6>(job, table, vectors, stream);
    case 7:
      return encodeAll<7>(job, table, vectors, stream);
    default:
      return encodeAll<8>(job, table, vectors, stream);
  }
}

template <typename Args>
cudaError_t encode(const Args& args, EncodeJob job) {
  const bf_format& format = *args.format;
  auto* stream = static_cast<cudaStream_t>(args.stream);
  cudaError_t error = cudaSuccess;
  if (args.first_bad_index != nullptr)
    error = cudaMemsetAsync(args.first_bad_index, 0xff, sizeof(std::int64_t), stream);
  if (error == cudaSuccess && args.bad_count != nullptr)
    error = cudaMemsetAsync(args.bad_count, 0, sizeof(std::int64_t), stream);
  if (error != cudaSuccess || args.count == 0) return error;
  job.grid = blockGrid(args.count, format.block_size, format.row_length);
  job.input = args.input;
  job.constants = args.constants;
  job.means = static_cast<std::uint16_t*>(args.means);
  job.firstBad = args.first_bad_index;
  job.badCount = args.bad_count;
  job.inputType = args.input_type;
  job.constantType = format.constant_type;
  job.constantRule = format.constant_rule;
  job.meanRule = format.mean_rule;
  job.tensorMean = format.tensor_mean;
  job.tensorScale = format.tensor_scale;
  job.magnitude = codebookMagnitude(format.codebook, format.codebook_size);
  const SearchTable table = searchTableOf(format);
  const int depth = searchDepth(format.codebook_size);
  const bool vectors = blocksOfVectors(job.grid);
  if (vectors || job.codeBits == 0) return encodeDepth(depth, job, table, vectors, stream);
  const Scratch bytes(static_cast<std::size_t>(args.count), stream);
  if (bytes.error() != cudaSuccess) return bytes.error();
  std::uint8_t* packed = job.codes;
  job.codes = static_cast<std::uint8_t*>(bytes.get());
  error = encodeDepth(depth, job, table, vectors, stream);
  if (error != cudaSuccess) return error;
  return launch(packCodes, dim3(gridFor(args.count, kThreads * kVector)), 0, stream,
                static_cast<const std::uint8_t*>(job.codes), args.count,
                static_cast<int>(job.codeBits), packed);
}

}  // namespace

cudaError_t quantize(const bf_quantize_args& args) {
  EncodeJob job{};
  job.codes = static_cast<std::uint8_t*>(args.codes);
  job.codeBits = args.format->code_layout == BF_CODES_PACKED ? args.format->code_bits : 0;
  return encode(args, job);
}

cudaError_t roundTrip(const bf_round_trip_args& args) {
  EncodeJob job{};
  job.output = args.output;
  job.outputType = args.output_type;
  return encode(args, job);
}

}  // namespace bitfrontier::cuda
