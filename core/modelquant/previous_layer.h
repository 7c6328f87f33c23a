// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

#include "core/model/architecture.h"

namespace bitfrontier {

/// Gives a weight of the model by role and layer (-1 outside the layers), [out, in]; undefined
/// where the model has none.
using WeightByRole = std::function<at::Tensor(TensorRole, std::int64_t layer)>;

/// Standard deviation of the units that feed each input of a linear layer, [in]: what the paper's
/// proxy for outlier dimensions (section 3) ranks by. "Previous layer" is the one whose output
/// units are this layer's inputs, up to norms and residual additions (appendix D):
///   attention output  <- the value projection (its part of a fused one; shared heads repeated)
///   MLP input, gate   <- the attention output; in parallel blocks, whose MLP reads the block's
///   input,
///                        the previous block's MLP output
///   MLP output        <- the MLP input
///   query, key, value <- the previous block's MLP output; in the first block the embedding, of
///   which
///                        the columns are the units (or OPT's projection behind it)
at::Tensor previousUnitDeviations(const ModelConfig& config, TensorRole role, std::int64_t layer,
                                  const WeightByRole& weight);

}  // namespace bitfrontier
