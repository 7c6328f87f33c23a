// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace bitfrontier {

/// A regular expression as tokenizer files write them (Oniguruma's syntax), run by PCRE2 with its
/// JIT. `\s` and `\S` are rewritten to the White_Space property; what the two engines read
/// differently (a set inside a set, set intersection) is refused.
class Regex {
 public:
  /// Throws Unsupported, starting with `where`, for a pattern that cannot be taken over.
  Regex(std::string_view pattern, std::string_view where);
  /// Matches exactly `text`.
  static Regex literal(std::string_view text, std::string_view where);

  /// Calls `found(begin, end)` for each match from left to right (never overlapping, empty ones
  /// left out). Throws Numeric when the engine's limits are exceeded.
  void matches(std::string_view text,
               const std::function<void(std::size_t, std::size_t)>& found) const;

 private:
  struct Code;
  Regex(std::string_view pattern, bool literal, std::string_view where);

  std::shared_ptr<const Code> code_;
};

}  // namespace bitfrontier
