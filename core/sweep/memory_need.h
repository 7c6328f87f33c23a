// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "core/quant/quant_config.h"

namespace bitfrontier {

struct ModelConfig;

/// Bytes that a model under a configuration needs at its peak in a sweep. Estimates: weights are
/// exact, the rest goes by the shapes.
struct MemoryNeed {
  std::int64_t original = 0;     ///< 16-bit weights, as this device computes with them
  std::int64_t quantized = 0;    ///< the weights of the configuration beside them
  std::int64_t working = 0;      ///< one widened layer, activations and logits of a batch
  std::int64_t calibration = 0;  ///< what GPTQ, AWQ and weighted search keep of a layer's inputs

  std::int64_t total() const { return original + quantized + working + calibration; }
};

/// Numbers of elements that memory goes by.
struct ModelSizes {
  double all = 0, linear = 0, largest = 0;  ///< largest: of one linear layer
  std::int64_t hidden = 0, inner = 0, vocab = 0, widest = 0, positions = 0;
};

/// Throws Error where the shapes of the configuration cannot be.
ModelSizes sizesOf(const ModelConfig& config);

/// As CausalLm, QuantizedModel and evaluate() allocate; `available`: bytes of the device, by which
/// weights on the CPU stay in their file.
MemoryNeed needOf(const ModelSizes& sizes, const QuantConfig& config, bool gpu,
                  std::int64_t available);

}  // namespace bitfrontier
