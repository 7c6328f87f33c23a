// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/modelquant/quantized_model.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <memory>

#include "core/base/error.h"
#include "core/quant/bit_accounting.h"
#include "core/quant/quantize.h"

namespace bitfrontier {

QuantConfig effectiveConfig(const QuantConfig& config, const std::string& stored) {
  if (stored.empty()) return config;
  QuantConfig own = QuantConfig::parse(stored);
  if (config.isBaseline() || config == own) return own;
  throw Error(ErrorKind::Unsupported,
              fmt::format("the model is stored as {}: it can be scored as that (or fp16, which "
                          "stands for the weights as they are), not as {}",
                          stored, config.spec()));
}

std::string methodName(const QuantConfig& config) {
  std::string name;
  const auto add = [&](std::string_view part) {
    if (part.empty()) return;
    if (!name.empty()) name += '+';
    name += part.substr(1);  // without the dash of the notation
  };
  add(scaleSearchAxis()[static_cast<std::size_t>(config.search)].notation);
  add(methodAxis()[static_cast<std::size_t>(config.method)].notation);
  return name.empty() ? "rtn" : name;
}

QuantizedModel::QuantizedModel(CausalLm model, const bf_kernel_table& kernels)
    : quantizer_(std::move(model)), kernels_(&kernels) {}

void QuantizedModel::apply(const QuantConfig& config, const JobContext& job,
                           const at::Tensor& calibration, WeightForm form) {
  const std::string& stored = model().config().quantization;
  effectiveConfig(config, stored);
  if (!stored.empty()) return quantizer_.restore();
  quantizer_.run(
      config, calibration,
      [&](const QuantizationStep& step) {
        const bool mapped = quantizer_.model().memory() == WeightMemory::Mapped;
        const bool packed = (form == WeightForm::Packed || mapped) && step.slot.quantizable() &&
                            !step.config.isBaseline();
        if (packed) {
          quantizer_.model().setWeight(step.slot.name, std::make_shared<PackedWeight>(quantize(
                                                           step.weight.to(at::kCPU), step.config,
                                                           kernelsFor("cpu"), step.options)));
          return;
        }
        quantizer_.model().setWeight(step.slot.name,
                                     quantizeDequantize(step.weight, step.config, *kernels_,
                                                        step.weight.scalar_type(), step.options));
      },
      job);
}

ModelBits QuantizedModel::bits(const QuantConfig& config) const {
  const QuantConfig used = effectiveConfig(config, model().config().quantization);
  std::vector<TensorCount> tensors;
  for (const TensorSlot& slot : tensorSlots(model().config())) {
    TensorCount count;
    count.name = slot.name;
    count.role = roleOf(slot);
    count.elements = c10::multiply_integers(slot.shape);
    count.columns = slot.shape.back();
    count.tiedHead = model().config().tiedHead && slot.role == TensorRole::Embedding;
    tensors.push_back(std::move(count));
  }
  return {totalModelBits(tensors, used, CountingRule::LinearOnly),
          totalModelBits(tensors, used, CountingRule::AllParameters),
          totalModelBits(tensors, used, CountingRule::CheckpointBytes)};
}

}  // namespace bitfrontier
