// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

namespace bitfrontier {

/// A linear weight kept in a form that cannot be multiplied with, such as packed k-bit codes, and
/// made dense each time it is used. A packed weight plugs in by deriving from this and passing
/// itself to CausalLm::setWeight(); the model then holds no dense copy of it.
class WeightSource {
 public:
  virtual ~WeightSource() = default;
  /// Writes the whole weight to `out`: [out, in], contiguous, in the type and on the device the
  /// model computes in; its old content means nothing. Called once per forward pass and layer,
  /// from several threads at once, each with a buffer of its own.
  virtual void widen(const at::Tensor& out) const = 0;
};

}  // namespace bitfrontier
