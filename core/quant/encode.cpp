// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/encode.h"

#include <ATen/ATen.h>

#include "core/quant/blocks.h"
#include "core/quant/double_quantization.h"
#include "core/quant/finite.h"
#include "core/quant/kernel_call.h"
#include "kernels/packing.h"

namespace bitfrontier {

QuantizedTensor emptyTensor(const MatrixFormat& format, std::int64_t rows, std::int64_t columns) {
  QuantizedTensor tensor;
  tensor.config = format.config;
  tensor.shape = {rows, columns};
  tensor.tensorScale = format.tensorScale;
  tensor.tensorMean = format.tensorMean;
  tensor.codebook = format.table;
  return tensor;
}

void storeConstants(QuantizedTensor& tensor, const at::Tensor& constants,
                    const bf_kernel_table& kernels) {
  if (tensor.config.constant != ConstantType::Double) {
    tensor.constants = constants;
    return;
  }
  DoubleQuantized twice = doubleQuantize(constants, kernels);
  tensor.constants = std::move(twice.codes);
  tensor.constantScales = std::move(twice.scales);
  tensor.constantOffset = twice.offset;
}

QuantizedTensor encodeNearest(const at::Tensor& matrix, const MatrixFormat& format,
                              const bf_kernel_table& kernels, const at::Tensor& columnWeights) {
  const std::int64_t columns = matrix.size(-1);
  const std::int64_t count = matrix.numel();
  QuantizedTensor tensor = emptyTensor(format, count / columns, columns);
  bf_format kernel = format.kernelFormat(columns);
  BlockFit fit;
  if (kernelsFitBlocks(format.config)) {
    const std::int64_t blocks = blockGridOf(format.config, count, columns).blocks;
    const auto type = format.config.constant == ConstantType::Double
                          ? at::kFloat
                          : constantScalarType(format.config.constant);
    fit.constants = at::empty({blocks}, type);
    if (format.config.centering == Centering::Block) fit.means = at::empty({blocks}, at::kHalf);
  } else {
    fit = fitBlocks(matrix, format, kernels, columnWeights);
    kernel.constant_rule = BF_CONSTANT_GIVEN;
    if (fit.means.defined()) kernel.mean_rule = BF_MEAN_BLOCK_GIVEN;
  }
  tensor.codes = at::empty({codeBytes(count, BF_CODES_PACKED, format.config.bits)}, at::kByte);
  std::int64_t firstBad = -1;
  bf_quantize_args args{};
  args.struct_size = sizeof args;
  args.format = &kernel;
  args.input = matrix.const_data_ptr();
  args.count = count;
  args.codes = tensor.codes.data_ptr();
  args.constants = fit.constants.data_ptr();
  args.means = fit.means.defined() ? fit.means.data_ptr() : nullptr;
  args.first_bad_index = &firstBad;
  args.runner = hostRunner();
  args.input_type = kernelType(matrix.scalar_type(), "a weight to quantize");
  const std::int32_t status = kernels.quantize(&args);
  if (status == BF_NOT_FINITE) failNotFinite(matrix, firstBad);
  requireOk(status, kernels);
  tensor.means = fit.means;
  storeConstants(tensor, fit.constants, kernels);
  return tensor;
}

}  // namespace bitfrontier
