// SPDX-License-Identifier: GPL-3.0-or-later
/// Scalar arithmetic that all back ends share, on the host and on devices: 16-bit formats, block
/// constants, decision thresholds. C++17 without library calls that device code lacks, so that the
/// CUDA kernels are made from the very functions of the reference.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "kernels/blocks.h"
#include "kernels/kernel_table.h"

namespace bitfrontier {

inline BF_HOST_DEVICE std::uint32_t floatBits(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline BF_HOST_DEVICE float floatFromBits(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline BF_HOST_DEVICE std::uint32_t magnitudeBits(float value) {
  return floatBits(value) & 0x7fffffffU;
}
inline BF_HOST_DEVICE bool isFinite(float value) { return magnitudeBits(value) < 0x7f800000U; }
inline BF_HOST_DEVICE bool isNan(float value) { return magnitudeBits(value) > 0x7f800000U; }

/// `value`, or the nearer end of [low, high]. NaN stays.
inline BF_HOST_DEVICE float held(float value, float low, float high) {
  return value < low ? low : high < value ? high : value;
}
inline constexpr float kLargestFloat = 0x1.fffffep127F;

inline BF_HOST_DEVICE float halfToFloat(std::uint16_t half) {
  // The exponent field is moved into place and its bias corrected by an exact product, which also
  // normalises subnormals; Inf and NaN keep their all-ones exponent.
  std::uint32_t bits = static_cast<std::uint32_t>(half & 0x7fffU) << 13;
  const bool special = (half & 0x7c00U) == 0x7c00U;
  const float magnitude =
      special ? floatFromBits(bits | 0x7f800000U) : floatFromBits(bits) * 0x1p112F;
  return floatFromBits(floatBits(magnitude) | (static_cast<std::uint32_t>(half & 0x8000U) << 16));
}

/// Round to nearest even; values from 65520 on become Inf.
inline BF_HOST_DEVICE std::uint16_t floatToHalf(float value) {
  std::uint32_t bits = floatBits(value);
  const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
  bits &= 0x7fffffffU;
  if (bits > 0x7f800000U) return static_cast<std::uint16_t>(sign | 0x7e00U);
  if (bits >= 0x477ff000U) return static_cast<std::uint16_t>(sign | 0x7c00U);
  if (bits < 0x38800000U) {
    // Below 2^-14 the steps are 2^-24, which is also the step of fp32 just above 1/2.
    const std::uint32_t rounded = floatBits(floatFromBits(bits) + 0.5F) - floatBits(0.5F);
    return static_cast<std::uint16_t>(sign | rounded);
  }
  bits += 0xfffU + ((bits >> 13) & 1U);
  return static_cast<std::uint16_t>(sign | ((bits - 0x38000000U) >> 13));
}

inline BF_HOST_DEVICE float bfloatToFloat(std::uint16_t value) {
  return floatFromBits(static_cast<std::uint32_t>(value) << 16);
}

/// Round to nearest even.
inline BF_HOST_DEVICE std::uint16_t floatToBfloat(float value) {
  const std::uint32_t bits = floatBits(value);
  if ((bits & 0x7fffffffU) > 0x7f800000U) return static_cast<std::uint16_t>((bits >> 16) | 0x40U);
  return static_cast<std::uint16_t>((bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16);
}

inline BF_HOST_DEVICE float e4m3ToFloat(std::uint8_t value) {
  const int exponent = (value >> 3) & 15;
  const int mantissa = value & 7;
  float magnitude =
      exponent == 0
          ? static_cast<float>(mantissa) * 0x1p-9F
          : floatFromBits(static_cast<std::uint32_t>(((exponent + 120) << 23) | (mantissa << 20)));
  if ((value & 0x7fU) == 0x7fU) magnitude = floatFromBits(0x7fc00000U);
  return (value & 0x80U) != 0 ? -magnitude : magnitude;
}

/// Round to nearest even; magnitudes beyond 448 and infinities become 448, NaN stays.
inline BF_HOST_DEVICE std::uint8_t floatToE4m3(float value) {
  const std::uint32_t bits = floatBits(value) & 0x7fffffffU;
  const auto sign = static_cast<std::uint8_t>((floatBits(value) >> 24) & 0x80U);
  if (bits > 0x7f800000U) return static_cast<std::uint8_t>(sign | 0x7fU);
  const float magnitude = floatFromBits(bits);
  if (magnitude >= 448.0F) return static_cast<std::uint8_t>(sign | 0x7eU);
  // Below 2^-6 the steps are 2^-9, which is also the step of fp32 just above 2^14.
  if (magnitude < 0x1p-6F)
    return static_cast<std::uint8_t>(sign | (floatBits(magnitude + 0x1p14F) - floatBits(0x1p14F)));
  const std::uint32_t rounded = bits + 0x7ffffU + ((bits >> 20) & 1U);
  return static_cast<std::uint8_t>(sign | ((rounded - 0x3c000000U) >> 20));
}

/// 2^(value - 127); 255 is NaN.
inline BF_HOST_DEVICE float e8m0ToFloat(std::uint8_t value) {
  if (value == 255) return floatFromBits(0x7fc00000U);
  return floatFromBits(value == 0 ? 0x00400000U : static_cast<std::uint32_t>(value) << 23);
}

/// 1 / constant; 0 for a constant that is 0 or not finite or has no finite reciprocal: rule 3 of
/// kernel_table.h.
inline BF_HOST_DEVICE float inverseConstant(float constant) {
  const float inverse = 1.0F / constant;
  return isFinite(constant) && isFinite(inverse) ? inverse : 0.0F;
}

/// A block constant as it is stored and as it reads back.
struct StoredConstant {
  std::uint32_t bits;
  float value;
};

inline BF_HOST_DEVICE StoredConstant constantFromBits(std::uint32_t bits, std::int32_t type,
                                                      float tensorScale) {
  switch (type) {
    case BF_FP16:
      return {bits, halfToFloat(static_cast<std::uint16_t>(bits))};
    case BF_BF16:
      return {bits, bfloatToFloat(static_cast<std::uint16_t>(bits))};
    case BF_E8M0:
      return {bits, e8m0ToFloat(static_cast<std::uint8_t>(bits))};
    case BF_E4M3:
      return {bits, e4m3ToFloat(static_cast<std::uint8_t>(bits)) * tensorScale};
    default:
      return {bits, floatFromBits(bits)};
  }
}

/// Largest magnitude of an ascending codebook.
inline float codebookMagnitude(const float* codebook, std::int32_t size) {
  return std::max(std::abs(codebook[0]), std::abs(codebook[size - 1]));
}

/// A positive finite number as fraction * 2^exponent with a fraction in [1/2, 1).
struct Scaled {
  int exponent;
  bool powerOfTwo;  ///< the fraction is 1/2
};
inline BF_HOST_DEVICE Scaled scaledOf(float positive) {
  const bool subnormal = positive < 0x1p-126F;
  const std::uint32_t bits = floatBits(subnormal ? positive * 0x1p24F : positive);
  return {static_cast<int>(bits >> 23) - 126 - (subnormal ? 24 : 0), (bits & 0x7fffffU) == 0};
}

/// The power of two of BF_E8M0 for a block with the given largest magnitude (rule 2), as its byte.
inline BF_HOST_DEVICE std::uint32_t e8m0For(float absmax, float codebookMax) {
  if (!(absmax > 0.0F)) return 0;
  const Scaled block = scaledOf(absmax);
  // A codebook of zeros counts as if it had 1.
  const Scaled codebook = codebookMax > 0.0F ? scaledOf(codebookMax) : Scaled{1, true};
  int scale = block.exponent - codebook.exponent;
  if (codebook.powerOfTwo && !block.powerOfTwo) ++scale;
  scale = scale < -127 ? -127 : scale > 127 ? 127 : scale;
  return static_cast<std::uint32_t>(scale + 127);
}

/// The constant of a block whose largest magnitude is `largest` (finite; its sign counts with the
/// signed rule), for a codebook with largest magnitude `codebookMax`: rule 2 of kernel_table.h.
inline BF_HOST_DEVICE StoredConstant makeConstant(float largest, std::int32_t type,
                                                  float tensorScale, float codebookMax) {
  if (type == BF_E8M0)
    return constantFromBits(e8m0For(largest < 0.0F ? -largest : largest, codebookMax), type,
                            tensorScale);
  const float t = codebookMax == 0.0F || codebookMax == 1.0F ? largest : largest / codebookMax;
  std::uint32_t bits = 0;
  switch (type) {
    case BF_FP16:
      bits = floatToHalf(held(t, -65504.0F, 65504.0F));
      break;
    case BF_BF16:
      bits = floatToBfloat(held(t, -0x1.fep127F, 0x1.fep127F));
      break;
    case BF_E4M3:
      bits = floatToE4m3(t / tensorScale);
      break;
    default:
      bits = floatBits(held(t, -kLargestFloat, kLargestFloat));
      break;
  }
  const StoredConstant stored = constantFromBits(bits, type, tensorScale);
  return inverseConstant(stored.value) == 0.0F ? StoredConstant{0, 0.0F} : stored;
}

/// Bytes of one element or block constant.
inline BF_HOST_DEVICE int typeBytes(std::int32_t type) {
  return type == BF_FP32 ? 4 : type == BF_FP16 || type == BF_BF16 ? 2 : 1;
}

inline BF_HOST_DEVICE StoredConstant readConstant(const void* constants, std::int64_t index,
                                                  std::int32_t type, float tensorScale) {
  std::uint32_t bits = 0;  // little-endian, as everything here
  std::memcpy(&bits, static_cast<const char*>(constants) + index * typeBytes(type),
              static_cast<std::size_t>(typeBytes(type)));
  return constantFromBits(bits, type, tensorScale);
}

inline BF_HOST_DEVICE void writeConstant(void* constants, std::int64_t index, std::int32_t type,
                                         std::uint32_t bits) {
  std::memcpy(static_cast<char*>(constants) + index * typeBytes(type), &bits,
              static_cast<std::size_t>(typeBytes(type)));
}

/// A block mean, stored as fp16: beyond 65504 it becomes 65504.
inline BF_HOST_DEVICE std::uint16_t meanToHalf(double mean) {
  return floatToHalf(held(static_cast<float>(mean), -65504.0F, 65504.0F));
}

/// x - mean of rule 1.
inline BF_HOST_DEVICE float subtractMean(float x, float mean) {
  return held(x - mean, -kLargestFloat, kLargestFloat);
}

/// Decision threshold between two neighbours of a codebook: y > threshold takes the upper one. It
/// is the fp32 midpoint, moved down by one step where it is negative, so that a value on the
/// midpoint goes to the neighbour nearer to zero.
inline float thresholdBetween(float lower, float upper) {
  const float midpoint = (lower + upper) * 0.5F;
  return midpoint < 0.0F ? floatFromBits(floatBits(midpoint) + 1U) : midpoint;
}

}  // namespace bitfrontier
