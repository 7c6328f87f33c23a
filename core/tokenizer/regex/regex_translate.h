// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace bitfrontier {

/// Rewrites an expression in Oniguruma's syntax, as tokenizer files have it, for PCRE2 (options
/// UTF and MULTILINE, newline LF): character classes become explicit, sets inside sets and
/// intersections are worked out, options and repetitions that the two engines read differently are
/// spelled out. Throws Unsupported, starting with `where`, for what cannot be taken over.
std::string translateOniguruma(std::string_view pattern, std::string_view where);

}  // namespace bitfrontier
