// SPDX-License-Identifier: GPL-3.0-or-later
/// Scalar arithmetic that all back ends share on the host side: 16-bit formats, block constants,
/// decision thresholds, argument checks. C++17, so that the CUDA module can include it.
#pragma once

#include <algorithm>
#include <cmath>
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

/// The block constant for a block whose largest magnitude is `absmax` (finite), as it reads back
/// from storage: rule 1 of kernel_table.h.
inline float roundConstant(float absmax, std::int32_t type) {
  float stored = absmax;
  if (type == BF_FP16) {
    stored = halfToFloat(floatToHalf(std::min(absmax, 65504.0F)));
  } else if (type == BF_BF16) {
    stored = bfloatToFloat(floatToBfloat(std::min(absmax, floatFromBits(0x7f7f0000U))));
  }
  return std::isfinite(1.0F / stored) ? stored : 0.0F;
}

/// Decision threshold between two neighbours: y > threshold takes the upper one. See
/// codebookThresholds() in kernels/codebook.h.
inline float thresholdBetween(float lower, float upper) {
  const float midpoint = (lower + upper) * 0.5F;
  return midpoint < 0.0F ? std::nextafter(midpoint, -std::numeric_limits<float>::infinity())
                         : midpoint;
}

/// Number of block constants.
inline std::int64_t blockCount(std::int64_t count, std::int64_t blockSize) {
  if (count == 0) return 0;
  return blockSize == 0 ? 1 : (count - 1) / blockSize + 1;
}

namespace detail {

inline bool knownType(std::int32_t type) { return type >= BF_FP32 && type <= BF_BF16; }

inline const char* checkTable(const float* codebook, std::int32_t size) {
  if (codebook == nullptr || size < 1 || size > 256) return "the codebook needs 1 to 256 values";
  for (std::int32_t i = 0; i < size; ++i) {
    if (!std::isfinite(codebook[i])) return "the codebook has a value that is not finite";
    if (i > 0 && codebook[i] < codebook[i - 1]) return "the codebook is not ascending";
  }
  return nullptr;
}

template <typename Args>
const char* checkCommon(const Args& args) {
  if (args.struct_size < sizeof(Args)) return "the argument struct is too small";
  if (args.count < 0) return "the number of values is negative";
  if (args.block_size < 0) return "the block size is negative";
  if (!knownType(args.constant_type)) return "unknown type of block constants";
  return checkTable(args.codebook, args.codebook_size);
}

}  // namespace detail

/// What is wrong with the arguments, or null.
inline const char* checkArguments(const bf_quantize_args& args) {
  if (const char* wrong = detail::checkCommon(args)) return wrong;
  if (!detail::knownType(args.input_type)) return "unknown input type";
  if (args.code_layout != BF_CODES_BYTES) return "unknown layout of codes";
  if (args.count > 0 &&
      (args.input == nullptr || args.codes == nullptr || args.constants == nullptr))
    return "a buffer is missing";
  return nullptr;
}

inline const char* checkArguments(const bf_dequantize_args& args) {
  if (const char* wrong = detail::checkCommon(args)) return wrong;
  if (!detail::knownType(args.output_type)) return "unknown output type";
  if (args.code_layout != BF_CODES_BYTES) return "unknown layout of codes";
  if (args.count > 0 &&
      (args.output == nullptr || args.codes == nullptr || args.constants == nullptr))
    return "a buffer is missing";
  return nullptr;
}

inline const char* checkArguments(const bf_round_trip_args& args) {
  if (const char* wrong = detail::checkCommon(args)) return wrong;
  if (!detail::knownType(args.input_type)) return "unknown input type";
  if (!detail::knownType(args.output_type)) return "unknown output type";
  if (args.count > 0 && (args.input == nullptr || args.output == nullptr))
    return "a buffer is missing";
  return nullptr;
}

}  // namespace bitfrontier
