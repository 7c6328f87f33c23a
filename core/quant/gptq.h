// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "core/quant/quantized_tensor.h"

namespace bitfrontier {

/// A matrix quantized by GPTQ, and the columns that stay in 16 bit.
struct GptqResult {
  QuantizedTensor tensor;  ///< [rows, columns - kept]
  at::Tensor kept;         ///< fp32, [rows, kept], changed to make up for the errors of the others
};

/// GPTQ (Frantar et al., arXiv 2210.17323): columns are rounded one after the other, and each one's
/// error is made up for, as far as the inputs' second moments allow, by the columns still to come
/// (optimal brain surgeon steps through a Cholesky factor of the inverse). The last `kept` columns
/// are not rounded. Inputs that were always zero have their weights set to zero, as in the
/// published code.
///
/// Blocks that lie within rows get constant and mean when their first column is reached, from the
/// weights as they are then. All others (blocks across rows, and any with activation order) get
/// them beforehand, from the original weights.
///
/// `weight` fp32 [rows, columns], finite; `moments` fp64 [columns, columns]. The factorization is
/// in fp64 and costs columns^3 / 2 operations; updates are fp32, rows * columns^2. Throws
/// Error(Numeric) when the moments, damped, are not positive definite.
GptqResult quantizeGptq(const at::Tensor& weight, const at::Tensor& moments, std::int64_t kept,
                        const QuantConfig& config, const bf_kernel_table& kernels);

}  // namespace bitfrontier
