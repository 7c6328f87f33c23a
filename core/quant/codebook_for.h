// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "core/quant/quant_config.h"

namespace bitfrontier {

/// Code table of a configuration, ascending. With power-of-two constants the tables of int and
/// float reach up to the largest element divided by its power of two (MXFP4: 1.5), so that the grid
/// is that of the OCP formats; all others reach 1, but for learned ones, which reach what fits
/// best. Tables that are estimated on each tensor are here those of the standard normal
/// distribution. Throws Error(InvalidArgument) for the baselines.
std::vector<float> codebookFor(const QuantConfig& config);

/// Code table for a matrix [.., columns] on the CPU, of fp32, fp16 or bf16 and finite, from which
/// `mean` is taken off first. Tables that are estimated on each tensor (quantile, nquantile,
/// learned) have 2^bits values, rounded to fp16 as they are stored; the last two look at whole
/// blocks spread over the matrix, at most about two million values.
std::vector<float> codebookFor(const QuantConfig& config, const at::Tensor& matrix,
                               float mean = 0.0F);

}  // namespace bitfrontier
