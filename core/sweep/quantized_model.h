// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/model/causal_lm.h"
#include "core/quant/quant_config.h"
#include "core/store/run_record.h"
#include "kernels/kernel_table.h"

namespace bitfrontier {

/// A model whose linear weights are swapped between configurations; every configuration is made
/// from the original weights, which are kept.
class QuantizedModel {
 public:
  QuantizedModel(CausalLm model, const bf_kernel_table& kernels);

  /// Replaces all linear weights. Checks the stop token per layer; after an exception the model
  /// is in an undefined mixture until the next complete call.
  void apply(const QuantConfig& config, const JobContext& job = {});

  const CausalLm& model() const { return model_; }
  /// The three totals of a configuration, exact for these tensors.
  ModelBits bits(const QuantConfig& config) const;

 private:
  CausalLm model_;
  const bf_kernel_table* kernels_;
  std::vector<at::Tensor> originals_;  ///< in the order of model_.linears()
};

}  // namespace bitfrontier
