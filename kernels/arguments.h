// SPDX-License-Identifier: GPL-3.0-or-later
/// What every back end checks before it touches a buffer. C++17, so that the CUDA module can
/// include it.
#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/kernel_table.h"

namespace bitfrontier {

namespace detail {

inline bool valueType(std::int32_t type) { return type >= BF_FP32 && type <= BF_BF16; }

inline const char* checkFormat(const bf_format* format, std::int64_t count) {
  if (format == nullptr) return "there is no format";
  if (format->struct_size < sizeof(bf_format)) return "the format struct is too small";
  if (count < 0) return "the number of values is negative";
  if (format->block_size < 0) return "the block size is negative";
  if (format->row_length < 0) return "the row length is negative";
  if (format->row_length > 0 && count % format->row_length != 0)
    return "the number of values is not a multiple of the row length";
  if (format->constant_type < BF_FP32 || format->constant_type > BF_E4M3)
    return "unknown type of block constants";
  if (format->constant_rule < BF_CONSTANT_ABSMAX || format->constant_rule > BF_CONSTANT_GIVEN)
    return "unknown rule for block constants";
  if (format->constant_rule == BF_CONSTANT_SIGNED_MAX && format->constant_type == BF_E8M0)
    return "E8M0 constants have no sign";
  if (format->constant_type == BF_E4M3 &&
      !(std::isfinite(format->tensor_scale) && format->tensor_scale > 0.0F))
    return "E4M3 constants need a positive tensor scale";
  if (format->mean_rule < BF_MEAN_NONE || format->mean_rule > BF_MEAN_BLOCK_GIVEN)
    return "unknown rule for means";
  if (format->mean_rule == BF_MEAN_TENSOR && !std::isfinite(format->tensor_mean))
    return "the tensor mean is not finite";
  if (format->code_layout != BF_CODES_BYTES && format->code_layout != BF_CODES_PACKED)
    return "unknown layout of codes";
  const std::int32_t size = format->codebook_size;
  if (format->codebook == nullptr || size < 1 || size > 256)
    return "the codebook needs 1 to 256 values";
  if (format->code_layout == BF_CODES_PACKED) {
    if (format->code_bits < 1 || format->code_bits > 8) return "packed codes have 1 to 8 bits";
    if (size > 1 << format->code_bits) return "the codebook has more values than codes have";
  }
  for (std::int32_t i = 0; i < size; ++i) {
    if (!std::isfinite(format->codebook[i])) return "the codebook has a value that is not finite";
    if (i > 0 && format->codebook[i] < format->codebook[i - 1])
      return "the codebook is not ascending";
  }
  return nullptr;
}

inline bool blockMeans(const bf_format& format) {
  return format.mean_rule == BF_MEAN_BLOCK || format.mean_rule == BF_MEAN_BLOCK_GIVEN;
}

}  // namespace detail

/// What is wrong with the arguments, or null.
inline const char* checkArguments(const bf_quantize_args& args) {
  if (args.struct_size < sizeof args) return "the argument struct is too small";
  if (const char* wrong = detail::checkFormat(args.format, args.count)) return wrong;
  if (!detail::valueType(args.input_type)) return "unknown input type";
  if (args.count > 0 &&
      (args.input == nullptr || args.codes == nullptr || args.constants == nullptr ||
       (args.means == nullptr && detail::blockMeans(*args.format))))
    return "a buffer is missing";
  return nullptr;
}

inline const char* checkArguments(const bf_dequantize_args& args) {
  if (args.struct_size < sizeof args) return "the argument struct is too small";
  if (const char* wrong = detail::checkFormat(args.format, args.count)) return wrong;
  if (!detail::valueType(args.output_type)) return "unknown output type";
  if (args.count > 0 &&
      (args.output == nullptr || args.codes == nullptr || args.constants == nullptr ||
       (args.means == nullptr && detail::blockMeans(*args.format))))
    return "a buffer is missing";
  return nullptr;
}

inline const char* checkArguments(const bf_round_trip_args& args) {
  if (args.struct_size < sizeof args) return "the argument struct is too small";
  if (const char* wrong = detail::checkFormat(args.format, args.count)) return wrong;
  if (!detail::valueType(args.input_type)) return "unknown input type";
  if (!detail::valueType(args.output_type)) return "unknown output type";
  if (args.count > 0 &&
      (args.input == nullptr || args.output == nullptr ||
       (args.constants == nullptr && args.format->constant_rule == BF_CONSTANT_GIVEN) ||
       (args.means == nullptr && args.format->mean_rule == BF_MEAN_BLOCK_GIVEN)))
    return "a buffer is missing";
  return nullptr;
}

}  // namespace bitfrontier
