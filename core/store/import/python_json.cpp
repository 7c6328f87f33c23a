// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/python_json.h"

#include <array>
#include <utility>

#include "core/base/file.h"
#include "core/base/json.h"

namespace bitfrontier {
namespace {

/// Longest first, since one ends with the other.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kWords{{
    {"-Infinity", "\"-inf\x7f\x7f\x7f\""},
    {"Infinity", "\"inf\x7f\x7f\x7f\""},
    {"NaN", "\"\x7f\""},
}};

void replaceWords(std::string& text) {
  bool inString = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (inString) {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == '"') {
        inString = false;
      }
      continue;
    }
    if (text[i] == '"') {
      inString = true;
      continue;
    }
    if (text[i] != 'N' && text[i] != 'I' && text[i] != '-') continue;
    for (const auto& [word, substitute] : kWords) {
      if (text.compare(i, word.size(), word) != 0) continue;
      text.replace(i, word.size(), substitute);
      i += word.size() - 1;
      break;
    }
  }
}

}  // namespace

bool isBareNonFinite(const nlohmann::json& value) {
  if (!value.is_string()) return false;
  for (const auto& [word, substitute] : kWords) {
    if (value.get_ref<const std::string&>() == substitute.substr(1, substitute.size() - 2)) {
      return true;
    }
  }
  return false;
}

nlohmann::json parsePythonJson(std::string text, std::string_view where) {
  replaceWords(text);
  return parseJson(text, where);
}

nlohmann::json readPythonJson(const std::filesystem::path& file) {
  return parsePythonJson(readFile(file), file.string());
}

}  // namespace bitfrontier
