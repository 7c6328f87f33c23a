// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/numeric/exact_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace bitfrontier {

std::string exactNumber(double value) {
  if (std::isnan(value)) return {};
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  // Counts (parameters, bits) stay plain integers instead of 1e+06.
  if (std::abs(value) < 9007199254740992.0 && value == std::trunc(value)) {
    return std::to_string(static_cast<long long>(value));
  }
  std::array<char, 40> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

std::string csvField(std::string_view text) {
  const bool plain =
      text.find_first_of(",\"\r\n") == std::string_view::npos &&
      (text.empty() || (text.front() != ' ' && text.back() != ' ' && text.front() != '\t' &&
                        text.back() != '\t' && text.front() != '#'));
  if (plain) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace bitfrontier
