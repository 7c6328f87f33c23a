// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bitfrontier {

enum class NormalForm : std::uint8_t { C, D, KC, KD };

/// Unicode normalization as the `tokenizers` package does it: by the tables of Unicode 9, so that
/// marks and compatibility characters that came later stay where and what they are. Bytes that are
/// not valid UTF-8 stay too. Text that is already in the form costs one table look-up a character.
std::string normalize(std::string_view text, NormalForm form);

}  // namespace bitfrontier
