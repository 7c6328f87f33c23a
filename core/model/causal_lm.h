// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/device/device_id.h"
#include "core/model/architecture.h"
#include "core/model/model_config.h"
#include "core/model/weight_memory.h"
#include "core/model/weight_source.h"

namespace bitfrontier {

class Checkpoint;

/// A quantizable linear layer: y = x W^T + b with W [out, in].
struct LinearInfo {
  std::string name;  ///< as transformers saves it, "gpt_neox.layers.0.attention.dense.weight"
  std::int64_t out = 0, in = 0;
};

/// Called with the name and input [batch, time, in] of each linear layer inside the decoder layers
/// when it is reached; the pass ends behind the decoder layer in which it returned false.
using InputObserver = std::function<bool(const std::string& linear, const at::Tensor& input)>;

/// Number of parameters by role.
struct ParameterSummary {
  std::int64_t linear = 0;  ///< weights of the linear layers inside the blocks: what is quantized
  std::int64_t embedding = 0;  ///< embeddings, an untied head, projections between them
  std::int64_t other = 0;      ///< norms and biases
  std::int64_t total() const { return linear + embedding + other; }
};

/// A decoder-only language model on one device, of any architecture that architecture.h knows.
/// Weights are shared, cheap to copy; forward functions are const, may run on several threads at
/// once, and may be differentiated when the weights require gradients.
///
/// Names are those that transformers writes, whatever the prefixes in the file. Linear weights are
/// [out, in] throughout, also GPT-2's, which its files hold as [in, out]: so a block of consecutive
/// values lies within the inputs of one output for every family.
class CausalLm {
 public:
  /// Reads config.json and the weights. On a CPU everything computes in fp32, whatever the
  /// checkpoint's type. Error naming the directory and the tensor for missing, misshapen, not
  /// finite or unsupported parts. Whether the head is tied follows transformers 5: it is when
  /// config.json says so and the file has no head of its own, or an equal one.
  static CausalLm load(const Checkpoint& checkpoint, DeviceId device = {},
                       WeightMemory memory = WeightMemory::Auto);
  static CausalLm load(const std::filesystem::path& directory, DeviceId device = {},
                       WeightMemory memory = WeightMemory::Auto);
  /// A new model with GPT-NeoX style random weights (for training), from a fixed seed.
  static CausalLm initialise(const ModelConfig& config, std::uint64_t seed);

  const ModelConfig& config() const { return config_; }
  /// Quantizable layers in a fixed order (layer by layer).
  const std::vector<LinearInfo>& linears() const { return linears_; }
  ParameterSummary parameters() const;
  /// Mapped or Widened, see load().
  WeightMemory memory() const { return memory_; }

  /// Current weight by name, [out, in]; on the CPU fp32, or when Mapped the file's own, of its type
  /// and for GPT-2 a transposed view.
  const at::Tensor& weight(std::string_view name) const;
  /// Replaces a weight of the same shape (the quantized, dequantized one). It is kept in the type
  /// given when the model is Mapped, else in that the model computes in. Error NotFound /
  /// InvalidArgument.
  void setWeight(std::string_view name, const at::Tensor& weight);
  /// Lets the source stand for a linear layer's weight in forward passes, until the tensor is
  /// replaced; weight() and named() go on giving the tensor.
  void setWeight(std::string_view name, std::shared_ptr<const WeightSource> source);

  /// Final hidden states [batch, time, embedding width] of token ids int64 [batch, time], after
  /// the last norm and OPT's projection; causal attention, right padding is inert. Time must not
  /// exceed maxPositions, but for ALiBi models, which have no limit.
  at::Tensor hidden(const at::Tensor& tokens) const;
  /// Runs the layers as hidden() does and shows each linear layer's input to the observer.
  void observe(const at::Tensor& tokens, const InputObserver& observer) const;
  /// Logits [..., vocab] of hidden states [..., embedding width].
  at::Tensor logits(const at::Tensor& hidden) const;

  /// All parameters by name, in a fixed order (for training).
  const std::vector<std::pair<std::string, at::Tensor>>& named() const { return tensors_; }
  std::vector<std::pair<std::string, at::Tensor>>& named() { return tensors_; }
  /// All parameters in the form of the checkpoint's files (GPT-2's weights [in, out]), for saving.
  std::vector<std::pair<std::string, at::Tensor>> stored() const;

 private:
  class Pass;
  using RoleIndex = std::array<std::int32_t, kTensorRoles>;  ///< into tensors_, -1 = none

  explicit CausalLm(ModelConfig config);
  /// Appends a tensor; in the order of tensorSlots().
  void add(const TensorSlot& slot, at::Tensor tensor);
  std::size_t indexOf(std::string_view name) const;
  void requireFits(const at::Tensor& tokens) const;

  ModelConfig config_;
  WeightMemory memory_ = WeightMemory::Widened;
  std::vector<LinearInfo> linears_;
  std::vector<std::pair<std::string, at::Tensor>> tensors_;
  std::vector<std::shared_ptr<const WeightSource>> sources_;  ///< beside tensors_, mostly null
  RoleIndex outer_;                                           ///< tensors outside the layers
  std::vector<RoleIndex> layers_;
};

}  // namespace bitfrontier
