// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "core/base/job.h"
#include "core/model/causal_lm.h"
#include "core/modelquant/model_quantizer.h"
#include "core/quant/counting_rule.h"
#include "core/quant/quant_config.h"
#include "kernels/kernel_table.h"

namespace bitfrontier {

/// How quantized weights are held while a model is scored. Scores are the same.
enum class WeightForm {
  Dense,   ///< dequantized once, then multiplied like any weight
  Packed,  ///< linear layers as codes, dequantized each time they are used
};

/// What a configuration means for a model whose checkpoint is quantized already, as `stored` says:
/// that configuration itself, when it is asked for or a 16-bit baseline is. Throws
/// Error(Unsupported) for any other. With an empty `stored` the configuration as it is.
QuantConfig effectiveConfig(const QuantConfig& config, const std::string& stored);

/// "rtn", or the search and the method joined by "+": "mse", "gptq", "mse+gptq".
std::string methodName(const QuantConfig& config);

/// A model whose weights are swapped between configurations; every configuration is made from the
/// original weights, which are kept.
class QuantizedModel {
 public:
  QuantizedModel(CausalLm model, const bf_kernel_table& kernels);

  /// Replaces the weights that the configuration quantizes and restores all others. Token ids of a
  /// calibration text are needed when the configuration says so. Checks the stop token per tensor;
  /// after an exception the model is in an undefined mixture until the next complete call.
  void apply(const QuantConfig& config, const JobContext& job = {},
             const at::Tensor& calibration = {}, WeightForm form = WeightForm::Dense);

  const CausalLm& model() const { return quantizer_.model(); }
  /// The three totals of a configuration, exact for these tensors.
  ModelBits bits(const QuantConfig& config) const;

 private:
  ModelQuantizer quantizer_;
  const bf_kernel_table* kernels_;
};

}  // namespace bitfrontier
