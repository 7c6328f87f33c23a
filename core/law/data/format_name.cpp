// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/data/format_name.h"

#include <algorithm>
#include <cctype>

namespace bitfrontier {

bool plainMethod(const std::string& method) {
  return method.empty() || method == "rtn" || method == "none";
}

std::string formatName(const std::string& text, const std::string& method) {
  if (plainMethod(method)) return text;
  // "AWQ" by the method "awq", "int4-b64-gptq" by "gptq" have it in their names.
  const auto found = std::search(
      text.begin(), text.end(), method.begin(), method.end(),
      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
  return found == text.end() ? text + ", " + method : text;
}

}  // namespace bitfrontier
