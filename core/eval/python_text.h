// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// The few operations on Python's `str` that the harness's task definitions rely on. All texts are
/// valid UTF-8.
namespace bitfrontier::python {

/// Python's str.isspace for one code point (wider than ASCII: U+001C..1F, U+0085, U+00A0, ...).
bool isSpace(char32_t codePoint);

/// The code point at `at`, which is advanced past it; a stray byte stands for itself.
char32_t next(std::string_view text, std::size_t& at);

/// Whether valid UTF-8 starts at `at`, which is advanced past its code point when it does.
bool valid(std::string_view text, std::size_t& at);

/// str.strip(): without white space at both ends.
std::string_view strip(std::string_view text);

/// Bytes of white space at the end: text.size() - text.rstrip().size().
std::size_t trailingSpaceBytes(std::string_view text);

/// str.capitalize(): the first code point in title case, all others in lower case (final sigma
/// included).
std::string capitalize(std::string_view text);

/// len(): the number of code points.
std::size_t length(std::string_view text);

/// str.replace(): every occurrence, from left to right, without looking at replaced text again.
std::string replace(std::string_view text, std::string_view from, std::string_view to);

}  // namespace bitfrontier::python
