// SPDX-License-Identifier: GPL-3.0-or-later
/// Rules 0 to 5 of kernel_table.h for one block, in plain C++: what the reference consists of, and
/// what other host back ends do with blocks that are not worth a fast path.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include "kernels/blocks.h"
#include "kernels/numerics.h"

namespace bitfrontier {

struct Half {
  std::uint16_t bits;
};
struct Bfloat {
  std::uint16_t bits;
};
inline float load(const float* p) { return *p; }
inline float load(const Half* p) { return halfToFloat(p->bits); }
inline float load(const Bfloat* p) { return bfloatToFloat(p->bits); }
inline void store(float* p, float value) { *p = value; }
inline void store(Half* p, float value) { p->bits = floatToHalf(value); }
inline void store(Bfloat* p, float value) { p->bits = floatToBfloat(value); }

/// Calls `work` with a typed null pointer for the element type.
template <typename Work>
std::int32_t withType(std::int32_t type, const Work& work) {
  switch (type) {
    case BF_FP32:
      return work(static_cast<float*>(nullptr));
    case BF_FP16:
      return work(static_cast<Half*>(nullptr));
    default:
      return work(static_cast<Bfloat*>(nullptr));
  }
}

/// Code table with its thresholds, padded so that the search needs no bounds.
struct CodeTable {
  std::array<float, 256> values{};
  std::array<float, 256> thresholds;
  int size;
  float magnitude;  ///< largest of the values

  explicit CodeTable(const bf_format& format)
      : size(format.codebook_size),
        magnitude(codebookMagnitude(format.codebook, format.codebook_size)) {
    thresholds.fill(std::numeric_limits<float>::infinity());
    std::copy(format.codebook, format.codebook + size, values.begin());
    for (int i = 0; i + 1 < size; ++i) thresholds[i] = thresholdBetween(values[i], values[i + 1]);
  }

  /// Smallest power of two, 8 at least, that holds the table.
  int width() const {
    int result = 8;
    while (result < size) result *= 2;
    return result;
  }

  /// Number of thresholds below y, for a width() of `width`. A product instead of a choice keeps
  /// the compiler from making branches, half of which would be mispredicted (measured: two to five
  /// times slower).
  int search(float y, int width) const {
    int code = 0;
#pragma GCC unroll 8
    for (int half = width / 2; half > 0; half /= 2)
      code += static_cast<int>(y > thresholds[code + half - 1]) * half;
    return code;
  }
};

/// Values of a block after rules 0 and 1.
template <typename In>
struct BlockValues {
  const In* x;
  float infinity = 0.0F;  ///< what stands for an infinite value
  bool centered = false;
  float mean = 0.0F;

  float clean(std::int64_t i) const {
    const float value = load(x + i);
    if (std::isfinite(value)) return value;
    return std::isnan(value) ? 0.0F : std::copysign(infinity, value);
  }
  float operator()(std::int64_t i) const {
    return centered ? subtractMean(clean(i), mean) : clean(i);
  }
};

/// What rule 0 finds in a block.
struct NotFinite {
  std::int64_t count = 0;
  std::int64_t first = -1;  ///< index in the block
  float largestFinite = 0.0F;
};

template <typename In>
NotFinite scanBlock(const In* x, std::int64_t count) {
  NotFinite found;
  for (std::int64_t i = 0; i < count; ++i) {
    const float value = load(x + i);
    if (std::isfinite(value)) {
      found.largestFinite = std::max(found.largestFinite, std::abs(value));
    } else {
      if (found.count++ == 0) found.first = i;
    }
  }
  return found;
}

/// The mean of rule 1, before it is rounded to fp16.
template <typename Values>
double blockMean(const Values& values, std::int64_t count) {
  std::array<double, 32> lanes{};
  for (std::int64_t i = 0; i < count; ++i) lanes[i % 32] += static_cast<double>(values.clean(i));
  for (int half = 16; half > 0; half /= 2)
    for (int j = 0; j < half; ++j) lanes[j] += lanes[j + half];
  return lanes[0] / static_cast<double>(count);
}

/// max|x'|, or with its sign for the signed rule.
template <typename Values>
float largestOf(const Values& values, std::int64_t count, bool isSigned) {
  float low = 0.0F;
  float high = 0.0F;
  for (std::int64_t i = 0; i < count; ++i) {
    const float value = values(i);
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (isSigned) return high >= -low ? high : low;
  return std::max(high, -low);
}

/// A block's parameters: read from, and written to, the buffers of a call.
struct BlockParameters {
  StoredConstant constant{0, 0.0F};
  std::uint16_t mean = 0;  ///< fp16, for the rules of block means
};

/// Mean and constant of block `index`, whose values are `values` (with `infinity` set); sets the
/// mean of `values`. `constants` and `means` are read when the format says they are given.
template <typename In>
BlockParameters fitBlock(BlockValues<In>& values, std::int64_t count, std::int64_t index,
                         const bf_format& format, float codebookMax, const void* constants,
                         const void* means) {
  BlockParameters result;
  values.centered = format.mean_rule != BF_MEAN_NONE;
  if (format.mean_rule == BF_MEAN_TENSOR) {
    values.mean = format.tensor_mean;
  } else if (values.centered) {
    result.mean = format.mean_rule == BF_MEAN_BLOCK
                      ? meanToHalf(blockMean(values, count))
                      : static_cast<const std::uint16_t*>(means)[index];
    values.mean = halfToFloat(result.mean);
  }
  result.constant =
      format.constant_rule == BF_CONSTANT_GIVEN
          ? readConstant(constants, index, format.constant_type, format.tensor_scale)
          : makeConstant(largestOf(values, count, format.constant_rule == BF_CONSTANT_SIGNED_MAX),
                         format.constant_type, format.tensor_scale, codebookMax);
  return result;
}

/// Rule 5, before the rounding to the output type: constant and mean of a block.
struct BlockDecoder {
  float constant = 0.0F;
  bool centered = false;
  float mean = 0.0F;

  BlockDecoder(std::int64_t index, const bf_format& format, const void* constants,
               const void* means)
      : constant(readConstant(constants, index, format.constant_type, format.tensor_scale).value) {
    setMean(format, means == nullptr ? 0 : static_cast<const std::uint16_t*>(means)[index]);
  }
  BlockDecoder(const BlockParameters& block, const bf_format& format)
      : constant(block.constant.value) {
    setMean(format, block.mean);
  }
  float operator()(float codebookValue) const {
    const float product = codebookValue * constant;
    return centered ? product + mean : product;
  }

 private:
  void setMean(const bf_format& format, std::uint16_t blockMean) {
    centered = format.mean_rule != BF_MEAN_NONE;
    mean = format.mean_rule == BF_MEAN_TENSOR ? format.tensor_mean : halfToFloat(blockMean);
  }
};

}  // namespace bitfrontier
