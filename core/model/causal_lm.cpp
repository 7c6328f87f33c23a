// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/causal_lm.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/checkpoint/checkpoint.h"
#include "core/model/architecture.h"

namespace bitfrontier {
namespace {

std::string shapeText(at::IntArrayRef shape) {
  return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ", "));
}

/// Cosines and sines [time, rotary] of the rotary embedding (Su et al. 2021), half-split layout.
std::pair<at::Tensor, at::Tensor> rotaryTables(const ModelConfig& config, std::int64_t rotary,
                                               std::int64_t time, const at::Tensor& like) {
  const auto options = at::TensorOptions().dtype(at::kFloat).device(like.device());
  const at::Tensor exponents = at::arange(0, rotary, 2, options) / static_cast<double>(rotary);
  const at::Tensor frequencies = at::pow(config.rotaryBase, exponents).reciprocal();
  const at::Tensor angles = at::outer(at::arange(time, options), frequencies);
  const at::Tensor both = at::cat({angles, angles}, -1);
  return {both.cos(), both.sin()};
}

/// Rotates the first `rotary` dimensions of x [batch, heads, time, headDim].
at::Tensor rotate(const at::Tensor& x, std::int64_t rotary, const at::Tensor& cosines,
                  const at::Tensor& sines) {
  const std::int64_t headDim = x.size(-1);
  const at::Tensor turned = x.narrow(-1, 0, rotary);
  const at::Tensor first = turned.narrow(-1, 0, rotary / 2);
  const at::Tensor second = turned.narrow(-1, rotary / 2, rotary / 2);
  const at::Tensor result = turned * cosines + at::cat({-second, first}, -1) * sines;
  if (rotary == headDim) return result;
  return at::cat({result, x.narrow(-1, rotary, headDim - rotary)}, -1);
}

at::Tensor activate(const std::string& name, const at::Tensor& x) {
  if (name == "gelu") return at::gelu(x);
  if (name == "relu") return at::relu(x);
  return at::gelu(x, "tanh");
}

}  // namespace

CausalLm CausalLm::load(const Checkpoint& checkpoint, const std::string& device) {
  const std::string origin = (checkpoint.path() / "config.json").string();
  CausalLm model;
  model.config_ = readModelConfig(checkpoint.config(), origin);
  const at::Device target(device);
  // Storage may be 16 bit; a CPU without 16-bit matrix units is several times slower computing in
  // it.
  const at::ScalarType compute = target.is_cpu() ? at::kFloat : at::kHalf;
  for (const TensorSlot& slot : tensorSlots(model.config_)) {
    if (!checkpoint.has(slot.name)) {
      throw Error(ErrorKind::Format,
                  fmt::format("{}: tensor {} is missing", checkpoint.path().string(), slot.name));
    }
    const at::Tensor tensor = checkpoint.tensor(slot.name);
    if (tensor.sizes() != at::IntArrayRef(slot.shape)) {
      throw Error(ErrorKind::Format,
                  fmt::format("{}: tensor {} has shape {}, config.json asks for {}",
                              checkpoint.path().string(), slot.name, shapeText(tensor.sizes()),
                              shapeText(slot.shape)));
    }
    if (!at::isFloatingType(tensor.scalar_type())) {
      throw Error(ErrorKind::Format, fmt::format("{}: tensor {} is not floating point",
                                                 checkpoint.path().string(), slot.name));
    }
    model.tensors_.emplace_back(slot.name, tensor.to(target, compute));
    if (slot.quantizable()) {
      model.linears_.push_back({slot.name, slot.shape[0], slot.shape[1]});
    }
  }
  return model;
}

CausalLm CausalLm::load(const std::filesystem::path& directory, const std::string& device) {
  return load(Checkpoint::open(directory), device);
}

CausalLm CausalLm::initialise(const ModelConfig& config, std::uint64_t seed) {
  CausalLm model;
  model.config_ = config;
  Rng rng(seed);
  // GPT-NeoX: small init sqrt(2 / (5 hidden)), and 2 / (layers sqrt(hidden)) for the layers that
  // write to the residual stream.
  const double small = std::sqrt(2.0 / (5.0 * static_cast<double>(config.hiddenSize)));
  const double residual = 2.0 / (static_cast<double>(config.layers) *
                                 std::sqrt(static_cast<double>(config.hiddenSize)));
  for (const TensorSlot& slot : tensorSlots(config)) {
    at::Tensor tensor = at::zeros(slot.shape, at::kFloat);
    if (slot.role == TensorRole::AttentionNormWeight || slot.role == TensorRole::MlpNormWeight ||
        slot.role == TensorRole::FinalNormWeight) {
      tensor.fill_(1.0);
    } else if (slot.shape.size() == 2) {
      const bool writesResidual =
          slot.role == TensorRole::AttentionOutWeight || slot.role == TensorRole::MlpOutWeight;
      const double deviation = writesResidual ? std::min(residual, small) : small;
      float* values = tensor.mutable_data_ptr<float>();
      for (std::int64_t i = 0; i < tensor.numel(); ++i) {
        const double radius = std::sqrt(-2.0 * std::log(1.0 - rng.uniform()));
        values[i] = static_cast<float>(deviation * radius *
                                       std::cos(2.0 * std::numbers::pi * rng.uniform()));
      }
    }
    model.tensors_.emplace_back(slot.name, tensor);
    if (slot.quantizable()) {
      model.linears_.push_back({slot.name, slot.shape[0], slot.shape[1]});
    }
  }
  return model;
}

