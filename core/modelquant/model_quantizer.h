// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/model/architecture.h"
#include "core/model/causal_lm.h"
#include "core/model/weight_source.h"
#include "core/quant/bit_accounting.h"
#include "core/quant/quantize.h"

namespace bitfrontier {

/// What a tensor of a model is for, as bits are counted and tensors chosen for quantization.
ParameterRole roleOf(const TensorSlot& slot);

/// One tensor to quantize.
struct QuantizationStep {
  const TensorSlot& slot;
  const at::Tensor& weight;   ///< the original one, [out, in], on the model's device
  const QuantConfig& config;  ///< for this tensor: without methods for embeddings and head
  const QuantizeOptions& options;
};

/// A packed weight that stands for a linear layer's dense one.
class PackedWeight : public WeightSource {
 public:
  explicit PackedWeight(QuantizedTensor tensor) : tensor_(std::move(tensor)) {}
  void widen(const at::Tensor& out) const override;
  const QuantizedTensor& tensor() const { return tensor_; }

 private:
  QuantizedTensor tensor_;
};

/// A model whose weights are quantized from their originals, again and again.
class ModelQuantizer {
 public:
  explicit ModelQuantizer(CausalLm model);

  CausalLm& model() { return model_; }
  const CausalLm& model() const { return model_; }

  /// Restores the originals, then calls `quantize` for every tensor that the configuration
  /// quantizes: linear layers decoder layer by decoder layer, then embeddings and head. `quantize`
  /// puts its result into the model; with calibration each decoder layer's statistics come from the
  /// model whose earlier layers are quantized already. `calibration`: token ids, needed when the
  /// configuration says so. Throws Error(InvalidArgument) without them; what `quantize` throws gets
  /// the tensor's name in front. Checks the stop token per tensor; after an exception the model is
  /// a mixture.
  void run(const QuantConfig& config, const at::Tensor& calibration,
           const std::function<void(const QuantizationStep&)>& quantize, const JobContext& job = {},
           NonFinite nonFinite = NonFinite::Fail);

  /// Puts the original weights back.
  void restore();

 private:
  at::Tensor original(TensorRole role, std::int64_t layer) const;

  CausalLm model_;
  std::vector<TensorSlot> slots_;
  std::vector<at::Tensor> originals_;  ///< beside slots_
};

/// Calls `step` and puts the tensor's name in front of its errors.
void namingTensor(const std::string& name, const std::function<void()>& step);

}  // namespace bitfrontier
