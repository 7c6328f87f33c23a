// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace bitfrontier {

/// Standard deviation (with n - 1) of each output unit's weights of a linear layer [out, in]:
/// [out], fp64. The paper ranks the next layer's inputs by it (section 3).
at::Tensor unitDeviations(const at::Tensor& weight);

/// Standard deviation of each input column: [in], fp64; what the released code ranks by.
at::Tensor columnDeviations(const at::Tensor& weight);

/// The `count` indices of the largest values, ascending, int64; of equal values the first ones.
at::Tensor largestIndices(const at::Tensor& values, std::int64_t count);

}  // namespace bitfrontier
