// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/tokenizer/text/piece.h"

namespace bitfrontier {

/// A regular expression as tokenizer files write them (Oniguruma's syntax and Unicode 16), run by
/// PCRE2 with its JIT. Immutable, safe to share by threads.
class Regex {
 public:
  /// Throws Unsupported, starting with `where`, for a pattern that cannot be taken over.
  Regex(std::string_view pattern, std::string_view where);

  /// Calls `found(begin, end)` for each match from left to right. An empty match is reported too,
  /// unless it lies at the end of the match before it. Throws Numeric when an expression
  /// backtracks too much.
  void matches(std::string_view text, const Sink<std::size_t, std::size_t>& found) const;

 private:
  struct Code;
  std::shared_ptr<const Code> code_;
};

}  // namespace bitfrontier
