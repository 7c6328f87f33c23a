// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "core/quant/codebook_for.h"
#include "core/quant/finite.h"
#include "core/quant/input_statistics.h"
#include "core/quant/quant_config.h"
#include "core/quant/quantized_tensor.h"
#include "kernels/kernel_table.h"

namespace bitfrontier {

/// What a configuration may need to know besides the weight.
struct QuantizeOptions {
  /// OutlierRule::PreviousLayer: standard deviations of the previous layer's output units, which
  /// are this layer's inputs, [in] (core/quant/outliers.h).
  at::Tensor previousDeviations;
  /// GPTQ, AWQ and the weighted search.
  const InputStatistics* inputs = nullptr;
  NonFinite nonFinite = NonFinite::Fail;
  /// NonFinite::Clamp: gets the number of values replaced.
  std::int64_t* clamped = nullptr;
};

/// Quantizes a CPU weight of type fp32, fp16 or bf16, any shape, not empty; matrices are [out, in].
/// Uses the threads of core/device/host_runner.h. Throws Error(Numeric) naming the flat index of a
/// NaN or Inf, Error(InvalidArgument) for the baselines, an unsuited tensor, or a missing option.
QuantizedTensor quantize(const at::Tensor& weight, const QuantConfig& config,
                         const bf_kernel_table& kernels, const QuantizeOptions& options = {});

/// The weight as the quantized model sees it: dequantize(quantize(weight)), as a new contiguous
/// tensor of `type` with the weight's shape and device. The baselines round to 16 bit. Plain
/// rounding is one pass on the weight's device; what the kernels do not have is done on the CPU.
/// Throws as quantize() does.
at::Tensor quantizeDequantize(const at::Tensor& weight, const QuantConfig& config,
                              const bf_kernel_table& kernels,
                              at::ScalarType type = at::ScalarType::Float,
                              const QuantizeOptions& options = {});

}  // namespace bitfrontier
