// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/causal_lm.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/checkpoint/checkpoint.h"
#include "core/model/checkpoint_weights.h"

namespace bitfrontier {
namespace {

bool isEmbedding(TensorRole role) {
  return role == TensorRole::Embedding || role == TensorRole::PositionEmbedding ||
         role == TensorRole::ProjectIn || role == TensorRole::ProjectOut ||
         role == TensorRole::Head;
}

std::string shapeText(at::IntArrayRef shape) {
  return fmt::format("[{}]", fmt::join(shape.begin(), shape.end(), ", "));
}

/// Bytes of all weights that cannot be computed with as the file has them, once they can.
std::int64_t widenedBytes(const CheckpointWeights& weights) {
  std::int64_t bytes = 0;
  for (const auto& [slot, tensor] : weights.tensors) {
    if (tensor.scalar_type() != at::kFloat || slot.transposed) bytes += 4 * tensor.numel();
  }
  return bytes;
}

}  // namespace

CausalLm::CausalLm(ModelConfig config) : config_(std::move(config)) {
  outer_.fill(-1);
  RoleIndex none;
  none.fill(-1);
  layers_.assign(static_cast<std::size_t>(config_.layers), none);
}

void CausalLm::add(const TensorSlot& slot, at::Tensor tensor) {
  RoleIndex& roles = slot.layer < 0 ? outer_ : layers_[static_cast<std::size_t>(slot.layer)];
  roles[static_cast<std::size_t>(slot.role)] = static_cast<std::int32_t>(tensors_.size());
  tensors_.emplace_back(slot.name, std::move(tensor));
  sources_.emplace_back();
  if (slot.quantizable()) linears_.push_back({slot.name, slot.shape[0], slot.shape[1]});
}

CausalLm CausalLm::load(const Checkpoint& checkpoint, DeviceId device, WeightMemory memory) {
  CheckpointWeights weights = readWeights(checkpoint);
  CausalLm model(weights.config);
  const at::Device target(device.text());
  // Storage may be 16 bit; a CPU without 16-bit matrix units is several times slower computing in
  // it.
  const at::ScalarType compute = target.is_cpu() ? at::kFloat : at::kHalf;
  model.memory_ =
      target.is_cpu() ? chooseWeightMemory(memory, widenedBytes(weights)) : WeightMemory::Widened;
  for (auto& [slot, tensor] : weights.tensors) {
    const bool keep = model.memory_ == WeightMemory::Mapped && slot.shape.size() == 2;
    model.add(slot, keep ? tensor : tensor.to(target, compute).contiguous());
  }
  return model;
}

CausalLm CausalLm::load(const std::filesystem::path& directory, DeviceId device,
                        WeightMemory memory) {
  return load(Checkpoint::open(directory), device, memory);
}

CausalLm CausalLm::initialise(const ModelConfig& config, std::uint64_t seed) {
  CausalLm model(config);
  Rng rng(seed);
  // GPT-NeoX: small init sqrt(2 / (5 hidden)), and 2 / (layers sqrt(hidden)) for the layers that
  // write to the residual stream.
  const double small = std::sqrt(2.0 / (5.0 * static_cast<double>(config.hiddenSize)));
  const double residual = 2.0 / (static_cast<double>(config.layers) *
                                 std::sqrt(static_cast<double>(config.hiddenSize)));
  for (const TensorSlot& slot : tensorSlots(config)) {
    at::Tensor tensor = at::zeros(slot.shape, at::kFloat);
    if (slot.shape.size() == 2) {
      const bool writesResidual =
          slot.role == TensorRole::AttentionOutWeight || slot.role == TensorRole::MlpOutWeight;
      const double deviation = writesResidual ? std::min(residual, small) : small;
      float* values = tensor.mutable_data_ptr<float>();
      for (std::int64_t i = 0; i < tensor.numel(); ++i) {
        const double radius = std::sqrt(-2.0 * std::log(1.0 - rng.uniform()));
        values[i] = static_cast<float>(deviation * radius *
                                       std::cos(2.0 * std::numbers::pi * rng.uniform()));
      }
    } else if (slot.name.ends_with(".weight")) {
      tensor.fill_(1.0);  // a norm's
    }
    model.add(slot, tensor);
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
    } else if (isEmbedding(slots[i].role)) {
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
  const std::size_t index = indexOf(name);
  at::Tensor& current = tensors_[index].second;
  if (current.sizes() != weight.sizes()) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("tensor {} has shape {}, not {}", name, shapeText(current.sizes()),
                            shapeText(weight.sizes())));
  }
  const at::ScalarType compute = current.is_cpu() ? at::kFloat : at::kHalf;
  const bool keep = memory_ == WeightMemory::Mapped;
  current = weight.to(current.device(), keep ? weight.scalar_type() : compute);
  sources_[index].reset();
}

void CausalLm::setWeight(std::string_view name, std::shared_ptr<const WeightSource> source) {
  const bool linear =
      std::ranges::any_of(linears_, [&](const LinearInfo& info) { return info.name == name; });
  if (!linear) {
    throw Error(ErrorKind::NotFound, fmt::format("the model has no linear layer {}", name));
  }
  sources_[indexOf(name)] = std::move(source);
}

std::vector<std::pair<std::string, at::Tensor>> CausalLm::stored() const {
  const std::vector<TensorSlot> slots = tensorSlots(config_);
  std::vector<std::pair<std::string, at::Tensor>> all = tensors_;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i].transposed) all[i].second = all[i].second.t();
  }
  return all;
}

}  // namespace bitfrontier
