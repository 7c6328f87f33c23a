// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace bitfrontier {

/// Slopes [heads] of ALiBi, fp32: powers of 2^(-8 / m) for the largest power of two m up to
/// `heads`; further heads get the odd powers of 2^(-4 / m), as in BLOOM.
at::Tensor alibiSlopes(std::int64_t heads);

/// Makes attention over q, k, v [batch, heads, time, headDim] with `scale` add slope * (key index)
/// to its scores: a further dimension holds slope / scale in the queries and the index in the keys.
/// Softmax takes no notice of the query's own index, so this is ALiBi without a mask of time x time
/// a head. The results' further dimensions are to be cut off.
void addAlibi(at::Tensor& q, at::Tensor& k, at::Tensor& v, const at::Tensor& slopes, double scale);

}  // namespace bitfrontier
