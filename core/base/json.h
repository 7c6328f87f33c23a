// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace bitfrontier {

/// Bounds on what is accepted from outside.
struct JsonLimits {
  std::uint64_t maxBytes = std::uint64_t{1} << 30;  ///< size of the text
  std::size_t maxDepth = 64;                        ///< nested arrays and objects
  bool uniqueKeys = false;  ///< refuse an object that names a key twice (else the last one counts)
};

/// Parses UTF-8 JSON. `where` (a file name) starts every error text. Throws Format naming the byte
/// for bad syntax or UTF-8, too much nesting or a text above the limit.
nlohmann::json parseJson(std::string_view text, std::string_view where,
                         const JsonLimits& limits = {});

/// Reads and parses a file. Throws NotFound, Io or Format.
nlohmann::json readJson(const std::filesystem::path& path, const JsonLimits& limits = {});

/// @name Required members of an object
/// Each throws Format naming `where` and the key when the key is absent or its type or range is
/// wrong.
/// @{
const nlohmann::json& requireMember(const nlohmann::json& object, std::string_view key,
                                    std::string_view where);
const nlohmann::json& requireObject(const nlohmann::json& object, std::string_view key,
                                    std::string_view where);
const nlohmann::json& requireArray(const nlohmann::json& object, std::string_view key,
                                   std::string_view where);
const std::string& requireString(const nlohmann::json& object, std::string_view key,
                                 std::string_view where);
std::int64_t requireInt(const nlohmann::json& object, std::string_view key, std::string_view where,
                        std::int64_t min = std::numeric_limits<std::int64_t>::min(),
                        std::int64_t max = std::numeric_limits<std::int64_t>::max());
double requireNumber(const nlohmann::json& object, std::string_view key, std::string_view where);
bool requireBool(const nlohmann::json& object, std::string_view key, std::string_view where);
/// @}

/// @name Optional members: absent or null gives the fallback, a wrong type is an error.
/// @{
std::string stringOr(const nlohmann::json& object, std::string_view key, std::string_view where,
                     std::string_view fallback);
std::int64_t intOr(const nlohmann::json& object, std::string_view key, std::string_view where,
                   std::int64_t fallback);
double numberOr(const nlohmann::json& object, std::string_view key, std::string_view where,
                double fallback);
bool boolOr(const nlohmann::json& object, std::string_view key, std::string_view where,
            bool fallback);
/// @}

}  // namespace bitfrontier
