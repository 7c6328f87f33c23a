// SPDX-License-Identifier: GPL-3.0-or-later
/// The ledger of config.json: every key that the configuration and model classes of transformers
/// 4.57 and 5.23 read for the supported model types, and what is done with it here. Where the two
/// differ 5.23 is followed. `tests/peers/config_keys.py` tries each key in both of them.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/model_config.h"

namespace bitfrontier {

/// What a key does.
enum class KeyUse {
  Obeyed,    ///< it describes the model
  NoEffect,  ///< it changes no score: training, generation, labels, storage, tokens' ids
  Refused,   ///< it may change scores; only values that change none are accepted
};

/// What is done with a key of a model type; nothing for a key that transformers does not read.
std::optional<KeyUse> keyUse(std::string_view modelType, std::string_view key);

/// All keys of a model type that are used so.
std::vector<std::string_view> keysUsed(std::string_view modelType, KeyUse use);

/// Throws Unsupported naming `origin`, the first refused key and its value; adds a note to
/// `config.notes` that names the keys without a meaning whose value is neither null nor false.
/// `config` is what the architecture read.
void checkConfigKeys(const nlohmann::json& json, const std::string& origin, ModelConfig& config);

}  // namespace bitfrontier
