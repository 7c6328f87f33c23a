// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/model/architecture.h"

/// GPT-NeoX and Pythia: config.json fields and tensor names as in Hugging Face's GPTNeoX
/// checkpoints.
namespace bitfrontier::gpt_neox {

ModelConfig readConfig(const nlohmann::json& json, const std::string& origin);
nlohmann::ordered_json writeConfig(const ModelConfig& config);
std::vector<TensorSlot> slots(const ModelConfig& config);

}  // namespace bitfrontier::gpt_neox
