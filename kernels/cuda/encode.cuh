// SPDX-License-Identifier: GPL-3.0-or-later
/// One block on its way to codes or dequantized values: rules 0 to 5 of kernel_table.h.
#pragma once

#include "kernels/cuda/search.cuh"

namespace bitfrontier::cuda {

/// A call, the same for quantize (codes) and round trip (output).
struct EncodeJob {
  BlockGrid grid;
  const void* input;
  void* output;         ///< dequantized values, or null
  std::uint8_t* codes;  ///< else codes
  void* constants;      ///< read when given; else written unless null
  std::uint16_t* means;
  std::int64_t* firstBad;
  std::int64_t* badCount;
  std::int32_t inputType, outputType;
  std::int32_t constantType, constantRule, meanRule;
  std::int32_t codeBits;  ///< 0: a code a byte
  float tensorMean, tensorScale;
  float magnitude;  ///< largest of the codebook
};

/// What is known about the values of a block: magnitudes as the bits of floats, which order them.
struct Extremes {
  std::uint32_t high = 0;  ///< largest value, 0 when all are negative
  std::uint32_t low = 0;   ///< magnitude of the lowest, 0 when all are positive
  std::uint32_t bad = 0;   ///< bit 0: there is +Inf, bit 1: -Inf, bit 2: NaN

  __device__ void add(float value) {
    const std::uint32_t bits = floatBits(value);
    const std::uint32_t magnitude = bits & 0x7fffffffU;
    const bool negative = (bits & 0x80000000U) != 0;
    if (magnitude >= 0x7f800000U) {
      bad |= magnitude > 0x7f800000U ? 4U : negative ? 2U : 1U;
      return;
    }
    if (negative)
      low = low < magnitude ? magnitude : low;
    else
      high = high < magnitude ? magnitude : high;
  }
  /// Joins those of `lanes` neighbouring lanes, a power of two.
  __device__ void join(int lanes) {
    for (int offset = lanes / 2; offset > 0; offset /= 2) {
      const std::uint32_t otherHigh = __shfl_xor_sync(kFull, high, offset);
      const std::uint32_t otherLow = __shfl_xor_sync(kFull, low, offset);
      high = high < otherHigh ? otherHigh : high;
      low = low < otherLow ? otherLow : low;
      bad |= __shfl_xor_sync(kFull, bad, offset);
    }
  }
  __device__ std::uint32_t largestFinite() const { return high < low ? low : high; }
  /// As they are when infinities have been replaced.
  __device__ Extremes clean() const {
    const std::uint32_t most = largestFinite();
    return {(bad & 1U) != 0 ? most : high, (bad & 2U) != 0 ? most : low, 0};
  }
};

/// Rule 0 for one value; `infinity` stands for an infinite one.
__device__ inline float cleaned(float value, float infinity) {
  if (isFinite(value)) return value;
  return isNan(value) ? 0.0F : value < 0.0F ? -infinity : infinity;
}

__device__ inline void reportBad(const EncodeJob& job, std::int64_t index) {
  // -1 is the largest unsigned number: the minimum is the lowest index.
  if (job.firstBad != nullptr)
    atomicMin(reinterpret_cast<unsigned long long*>(job.firstBad),
              static_cast<unsigned long long>(index));
  if (job.badCount != nullptr) atomicAdd(reinterpret_cast<unsigned long long*>(job.badCount), 1ULL);
}

/// Parameters of a block.
struct Fitted {
  std::uint32_t constantBits;
  float constant, inverse;
  float infinity;  ///< what stands for an infinite value
  float mean;
  bool centered;

