// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/packed_weights.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/checkpoint/checkpoint.h"
#include "core/quant/bit_accounting.h"
#include "core/quant/quantized_tensor.h"

namespace bitfrontier {
namespace {

std::string partName(std::string_view tensor, std::string_view part) {
  return fmt::format("{}.{}", tensor, part);
}

}  // namespace

void readQuantization(const nlohmann::json& json, const std::string& origin, ModelConfig& config) {
  const auto found = json.find("quantization_config");
  if (found == json.end() || found->is_null()) return;
  const std::string where = origin + " quantization_config";
  if (!found->is_object())
    throw Error(ErrorKind::Format, fmt::format("{} is not an object", where));
  const std::string method = stringOr(*found, "quant_method", where, "");
  if (method.empty())
    throw Error(ErrorKind::Unsupported,
                fmt::format("{} has no quant_method, so it does not say how the weights are "
                            "stored; remove it if they are 16 or 32 bit floating point",
                            where));
  if (method != "bitfrontier")
    throw Error(ErrorKind::Unsupported,
                fmt::format("{} has quant_method \"{}\": weights must be 16 or 32 bit floating "
                            "point, or quantized by bitfrontier quantize",
                            where, method));
  if (const std::int64_t version = requireInt(*found, "version", where);
      version != kQuantizationVersion)
    throw Error(ErrorKind::Unsupported, fmt::format("{} is version {}, this program reads {}",
                                                    where, version, kQuantizationVersion));
  const std::string& spec = requireString(*found, "spec", where);
  try {
    const QuantConfig quantization = QuantConfig::parse(spec);
    if (quantization.isBaseline())
      throw Error(ErrorKind::Format, fmt::format("{} has no packed form", spec));
    config.quantization = quantization.spec();
  } catch (const Error& error) {
    throw Error(ErrorKind::Format, fmt::format("{}: {}", where, error.what()));
  }
  config.calibration = stringOr(*found, "calibration", where, "");
}

bool hasPackedTensor(const Checkpoint& checkpoint, std::string_view name) {
  return checkpoint.has(partName(name, "codes"));
}

at::Tensor readPackedTensor(const Checkpoint& checkpoint, const TensorSlot& slot,
                            const ModelConfig& config, std::unordered_set<std::string>& used) {
  const QuantConfig quantization = QuantConfig::parse(config.quantization);
  // An embedding that serves as the head is quantized like an embedding.
  const QuantConfig own = slot.quantizable() ? quantization : plainConfig(quantization);
  try {
    const QuantizedTensor tensor =
        QuantizedTensor::fromParts(own, slot.shape, [&](const char* part) {
          const std::string name = partName(slot.name, part);
          if (!checkpoint.has(name)) return at::Tensor();
          used.insert(name);
          return checkpoint.tensor(name);
        });
    return dequantize(tensor, at::kFloat);
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("{}: tensor {}: {}", checkpoint.path().string(),
                                          slot.name, error.what()));
  }
}

}  // namespace bitfrontier
