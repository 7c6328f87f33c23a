// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bitfrontier {

/// A `[...]` of an Oniguruma expression as one of PCRE2.
struct TranslatedSet {
  std::string text;
  /// Whether it is positive and names ASCII characters only, one by one or as ranges.
  bool plainAscii = false;
};

/// Why an expression cannot be taken over; the caller adds the file and the expression.
struct RegexRefusal {
  std::string why;
};

/// Reads the set that begins at `at` (on the bracket) and moves `at` behind it. Throws
/// RegexRefusal.
TranslatedSet translateSet(std::string_view pattern, std::size_t& at);

/// One escaped character of the expression: `at` is on the backslash and is moved behind the
/// escape when it stands for a single character, whose code is returned; -1 for all others.
int escapedCharacter(std::string_view pattern, std::size_t& at);

/// A character for PCRE2, inside or outside a set.
std::string quotedCharacter(int code);

/// The name in a `\p{name}` or `\P{^name}` that begins at `at`, which is moved behind it; `negated`
/// gets whether it is the complement.
std::string propertyName(std::string_view pattern, std::size_t& at, bool& negated);

}  // namespace bitfrontier
