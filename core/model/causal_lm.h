// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier {

class Checkpoint;

/// Architecture description of a decoder-only language model, read from config.json.
struct ModelConfig {
  std::string modelType;  ///< "gpt_neox"
  std::int64_t vocabSize = 0;
  std::int64_t hiddenSize = 0;
  std::int64_t layers = 0;
  std::int64_t heads = 0;
  std::int64_t intermediateSize = 0;
  std::int64_t maxPositions = 0;  ///< longest context in tokens
  double rotaryFraction = 1.0;    ///< share of each head's dimensions that is rotated
  double rotaryBase = 10000.0;
  double normEpsilon = 1e-5;
  bool parallelResidual = true;
  bool tiedHead = false;
  std::string activation =
      "gelu";  ///< "gelu" (erf), "gelu_new"/"gelu_fast"/"gelu_pytorch_tanh" (tanh), "relu"
};

/// A quantizable linear layer: y = x W^T + b with W [out, in].
struct LinearInfo {
  std::string
      name;  ///< tensor name in the checkpoint, e.g. "gpt_neox.layers.0.attention.dense.weight"
  std::int64_t out = 0, in = 0;
};

/// Number of parameters by role.
struct ParameterSummary {
  std::int64_t linear = 0;  ///< weights of the linear layers inside the blocks (what is quantized)
  std::int64_t embedding = 0;  ///< input embedding and (when untied) output head
  std::int64_t other = 0;      ///< norms and biases
  std::int64_t total() const { return linear + embedding + other; }
};

/// A decoder-only language model on one device. Weights are shared, cheap to copy; forward
/// functions are const and may be differentiated when the weights require gradients.
class CausalLm {
 public:
  /// Reads config.json and the weights. On a CPU everything computes in fp32, whatever the
  /// checkpoint's dtype. Error naming the directory and the tensor for missing, misshapen or
  /// unsupported parts.
  static CausalLm load(const Checkpoint& checkpoint, const std::string& device = "cpu");
  static CausalLm load(const std::filesystem::path& directory, const std::string& device = "cpu");
  /// A new model with GPT-NeoX style random weights (for training), from a fixed seed.
  static CausalLm initialise(const ModelConfig& config, std::uint64_t seed);

  const ModelConfig& config() const { return config_; }
  /// Quantizable layers in a fixed order (layer by layer).
  const std::vector<LinearInfo>& linears() const { return linears_; }
  ParameterSummary parameters() const;

  /// Current weight by tensor name, fp32 [out, in] on the CPU.
  const at::Tensor& weight(std::string_view name) const;
  /// Replaces a weight of the same shape (the quantized, dequantized one). Error NotFound /
  /// InvalidArgument.
  void setWeight(std::string_view name, const at::Tensor& weight);

  /// Final hidden states (after the last norm) [batch, time, hidden] of token ids int64 [batch,
  /// time]; causal attention, right padding is inert. Time must not exceed maxPositions.
  at::Tensor hidden(const at::Tensor& tokens) const;
  /// Logits [..., vocab] of hidden states [..., hidden].
  at::Tensor logits(const at::Tensor& hidden) const;

  /// All parameters by checkpoint name, in a fixed order (for training and saving).
  const std::vector<std::pair<std::string, at::Tensor>>& named() const { return tensors_; }
  std::vector<std::pair<std::string, at::Tensor>>& named() { return tensors_; }

 private:
  std::size_t indexOf(std::string_view name) const;

  ModelConfig config_;
  std::vector<LinearInfo> linears_;
  std::vector<std::pair<std::string, at::Tensor>> tensors_;
};

}  // namespace bitfrontier
