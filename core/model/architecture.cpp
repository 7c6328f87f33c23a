// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/architecture.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/model/gpt_neox.h"

namespace bitfrontier {
namespace {

/// What an architecture supplies; one line per supported model_type.
struct Architecture {
  const char* modelType;
  ModelConfig (*readConfig)(const nlohmann::json&, const std::string&);
  nlohmann::ordered_json (*writeConfig)(const ModelConfig&);
  std::vector<TensorSlot> (*slots)(const ModelConfig&);
};

constexpr std::array kArchitectures = {
    Architecture{"gpt_neox", gpt_neox::readConfig, gpt_neox::writeConfig, gpt_neox::slots},
};

const Architecture& architectureOf(const std::string& modelType, const std::string& origin) {
  std::string known;
  for (const Architecture& architecture : kArchitectures) {
    if (modelType == architecture.modelType) return architecture;
    known += (known.empty() ? "" : ", ") + std::string(architecture.modelType);
  }
  throw Error(ErrorKind::Unsupported,
              fmt::format("{}: model_type \"{}\" is not supported (supported: {})", origin,
                          modelType, known));
}

}  // namespace

bool TensorSlot::quantizable() const {
  return role == TensorRole::QkvWeight || role == TensorRole::AttentionOutWeight ||
         role == TensorRole::MlpInWeight || role == TensorRole::MlpOutWeight;
}

ModelConfig readModelConfig(const nlohmann::json& json, const std::string& origin) {
  ModelConfig config =
      architectureOf(requireString(json, "model_type", origin), origin).readConfig(json, origin);
  for (const char* known : {"gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh", "relu"}) {
    if (config.activation == known) return config;
  }
  throw Error(ErrorKind::Unsupported,
              fmt::format("{}: hidden_act \"{}\" is not supported", origin, config.activation));
}

nlohmann::ordered_json writeModelConfig(const ModelConfig& config) {
  return architectureOf(config.modelType, "model description").writeConfig(config);
}

std::vector<TensorSlot> tensorSlots(const ModelConfig& config) {
  return architectureOf(config.modelType, "model description").slots(config);
}

}  // namespace bitfrontier