ParameterSummary CausalLm::parameters() const {
  ParameterSummary summary;
  const std::vector<TensorSlot> slots = tensorSlots(config_);
  for (std::size_t i = 0; i < slots.size(); ++i) {
    const std::int64_t count = tensors_[i].second.numel();
    if (slots[i].quantizable()) {
      summary.linear += count;
    } else if (slots[i].role == TensorRole::Embedding || slots[i].role == TensorRole::Head) {
      summary.embedding += count;
    } else {
      summary.other += count;
    }
  }
  return summary;
}

std::size_t CausalLm::indexOf(std::string_view name) const {
  const auto found = std::find_if(tensors_.begin(), tensors_.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  if (found == tensors_.end()) {
    throw Error(ErrorKind::NotFound, fmt::format("the model has no tensor {}", name));
  }
  return static_cast<std::size_t>(found - tensors_.begin());
}

const at::Tensor& CausalLm::weight(std::string_view name) const {
  return tensors_[indexOf(name)].second;
}

void CausalLm::setWeight(std::string_view name, const at::Tensor& weight) {
  at::Tensor& current = tensors_[indexOf(name)].second;
  if (current.sizes() != weight.sizes()) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("tensor {} has shape {}, not {}", name, shapeText(current.sizes()),
                            shapeText(weight.sizes())));
  }
  current = weight.to(current.options());
}

at::Tensor CausalLm::hidden(const at::Tensor& tokens) const {
  const std::int64_t batch = tokens.size(0);
  const std::int64_t time = tokens.size(1);
  if (time > config_.maxPositions) {
    throw Error(ErrorKind::InvalidArgument, fmt::format("{} tokens exceed the model's {} positions",
                                                        time, config_.maxPositions));
  }
  const std::int64_t size = config_.hiddenSize;
  const std::int64_t headDim = size / config_.heads;
  const auto rotary =
      static_cast<std::int64_t>(static_cast<double>(headDim) * config_.rotaryFraction);
  at::Tensor x = at::embedding(tensors_[0].second, tokens);
  auto [cosines, sines] = rotaryTables(config_, rotary, time, x);
  cosines = cosines.to(x.scalar_type());
  sines = sines.to(x.scalar_type());

  const auto tensorAt = [&](std::int64_t layer, TensorRole role) -> const at::Tensor& {
    const auto offset = static_cast<std::int64_t>(role) -
                        static_cast<std::int64_t>(TensorRole::AttentionNormWeight);
    return tensors_[static_cast<std::size_t>(1 + layer * kTensorsPerLayer + offset)].second;
  };
  const auto linear = [&](std::int64_t layer, TensorRole weight, TensorRole bias,
                          const at::Tensor& input) {
    return at::linear(input, tensorAt(layer, weight), tensorAt(layer, bias));
  };
  const auto norm = [&](const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias) {
    return at::layer_norm(input, {size}, weight, bias, config_.normEpsilon);
  };

  for (std::int64_t layer = 0; layer < config_.layers; ++layer) {
    const at::Tensor normed = norm(x, tensorAt(layer, TensorRole::AttentionNormWeight),
                                   tensorAt(layer, TensorRole::AttentionNormBias));
    const at::Tensor qkv = linear(layer, TensorRole::QkvWeight, TensorRole::QkvBias, normed)
                               .view({batch, time, config_.heads, 3, headDim})
                               .permute({3, 0, 2, 1, 4});  // [3, batch, heads, time, headDim]
    const at::Tensor q = rotate(qkv[0], rotary, cosines, sines);
    const at::Tensor k = rotate(qkv[1], rotary, cosines, sines);
    const at::Tensor mixed =
        at::scaled_dot_product_attention(q, k, qkv[2], {}, 0.0, /*is_causal=*/true);
    const at::Tensor attention =
        linear(layer, TensorRole::AttentionOutWeight, TensorRole::AttentionOutBias,
               mixed.transpose(1, 2).reshape({batch, time, size}));
    const at::Tensor mlpInput = config_.parallelResidual ? x : x + attention;
    const at::Tensor inner = activate(
        config_.activation, linear(layer, TensorRole::MlpInWeight, TensorRole::MlpInBias,
                                   norm(mlpInput, tensorAt(layer, TensorRole::MlpNormWeight),
                                        tensorAt(layer, TensorRole::MlpNormBias))));
    const at::Tensor mlp = linear(layer, TensorRole::MlpOutWeight, TensorRole::MlpOutBias, inner);
    x = config_.parallelResidual ? x + attention + mlp : mlpInput + mlp;
  }
  const auto end = static_cast<std::size_t>(1 + config_.layers * kTensorsPerLayer);
  return norm(x, tensors_[end].second, tensors_[end + 1].second);
}

at::Tensor CausalLm::logits(const at::Tensor& hidden) const {
  const at::Tensor& head = config_.tiedHead ? tensors_.front().second : tensors_.back().second;
  return at::linear(hidden, head);
}

}  // namespace bitfrontier
