// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bitfrontier {

// What normalizers and pre-tokenizers of the `tokenizers` package (0.23) ask about characters. Its
// tables are those of different versions of Unicode; these functions give the same answers.

/// ASCII punctuation and general category P of Unicode 8.
bool isPunctuation(std::int32_t code);

/// General category M of Unicode 9.
bool isCombiningMark(std::int32_t code);

/// Each character of UTF-8 `text` in lower case by Unicode 17, whatever stands beside it. Invalid
/// bytes stay.
std::string lowercased(std::string_view text);

}  // namespace bitfrontier
