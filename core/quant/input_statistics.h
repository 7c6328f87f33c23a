// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace bitfrontier {

/// What a linear layer's inputs were like on a calibration text.
struct InputStatistics {
  at::Tensor moments;       ///< fp64, [in, in]: mean of x x^T
  at::Tensor magnitudes;    ///< fp64, [in]: mean of |x|
  std::int64_t inputs = 0;  ///< vectors seen
};

}  // namespace bitfrontier
