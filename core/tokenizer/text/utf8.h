// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bitfrontier {

/// One decoded character: `code` is -1 for a byte that is no part of valid UTF-8 (`size` is 1).
struct Utf8Char {
  std::int32_t code = -1;
  std::size_t size = 1;
};

/// As utf8At, for lead bytes of 0x80 and more.
Utf8Char utf8BeyondAscii(std::string_view text, std::size_t at);

/// The character at `at`, which must be inside `text`. Overlong forms and surrogates are invalid.
inline Utf8Char utf8At(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, 1};
  return utf8BeyondAscii(text, at);
}

void appendUtf8(std::string& out, std::int32_t code);
std::string toUtf8(std::int32_t code);

/// `text` with every maximal invalid part replaced by U+FFFD, as Rust's from_utf8_lossy does.
std::string lossyUtf8(std::string_view text);

/// Whether `text` is valid UTF-8 as a whole.
bool isUtf8(std::string_view text);

}  // namespace bitfrontier
