// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <utility>
#include <vector>

#include "core/model/architecture.h"

namespace bitfrontier {

class Checkpoint;

/// A checkpoint's weights by what they are for.
struct CheckpointWeights {
  ModelConfig config;  ///< `tiedHead` says what the files hold
  /// In the order of tensorSlots(config): views of the mapped files in the model's shapes,
  /// transposed where the file has them so.
  std::vector<std::pair<TensorSlot, at::Tensor>> tensors;
};

/// How closely weights are looked at.
enum class WeightCheck {
  Finite,      ///< type, shape, and that all values are finite: one pass over the file
  ShapesOnly,  ///< type and shape: no weight is read
};

/// Finds every tensor a model needs, with or without the base prefixes that different programs
/// write, and checks type, shape and that all values are finite (one pass over the file). Buffers
/// are ignored. Tensors that are stored quantized (core/model/packed_weights.h) are dequantized to
/// fp32. Error naming directory and tensor: Format, or Unsupported for a tensor inside a layer that
/// the model described by config.json has no use for, since leaving it out would compute something
/// else than was trained.
CheckpointWeights readWeights(const Checkpoint& checkpoint,
                              WeightCheck check = WeightCheck::Finite);

}  // namespace bitfrontier
