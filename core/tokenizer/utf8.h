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

/// The character at `at`, which must be inside `text`. Overlong forms and surrogates are invalid.
Utf8Char utf8At(std::string_view text, std::size_t at);

void appendUtf8(std::string& out, std::int32_t code);

/// `text` with every maximal invalid part replaced by U+FFFD, as Rust's from_utf8_lossy does.
std::string lossyUtf8(std::string_view text);

/// Normalization form C; bytes that are not valid UTF-8 stay as they are.
std::string normalizeNfc(std::string_view text);

/// General category L*, N*, and the White_Space property (Unicode 15, utf8proc).
bool isLetter(std::int32_t code);
bool isNumber(std::int32_t code);
bool isWhiteSpace(std::int32_t code);

}  // namespace bitfrontier
