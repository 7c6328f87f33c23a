// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/json.h"

#include <fmt/format.h>

#include <unordered_set>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"

namespace bitfrontier {

using nlohmann::json;

namespace {

[[noreturn]] void wrongType(const json& value, std::string_view key, std::string_view where,
                            std::string_view wanted) {
  throw Error(ErrorKind::Format,
              fmt::format("{}: '{}' is {}, not {}", where, key, value.type_name(), wanted));
}

// Checked before parsing, because the parser's own stack and the tree it builds grow with depth.
void checkDepth(std::string_view text, std::string_view where, std::size_t maxDepth) {
  std::size_t depth = 0;
  bool inString = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inString) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        inString = false;
      }
    } else if (c == '"') {
      inString = true;
    } else if (c == '{' || c == '[') {
      if (++depth > maxDepth) {
        throw Error(ErrorKind::Format,
                    fmt::format("{}: byte {} is nested more than {} deep", where, i, maxDepth));
      }
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
}

json parseUnique(std::string_view text, std::string_view where) {
  std::vector<std::unordered_set<std::string>> open;
  return json::parse(text, [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key &&
        !open.back().insert(parsed.get_ref<const std::string&>()).second) {
      throw Error(ErrorKind::Format, fmt::format("{}: '{}' is there twice", where,
                                                 parsed.get_ref<const std::string&>()));
    }
    return true;
  });
}

const json* find(const json& object, std::string_view key, std::string_view where) {
  if (!object.is_object()) {
    throw Error(ErrorKind::Format, fmt::format("{}: expected an object with '{}', found {}", where,
                                               key, object.type_name()));
  }
  const auto it = object.find(key);
  return it == object.end() ? nullptr : &*it;
}

std::int64_t toInt(const json& value, std::string_view key, std::string_view where) {
  if (!value.is_number_integer()) wrongType(value, key, where, "an integer");
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() >
          static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    throw Error(ErrorKind::Format, fmt::format("{}: '{}' is {}, beyond 64-bit integers", where, key,
                                               value.get<std::uint64_t>()));
  }
  return value.get<std::int64_t>();
}

}  // namespace

json parseJson(std::string_view text, std::string_view where, const JsonLimits& limits) {
  if (text.starts_with("version https://git-lfs.github.com/spec/")) {
    throw Error(
        ErrorKind::NotFound,
        fmt::format("{} is only Git LFS's note of where the file is; git lfs pull gets it", where));
  }
  if (text.size() > limits.maxBytes) {
    throw Error(ErrorKind::Format, fmt::format("{}: {} bytes of JSON are more than the {} allowed",
                                               where, text.size(), limits.maxBytes));
  }
  checkDepth(text, where, limits.maxDepth);
  try {
    return limits.uniqueKeys ? parseUnique(text, where) : json::parse(text);
  } catch (const json::parse_error& e) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: not valid JSON at byte {} of {}", where, e.byte, text.size()));
  } catch (const json::exception&) {
    // A number beyond the range of double is an out_of_range without a position.
    throw Error(ErrorKind::Format, fmt::format("{}: holds a number out of range", where));
  }
}

json readJson(const std::filesystem::path& path, const JsonLimits& limits) {
  return parseJson(readFile(path, limits.maxBytes), path.string(), limits);
}

const json& requireMember(const json& object, std::string_view key, std::string_view where) {
  const json* value = find(object, key, where);
  if (value == nullptr) {
    throw Error(ErrorKind::Format, fmt::format("{}: '{}' is missing", where, key));
  }
  return *value;
}

const json& requireObject(const json& object, std::string_view key, std::string_view where) {
  const json& value = requireMember(object, key, where);
  if (!value.is_object()) wrongType(value, key, where, "an object");
  return value;
}

const json& requireArray(const json& object, std::string_view key, std::string_view where) {
  const json& value = requireMember(object, key, where);
  if (!value.is_array()) wrongType(value, key, where, "an array");
  return value;
}

const std::string& requireString(const json& object, std::string_view key, std::string_view where) {
  const json& value = requireMember(object, key, where);
  if (!value.is_string()) wrongType(value, key, where, "a string");
  return value.get_ref<const std::string&>();
}

std::int64_t requireInt(const json& object, std::string_view key, std::string_view where,
                        std::int64_t min, std::int64_t max) {
  const std::int64_t value = toInt(requireMember(object, key, where), key, where);
  if (value < min || value > max) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: '{}' is {}, outside {} to {}", where, key, value, min, max));
  }
  return value;
}

double requireNumber(const json& object, std::string_view key, std::string_view where) {
  const json& value = requireMember(object, key, where);
  if (!value.is_number()) wrongType(value, key, where, "a number");
  return value.get<double>();
}

bool requireBool(const json& object, std::string_view key, std::string_view where) {
  const json& value = requireMember(object, key, where);
  if (!value.is_boolean()) wrongType(value, key, where, "true or false");
  return value.get<bool>();
}

std::string stringOr(const json& object, std::string_view key, std::string_view where,
                     std::string_view fallback) {
  const json* value = find(object, key, where);
  if (value == nullptr || value->is_null()) return std::string(fallback);
  if (!value->is_string()) wrongType(*value, key, where, "a string");
  return value->get<std::string>();
}

std::int64_t intOr(const json& object, std::string_view key, std::string_view where,
                   std::int64_t fallback) {
  const json* value = find(object, key, where);
  if (value == nullptr || value->is_null()) return fallback;
  return toInt(*value, key, where);
}

double numberOr(const json& object, std::string_view key, std::string_view where, double fallback) {
  const json* value = find(object, key, where);
  if (value == nullptr || value->is_null()) return fallback;
  if (!value->is_number()) wrongType(*value, key, where, "a number");
  return value->get<double>();
}

bool boolOr(const json& object, std::string_view key, std::string_view where, bool fallback) {
  const json* value = find(object, key, where);
  if (value == nullptr || value->is_null()) return fallback;
  if (!value->is_boolean()) wrongType(*value, key, where, "true or false");
  return value->get<bool>();
}

}  // namespace bitfrontier
