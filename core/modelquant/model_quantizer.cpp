// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/modelquant/model_quantizer.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>

#include <map>

#include "core/base/error.h"
#include "core/modelquant/input_collector.h"
#include "core/modelquant/previous_layer.h"

namespace bitfrontier {

ParameterRole roleOf(const TensorSlot& slot) {
  if (slot.quantizable()) return ParameterRole::Linear;
  switch (slot.role) {
    case TensorRole::Embedding:
    case TensorRole::PositionEmbedding:
    case TensorRole::ProjectIn:
    case TensorRole::ProjectOut:
      return ParameterRole::Embedding;
    case TensorRole::Head:
      return ParameterRole::Head;
    default:
      return ParameterRole::Other;
  }
}

void namingTensor(const std::string& name, const std::function<void()>& step) {
  try {
    step();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::Cancelled) throw;
    throw Error(error.kind(), fmt::format("tensor {}: {}", name, error.what()));
  }
}

void PackedWeight::widen(const at::Tensor& out) const {
  if (out.is_cpu()) return dequantizeInto(tensor_, out);
  out.copy_(dequantize(tensor_, out.scalar_type()));
}

ModelQuantizer::ModelQuantizer(CausalLm model)
    : model_(std::move(model)), slots_(tensorSlots(model_.config())) {
  for (const auto& [name, tensor] : model_.named()) originals_.push_back(tensor);
}

void ModelQuantizer::restore() {
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (roleOf(slots_[i]) != ParameterRole::Other) model_.setWeight(slots_[i].name, originals_[i]);
}

at::Tensor ModelQuantizer::original(TensorRole role, std::int64_t layer) const {
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i].role == role && slots_[i].layer == layer) return originals_[i].to(at::kCPU);
  return {};
}

void ModelQuantizer::run(const QuantConfig& config, const at::Tensor& calibration,
                         const std::function<void(const QuantizationStep&)>& quantize,
                         const JobContext& job, NonFinite nonFinite) {
  const c10::InferenceMode noGradients;
  config.validate();
  if (config.needsCalibration() && !calibration.defined())
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} needs a calibration text", config.spec()));
  restore();
  const bool tied = model_.config().tiedHead;
  std::map<std::string, std::shared_ptr<const InputStatistics>> inputs;
  std::int64_t layer = -1;
  const auto one = [&](std::size_t i) {
    const TensorSlot& slot = slots_[i];
    job.throwIfCancelled();
    const ParameterRole role = roleOf(slot);
    const QuantConfig used = configFor(config, role, tied && slot.role == TensorRole::Embedding);
    if (used.isBaseline() && role != ParameterRole::Linear) return;
    QuantizeOptions options;
    options.nonFinite = nonFinite;
    namingTensor(slot.name, [&] {
      if (used.outliers == OutlierRule::PreviousLayer)
        options.previousDeviations = previousUnitDeviations(
            model_.config(), slot.role, slot.layer,
            [this](TensorRole wanted, std::int64_t at) { return original(wanted, at); });
      if (used.needsCalibration()) options.inputs = inputs.at(slot.name).get();
      quantize({slot, originals_[i], used, options});
    });
  };
  std::size_t done = 0;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (!slots_[i].quantizable()) continue;
    if (config.needsCalibration() && slots_[i].layer != layer) {
      layer = slots_[i].layer;
      inputs = collectInputs(model_, layer, calibration, {job.stop, {}});
    }
    one(i);
    ++done;
    job.progress({static_cast<double>(done) / static_cast<double>(model_.linears().size()),
                  "quantizing", static_cast<std::int64_t>(done),
                  static_cast<std::int64_t>(model_.linears().size())});
  }
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (!slots_[i].quantizable() && roleOf(slots_[i]) != ParameterRole::Other) one(i);
}

}  // namespace bitfrontier
