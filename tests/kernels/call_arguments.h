// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/kernel_table.h"

namespace bitfrontier {

/// A quantized tensor as calls take it.
struct Parts {
  const void* codes;
  const void* constants;
  const void* means;
};

inline bf_dequantize_args dequantizeArgs(const bf_format& format, const Parts& from,
                                         std::int64_t count, void* output,
                                         std::int32_t outputType = BF_FP32) {
  bf_dequantize_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.codes = from.codes;
  args.constants = from.constants;
  args.means = from.means;
  args.count = count;
  args.output = output;
  args.output_type = outputType;
  return args;
}

}  // namespace bitfrontier
