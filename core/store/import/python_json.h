// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace bitfrontier {

/// What stands for a bare NaN, Infinity or -Infinity after parsePythonJson(): texts of the same
/// length, so that places in error texts are those of the file.
bool isBareNonFinite(const nlohmann::json& value);

/// Parses JSON as Python's json module writes it by default, that is with bare NaN, Infinity and
/// -Infinity, which JSON does not have. Throws as parseJson() does.
nlohmann::json parsePythonJson(std::string text, std::string_view where);

/// The same of a file. Throws NotFound, Io or Format.
nlohmann::json readPythonJson(const std::filesystem::path& file);

}  // namespace bitfrontier
