// SPDX-License-Identifier: GPL-3.0-or-later
// What users call models, and what models are called.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/hub/hub_settings.h"

namespace bitfrontier {

/// The directory of a model named by the user: a directory itself, or the name of a model in the
/// cache ("org/name", "org/name@revision"). Throws NotFound, saying how to get it.
std::filesystem::path resolveModel(const std::string& text, const HubSettings& settings);
std::filesystem::path resolveModel(const std::string& text);

/// The directory of a model that a user names: a directory, a model of the installed suite
/// ("pocket-neox-1") or one in the Hugging Face cache. Throws what resolveModel does.
std::filesystem::path findModel(const std::string& text);

/// What a model directory is called: its own name, and for a snapshot in a cache
/// HubCache::snapshotName().
std::string modelName(const std::filesystem::path& directory);

/// A model's name without its size: the last part between dashes goes when it starts with a digit
/// ("pocket-neox-3", "opt-6.7b").
std::string familyOf(std::string_view modelName);

}  // namespace bitfrontier
