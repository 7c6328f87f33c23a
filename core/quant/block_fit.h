// SPDX-License-Identifier: GPL-3.0-or-later
/// What is decided about a matrix before single weights are rounded: its code table, its mean, the
/// scale of its constants; then the constant and mean of each block.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "core/quant/quant_config.h"
#include "kernels/kernel_table.h"

namespace bitfrontier {

/// The parts of a matrix's format that belong to the whole of it.
struct MatrixFormat {
  QuantConfig config;
  std::vector<float> table;
  float tensorMean = 0;
  float tensorScale = 1;

  /// For the kernels; `this` must outlive it.
  bf_format kernelFormat(std::int64_t rowLength) const;
};

/// `matrix` [.., columns], finite, on any device.
MatrixFormat fitMatrix(const at::Tensor& matrix, const QuantConfig& config,
                       const bf_kernel_table& kernels);

/// Constants and means of all blocks as the kernels read them.
struct BlockFit {
  at::Tensor constants;  ///< in the kernels' type; fp32 where they will be double quantized
  at::Tensor means;      ///< fp16 with centering by blocks, else undefined
};

/// Fits every block of a matrix [rows, columns] on the CPU: from its largest magnitude, or by the
/// search that the configuration asks for. A search tries 41 constants from 1.1 down to 0.3 of the
/// plain one (of powers of two: those from twice to an eighth) and improves the best by least
/// squares; it never ends above the plain one's error. `columnWeights` (fp32, [columns], or
/// undefined) multiply the squared errors. About 0.2 us a weight and thread.
BlockFit fitBlocks(const at::Tensor& matrix, const MatrixFormat& format,
                   const bf_kernel_table& kernels, const at::Tensor& columnWeights = {});

/// Whether the kernels' own rule gives the constants that fitBlocks() would.
bool kernelsFitBlocks(const QuantConfig& config);

}  // namespace bitfrontier