  /// y of rule 3.
  __device__ float scaled(float value) const {
    const float x = cleaned(value, infinity);
    return (centered ? subtractMean(x, mean) : x) * inverse;
  }
  __device__ float decoded(float codebookValue) const {
    const float product = codebookValue * constant;
    return centered ? product + mean : product;
  }
};

/// The mean that is given, where it is.
__device__ inline float givenMean(const EncodeJob& job, std::int64_t block) {
  if (job.meanRule == BF_MEAN_TENSOR) return job.tensorMean;
  return job.meanRule == BF_MEAN_BLOCK_GIVEN ? ofHalf(job.means[block]) : 0.0F;
}

/// From the extremes of the centered, clean values.
__device__ inline Fitted fitted(const EncodeJob& job, std::int64_t block, const Extremes& extremes,
                                float infinity, float mean) {
  StoredConstant stored{};
  if (job.constantRule == BF_CONSTANT_GIVEN) {
    stored = constantFromBits(constantBits(job.constants, block, job.constantType),
                              job.constantType, job.tensorScale);
  } else {
    const bool negative =
        job.constantRule == BF_CONSTANT_SIGNED_MAX && extremes.high < extremes.low;
    const float largest = floatFromBits(extremes.largestFinite());
    stored = makeConstant(negative ? -largest : largest, job.constantType, job.tensorScale,
                          job.magnitude);
  }
  return {stored.bits, stored.value, inverseConstant(stored.value),
          infinity,    mean,         job.meanRule != BF_MEAN_NONE};
}

__device__ inline void putConstant(const EncodeJob& job, std::int64_t block, std::uint32_t bits) {
  if (job.constants == nullptr || job.constantRule == BF_CONSTANT_GIVEN) return;
  if (job.constantType == BF_FP32)
    static_cast<std::uint32_t*>(job.constants)[block] = bits;
  else if (job.constantType == BF_FP16 || job.constantType == BF_BF16)
    static_cast<std::uint16_t*>(job.constants)[block] = static_cast<std::uint16_t>(bits);
  else
    static_cast<std::uint8_t*>(job.constants)[block] = static_cast<std::uint8_t>(bits);
}

__device__ inline void putMean(const EncodeJob& job, std::int64_t block, std::uint16_t mean) {
  if (job.means != nullptr && job.meanRule == BF_MEAN_BLOCK) job.means[block] = mean;
}

/// Codes [index, index + count) of a thread's vector to bytes, or packed: `index` is a multiple of
/// 8, so that they begin at a byte, and only the tensor's last vector may be incomplete.
__device__ inline void writeCodes(std::uint8_t* codes, std::int64_t index, int count, int bits,
                                  const int (&code)[kVector]) {
  const int width = bits == 0 ? 8 : bits;
  std::uint64_t word = 0;
#pragma unroll
  for (int i = 0; i < kVector; ++i)
    if (i < count) word |= static_cast<std::uint64_t>(code[i]) << (i * width);
  std::uint8_t* to = codes + index * width / 8;
  const int bytes = (count * width + 7) / 8;
  const auto place = reinterpret_cast<std::uintptr_t>(codes);
  if (bytes == 4 && place % 4 == 0) {
    *reinterpret_cast<std::uint32_t*>(to) = static_cast<std::uint32_t>(word);
  } else if (bytes == 8 && place % 8 == 0) {
    *reinterpret_cast<std::uint64_t*>(to) = word;
  } else {
    for (int i = 0; i < bytes; ++i) to[i] = static_cast<std::uint8_t>(word >> (8 * i));
  }
}

/// Quantizes a thread's vector and writes codes or values.
template <int kDepth>
__device__ void emitVector(const EncodeJob& job, const Search<kDepth>& search, const Fitted& block,
                           std::int64_t index, int count, const float (&x)[kVector]) {
  int code[kVector];
#pragma unroll
  for (int i = 0; i < kVector; ++i) code[i] = search.code(block.scaled(x[i]));
  if (job.output == nullptr) {
    writeCodes(job.codes, index, count, job.codeBits, code);
    return;
  }
  float y[kVector];
#pragma unroll
  for (int i = 0; i < kVector; ++i) y[i] = block.decoded(search.value(code[i]));
  writeVector(job.output, index, count, job.outputType, y);
}

/// The same for one value; its code is a byte.
template <int kDepth>
__device__ void emitValue(const EncodeJob& job, const Search<kDepth>& search, const Fitted& block,
                          std::int64_t index, float x) {
  const int code = search.code(block.scaled(x));
  if (job.output == nullptr)
    job.codes[index] = static_cast<std::uint8_t>(code);
  else
    writeValue(job.output, index, job.outputType, block.decoded(search.value(code)));
}

}  // namespace bitfrontier::cuda
