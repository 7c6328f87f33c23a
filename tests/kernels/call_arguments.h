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

/// input [batch][in] times the transpose of a weight [out][in].
inline bf_matmul_args matmulArgs(const bf_format& format, const Parts& weight, const void* input,
                                 void* output, std::int64_t batch, std::int64_t in,
                                 std::int64_t out) {
  bf_matmul_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.codes = weight.codes;
  args.constants = weight.constants;
  args.means = weight.means;
  args.input = input;
  args.output = output;
  args.batch = batch;
  args.in_features = in;
  args.out_features = out;
  return args;
}

}  // namespace bitfrontier
