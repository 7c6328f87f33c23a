// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "core/quant/block_fit.h"
#include "core/quant/quantized_tensor.h"

namespace bitfrontier {

/// Rounds every weight of a contiguous CPU matrix [rows, columns] to its nearest code; no outliers,
/// no method. Throws Error(Numeric) for a value that is not finite. `columnWeights` as in
/// fitBlocks().
QuantizedTensor encodeNearest(const at::Tensor& matrix, const MatrixFormat& format,
                              const bf_kernel_table& kernels, const at::Tensor& columnWeights = {});

/// A tensor of the format without codes and constants, [rows, columns].
QuantizedTensor emptyTensor(const MatrixFormat& format, std::int64_t rows, std::int64_t columns);

/// Puts the kernels' constants into stored form: double quantizes them where asked for.
void storeConstants(QuantizedTensor& tensor, const at::Tensor& constants,
                    const bf_kernel_table& kernels);

}  // namespace bitfrontier
