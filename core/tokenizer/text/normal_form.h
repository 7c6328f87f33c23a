// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bitfrontier {

enum class NormalForm : std::uint8_t { C, D, KC, KD };

/// Unicode normalization as the `tokenizers` package does it: by the tables of Unicode 9, so that
/// marks and compatibility characters that came later stay where and what they are. Bytes that are
/// not valid UTF-8 stay too. Text that is already in the form costs one table look-up a character.
std::string normalize(std::string_view text, NormalForm form);

/// So many of the first bytes of `normalize(text, form)` stand for the first `size` bytes of
/// `text`, by the package's alignment: what is composed stands where its first part stood, what a
/// decomposition adds stands where the character written before it does, also when marks change
/// their order. `size` is the end of a character.
std::size_t normalizedSize(std::string_view text, NormalForm form, std::size_t size);

}  // namespace bitfrontier
