// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/quantized_model.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <unordered_set>

#include "core/quant/bit_accounting.h"
#include "core/quant/quantize.h"

namespace bitfrontier {

QuantizedModel::QuantizedModel(CausalLm model, const bf_kernel_table& kernels)
    : model_(std::move(model)), kernels_(&kernels) {
  for (const LinearInfo& linear : model_.linears()) {
    originals_.push_back(model_.weight(linear.name));
  }
}

void QuantizedModel::apply(const QuantConfig& config, const JobContext& job) {
  const c10::InferenceMode noGradients;
  for (std::size_t i = 0; i < originals_.size(); ++i) {
    job.throwIfCancelled();
    const at::Tensor& original = originals_[i];
    model_.setWeight(model_.linears()[i].name,
                     quantizeDequantize(original, config, *kernels_, original.scalar_type()));
  }
}

ModelBits QuantizedModel::bits(const QuantConfig& config) const {
  std::unordered_set<std::string> linear;
  for (const LinearInfo& info : model_.linears()) linear.insert(info.name);
  std::vector<TensorCount> tensors;
  for (const auto& [name, tensor] : model_.named()) {
    TensorCount count;
    count.name = name;
    count.role = linear.contains(name) ? ParameterRole::Linear
                 : tensor.dim() == 2   ? ParameterRole::Embedding
                                       : ParameterRole::Other;
    count.elements = tensor.numel();
    tensors.push_back(std::move(count));
  }
  return {totalModelBits(tensors, config, CountingRule::LinearOnly),
          totalModelBits(tensors, config, CountingRule::AllParameters),
          totalModelBits(tensors, config, CountingRule::CheckpointBytes)};
}

}  // namespace bitfrontier
