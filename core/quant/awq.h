// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "core/quant/input_statistics.h"
#include "core/quant/quantized_tensor.h"

namespace bitfrontier {

/// AWQ-style scaling (Lin et al., arXiv 2306.00978): input channels are multiplied by m^a before
/// quantization and divided afterwards, m being the channel's mean magnitude on the calibration
/// text; the exponent a is the one of 0, 0.05, .. 0.95 with the least squared error of the layer's
/// outputs. a = 0 is plain rounding, so the error never grows.
///
/// The published method folds the divisions into the layer before; here they are stored with the
/// tensor, one fp16 a channel, and the channels of each layer are scaled on their own. `weight`:
/// fp32 or 16 bit [rows, columns], finite; statistics of exactly these columns.
QuantizedTensor quantizeAwq(const at::Tensor& weight, const InputStatistics& inputs,
                            const QuantConfig& config, const bf_kernel_table& kernels);

}  // namespace bitfrontier
