// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bitfrontier {

/// How a model knows where a token stands.
enum class Positions {
  Rotary,   ///< queries and keys are rotated (Su et al. 2021)
  Learned,  ///< a table of embeddings is added to the input
  Alibi,    ///< distances lower the attention scores (Press et al. 2021)
};

enum class NormKind { Layer, Rms };

/// Where norms and residual additions stand in a decoder layer.
enum class BlockOrder {
  Parallel,    ///< x + attention(norm(x)) + mlp(norm'(x))
  Sequential,  ///< x + attention(norm(x)), then x + mlp(norm'(x))
  PostNorm,    ///< norm(x + attention(x)), then norm'(x + mlp(x))
};

/// How the rows of a fused query-key-value weight are ordered.
enum class QkvOrder {
  ByHead,  ///< q, k, v of head 0, q, k, v of head 1, ...
  Blocks,  ///< all of q, all of k, all of v
};

/// Change of the rotary frequencies for contexts longer than those trained on.
struct RotaryScaling {
  enum class Kind { None, Linear, Llama3, Yarn } kind = Kind::None;
  double factor = 1.0;  ///< frequencies are divided by it: all, or the low ones
  double lowFrequencyFactor = 1.0;
  double highFrequencyFactor = 4.0;
  std::int64_t originalPositions = 0;  ///< Llama3, Yarn: the context trained on
  /// Yarn (Peng et al. 2023): frequencies with more turns than `fastTurns` within that context
  /// stay, those with fewer than `slowTurns` are divided; `truncate` rounds the bounds outwards.
  double fastTurns = 32.0;
  double slowTurns = 1.0;
  bool truncate = true;
  double attentionFactor = 1.0;  ///< Yarn: what is rotated is multiplied by it
};

/// Description of a decoder-only language model, read from config.json; the defaults are those of
/// a GPT-NeoX.
struct ModelConfig {
  std::string modelType;  ///< "gpt2", "opt", "gpt_neox", "bloom", ...
  std::int64_t vocabSize = 0;
  std::int64_t hiddenSize = 0;
  std::int64_t embeddingSize = 0;  ///< width of the embedding where it is projected (OPT), else 0
  std::int64_t layers = 0;
  std::int64_t heads = 0;
  std::int64_t keyValueHeads = 0;  ///< 0 = one for each head
  std::int64_t headDim = 0;        ///< 0 = hiddenSize / heads
  std::int64_t intermediateSize = 0;
  /// Longest context in tokens. With `statedPositions` false config.json names none and this is
  /// lm-evaluation-harness's default of 2048, which gives way to the tokenizer's model_max_length.
  std::int64_t maxPositions = 0;
  bool statedPositions = true;

  Positions positions = Positions::Rotary;
  std::int64_t positionOffset = 0;  ///< row of a learned position table that serves token 0
  double rotaryFraction = 1.0;      ///< share of each head's dimensions that is rotated
  double rotaryBase = 10000.0;
  RotaryScaling rotaryScaling;

  NormKind norm = NormKind::Layer;
  double normEpsilon = 1e-5;
  bool normWeights = true;  ///< false: norms only normalise (OPT's layer_norm_elementwise_affine)
  bool finalNorm = true;
  BlockOrder block = BlockOrder::Parallel;
  bool residualAfterNorm = false;  ///< BLOOM: the residual branches off behind the norm

  QkvOrder qkvOrder = QkvOrder::ByHead;
  bool qkvBias = true;
  bool attentionOutBias = true;
  bool mlpBias = true;
  bool queryKeyNorm = false;   ///< RMS norm of each head's queries and keys (Qwen3)
  bool scaleAttention = true;  ///< scores are divided by sqrt(headDim)
  bool scaleByLayer = false;   ///< and by the layer's number, counted from 1 (GPT-2)
  /// Keys a query sees, by layer; 0 = all before it. Empty = 0 for all.
  std::vector<std::int64_t> slidingWindows;
  bool tiedHead = false;  ///< logits are products with the embedding
  /// Spec of the configuration that the checkpoint's weights are quantized with (core/quant); empty
  /// for dense ones. And what they were calibrated on, where they were.
  std::string quantization;
  std::string calibration;
  std::string activation = "gelu";  ///< see activationNamed()
  /// What config.json says and the model does not heed: one sentence each, for people.
  std::vector<std::string> notes;

  std::int64_t sizeOfHead() const { return headDim > 0 ? headDim : hiddenSize / heads; }
  std::int64_t keyValues() const { return keyValueHeads > 0 ? keyValueHeads : heads; }
  std::int64_t embeddingWidth() const { return embeddingSize > 0 ? embeddingSize : hiddenSize; }
};

/// Adds a note; as one line of bounded length without control characters, like an error's text.
void addNote(ModelConfig& config, const std::string& text);

}  // namespace bitfrontier
