// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/modelquant/previous_layer.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/quant/outliers.h"

namespace bitfrontier {
namespace {

/// Units of the value projection in the order in which the attention output reads them.
at::Tensor valueDeviations(const ModelConfig& config, std::int64_t layer,
                           const WeightByRole& weight) {
  const std::int64_t headDim = config.sizeOfHead();
  if (const at::Tensor fused = weight(TensorRole::QkvWeight, layer); fused.defined()) {
    const at::Tensor units = unitDeviations(fused);
    return config.qkvOrder == QkvOrder::ByHead
               ? units.view({config.heads, 3, headDim}).select(1, 2).reshape({-1})
               : units.view({3, -1})[2];
  }
  const at::Tensor units = unitDeviations(weight(TensorRole::ValueWeight, layer));
  const std::int64_t sharing = config.heads / config.keyValues();
  return units.view({config.keyValues(), headDim}).repeat_interleave(sharing, 0).reshape({-1});
}

/// What the first norm of a block reads.
at::Tensor blockInputDeviations(std::int64_t layer, const WeightByRole& weight) {
  if (layer > 0) return unitDeviations(weight(TensorRole::MlpOutWeight, layer - 1));
  if (const at::Tensor project = weight(TensorRole::ProjectIn, -1); project.defined())
    return unitDeviations(project);
  return columnDeviations(weight(TensorRole::Embedding, -1));
}

}  // namespace

at::Tensor previousUnitDeviations(const ModelConfig& config, TensorRole role, std::int64_t layer,
                                  const WeightByRole& weight) {
  switch (role) {
    case TensorRole::QkvWeight:
    case TensorRole::QueryWeight:
    case TensorRole::KeyWeight:
    case TensorRole::ValueWeight:
      return blockInputDeviations(layer, weight);
    case TensorRole::AttentionOutWeight:
      return valueDeviations(config, layer, weight);
    case TensorRole::MlpInWeight:
    case TensorRole::MlpGateWeight:
      return config.block == BlockOrder::Parallel
                 ? blockInputDeviations(layer, weight)
                 : unitDeviations(weight(TensorRole::AttentionOutWeight, layer));
    case TensorRole::MlpOutWeight:
      return unitDeviations(weight(TensorRole::MlpInWeight, layer));
    default:
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("tensor role {} is no linear layer's", static_cast<int>(role)));
  }
}

}  // namespace bitfrontier
