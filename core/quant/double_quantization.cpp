// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/double_quantization.h"

#include <ATen/ATen.h>

#include "core/quant/kernel_call.h"
#include "kernels/blocks.h"
#include "kernels/codebook.h"

namespace bitfrontier {
namespace {

const std::vector<float>& table() {
  static const std::vector<float> values = dynamicCodebook(8);
  return values;
}

bf_format constantFormat(float offset) {
  bf_format format{};
  format.struct_size = sizeof format;
  format.codebook = table().data();
  format.codebook_size = static_cast<std::int32_t>(table().size());
  format.block_size = kConstantsPerScale;
  format.constant_type = BF_FP32;
  format.mean_rule = BF_MEAN_TENSOR;
  format.tensor_mean = offset;
  return format;
}

float offsetOf(const at::Tensor& constants) {
  return constants.mean(at::kDouble).to(at::kFloat).item<float>();
}

}  // namespace

DoubleQuantized doubleQuantize(const at::Tensor& constants, const bf_kernel_table& kernels) {
  const at::Tensor values = constants.contiguous();
  const std::int64_t count = values.numel();
  DoubleQuantized result;
  result.codes = at::empty({count}, at::kByte);
  result.scales = at::empty({blockCount(count, kConstantsPerScale)}, at::kFloat);
  result.offset = offsetOf(values);
  const bf_format format = constantFormat(result.offset);
  bf_quantize_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.input = values.const_data_ptr();
  args.count = count;
  args.codes = result.codes.data_ptr();
  args.constants = result.scales.data_ptr();
  args.input_type = BF_FP32;
  requireOk(kernels.quantize(&args), kernels);
  return result;
}

void roundTripConstants(const at::Tensor& constants, const bf_kernel_table& kernels) {
  const bf_format format = constantFormat(offsetOf(constants));
  bf_round_trip_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.input = constants.const_data_ptr();
  args.output = constants.data_ptr();
  args.count = constants.numel();
  args.input_type = BF_FP32;
  args.output_type = BF_FP32;
  CallPlace(constants).putInto(args);
  requireOk(kernels.round_trip(&args), kernels);
}

at::Tensor decodeConstants(const at::Tensor& codes, const at::Tensor& scales, float offset,
                           const bf_kernel_table& kernels) {
  at::Tensor constants = at::empty({codes.numel()}, at::kFloat);
  const bf_format format = constantFormat(offset);
  bf_dequantize_args args{};
  args.struct_size = sizeof args;
  args.format = &format;
  args.codes = codes.const_data_ptr();
  args.constants = scales.const_data_ptr();
  args.count = codes.numel();
  args.output = constants.data_ptr();
  args.output_type = BF_FP32;
  requireOk(kernels.dequantize(&args), kernels);
  return constants;
}

}  // namespace bitfrontier
