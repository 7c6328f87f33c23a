// SPDX-License-Identifier: GPL-3.0-or-later
/// Scalar arithmetic that all back ends share on the host side: 16-bit formats, block constants,
/// decision thresholds. C++17, so that the CUDA module can include it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "kernels/kernel_table.h"

namespace bitfrontier {

inline std::uint32_t floatBits(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

inline float floatFromBits(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

inline float halfToFloat(std::uint16_t half) {
  // The exponent field is moved into place and its bias corrected by an exact product, which also
  // normalises subnormals; Inf and NaN keep their all-ones exponent.
  std::uint32_t bits = static_cast<std::uint32_t>(half & 0x7fffU) << 13;
  const bool special = (half & 0x7c00U) == 0x7c00U;
  const float magnitude =
      special ? floatFromBits(bits | 0x7f800000U) : floatFromBits(bits) * 0x1p112F;
  return floatFromBits(floatBits(magnitude) | (static_cast<std::uint32_t>(half & 0x8000U) << 16));
}

/// Round to nearest even; values from 65520 on become Inf.
inline std::uint16_t floatToHalf(float value) {
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

inline float bfloatToFloat(std::uint16_t value) {
  return floatFromBits(static_cast<std::uint32_t>(value) << 16);
}

/// Round to nearest even.
inline std::uint16_t floatToBfloat(float value) {
  const std::uint32_t bits = floatBits(value);
  if ((bits & 0x7fffffffU) > 0x7f800000U) return static_cast<std::uint16_t>((bits >> 16) | 0x40U);
  return static_cast<std::uint16_t>((bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16);
}

inline float e4m3ToFloat(std::uint8_t value) {
  const int exponent = (value >> 3) & 15;
  const int mantissa = value & 7;
  float magnitude = exponent == 0 ? static_cast<float>(mantissa) * 0x1p-9F
                                  : std::ldexp(static_cast<float>(8 + mantissa), exponent - 10);
  if ((value & 0x7fU) == 0x7fU) magnitude = std::numeric_limits<float>::quiet_NaN();
  return (value & 0x80U) != 0 ? -magnitude : magnitude;
}

/// Round to nearest even; magnitudes beyond 448 and infinities become 448, NaN stays.
inline std::uint8_t floatToE4m3(float value) {
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
inline float e8m0ToFloat(std::uint8_t value) {
  if (value == 255) return std::numeric_limits<float>::quiet_NaN();
  return floatFromBits(value == 0 ? 0x00400000U : static_cast<std::uint32_t>(value) << 23);
}

/// 1 / constant; 0 for a constant that is 0 or not finite or has no finite reciprocal: rule 3 of
/// kernel_table.h.
inline float inverseConstant(float constant) {
  const float inverse = 1.0F / constant;
  return std::isfinite(constant) && std::isfinite(inverse) ? inverse : 0.0F;
}

/// A block constant as it is stored and as it reads back.
struct StoredConstant {
  std::uint32_t bits;
  float value;
};

inline StoredConstant constantFromBits(std::uint32_t bits, std::int32_t type, float tensorScale) {
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

/// The power of two of BF_E8M0 for a block with the given largest magnitude (rule 2), as its byte.
inline std::uint32_t e8m0For(float absmax, float codebookMax) {
  if (!(absmax > 0.0F)) return 0;
  int exponent = 0;
  int codebookExponent = 1;  // of a codebook of zeros: as if it had 1
  const float fraction = std::frexp(absmax, &exponent);
  const float codebookFraction =
      codebookMax > 0.0F ? std::frexp(codebookMax, &codebookExponent) : 0.5F;
  int scale = exponent - codebookExponent;
  if (codebookFraction == 0.5F && fraction > 0.5F) ++scale;
  return static_cast<std::uint32_t>(std::clamp(scale, -127, 127) + 127);
}

/// The constant of a block whose largest magnitude is `largest` (finite; its sign counts with the
/// signed rule), for a codebook with largest magnitude `codebookMax`: rule 2 of kernel_table.h.
inline StoredConstant makeConstant(float largest, std::int32_t type, float tensorScale,
                                   float codebookMax) {
  if (type == BF_E8M0)
    return constantFromBits(e8m0For(std::abs(largest), codebookMax), type, tensorScale);
  float t = codebookMax == 0.0F || codebookMax == 1.0F ? largest : largest / codebookMax;
  std::uint32_t bits = 0;
  switch (type) {
    case BF_FP16:
      bits = floatToHalf(std::clamp(t, -65504.0F, 65504.0F));
      break;
    case BF_BF16:
      bits = floatToBfloat(std::clamp(t, floatFromBits(0xff7f0000U), floatFromBits(0x7f7f0000U)));
      break;
    case BF_E4M3:
      bits = floatToE4m3(t / tensorScale);
      break;
    default:
      constexpr float kLargest = std::numeric_limits<float>::max();
      bits = floatBits(std::clamp(t, -kLargest, kLargest));
      break;
  }
  const StoredConstant stored = constantFromBits(bits, type, tensorScale);
  return inverseConstant(stored.value) == 0.0F ? StoredConstant{0, 0.0F} : stored;
}

/// Bytes of one element or block constant.
inline int typeBytes(std::int32_t type) {
  return type == BF_FP32 ? 4 : type == BF_FP16 || type == BF_BF16 ? 2 : 1;
}

inline StoredConstant readConstant(const void* constants, std::int64_t index, std::int32_t type,
                                   float tensorScale) {
  std::uint32_t bits = 0;  // little-endian, as everything here
  std::memcpy(&bits, static_cast<const char*>(constants) + index * typeBytes(type),
              static_cast<std::size_t>(typeBytes(type)));
  return constantFromBits(bits, type, tensorScale);
}

inline void writeConstant(void* constants, std::int64_t index, std::int32_t type,
                          std::uint32_t bits) {
  std::memcpy(static_cast<char*>(constants) + index * typeBytes(type), &bits,
              static_cast<std::size_t>(typeBytes(type)));
}

/// A block mean, stored as fp16: beyond 65504 it becomes 65504.
inline std::uint16_t meanToHalf(double mean) {
  return floatToHalf(std::clamp(static_cast<float>(mean), -65504.0F, 65504.0F));
}

/// x - mean of rule 1.
inline float subtractMean(float x, float mean) {
  constexpr float kLargest = std::numeric_limits<float>::max();
  return std::clamp(x - mean, -kLargest, kLargest);
}

/// Decision threshold between two neighbours: y > threshold takes the upper one. See
/// codebookThresholds() in kernels/codebook.h.
inline float thresholdBetween(float lower, float upper) {
  const float midpoint = (lower + upper) * 0.5F;
  return midpoint < 0.0F ? std::nextafter(midpoint, -std::numeric_limits<float>::infinity())
                         : midpoint;
}

}  // namespace bitfrontier
