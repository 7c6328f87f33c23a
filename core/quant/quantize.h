// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/quant/codebook_for.h"
#include "core/quant/quant_config.h"
#include "kernels/kernel_table.h"

namespace bitfrontier {

/// A weight as codes, block constants and a code table. Blocks run along the flattened row-major
/// tensor and may cross rows (paper, section 2.3).
struct QuantizedTensor {
  QuantConfig config;
  std::vector<std::int64_t> shape;
  at::Tensor codes;             ///< uint8, [elements], one code a byte
  at::Tensor constants;         ///< fp16, [ceil(elements / blockSize)]
  std::vector<float> codebook;  ///< ascending; values of a quantile table are fp16 numbers

  /// Bits of the packed form: codes at `config.bits`, constants, a quantile table at 16 bits.
  std::int64_t storedBits() const;
};

/// Quantizes a CPU weight of type fp32, fp16 or bf16, any shape, not empty. Uses ATen's threads.
/// Throws Error(Numeric) naming the flat index of a NaN or Inf, Error(InvalidArgument) for the
/// baseline or an unsuited tensor.
QuantizedTensor quantize(const at::Tensor& weight, const QuantConfig& config,
                         const bf_kernel_table& kernels);

/// codebook[code] * constant in fp32, rounded once to `type` (Float, Half or BFloat16); CPU.
at::Tensor dequantize(const QuantizedTensor& tensor, at::ScalarType type);

/// The weight as the quantized model sees it: dequantize(quantize(weight)), in one pass, as a new
/// contiguous tensor of `type` with the weight's shape and device. The baseline rounds to fp16.
/// Throws as quantize() does.
at::Tensor quantizeDequantize(const at::Tensor& weight, const QuantConfig& config,
                              const bf_kernel_table& kernels,
                              at::ScalarType type = at::ScalarType::Float);

}  // namespace bitfrontier
