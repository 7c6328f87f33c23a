// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/tokenizer/text/char_set.h"

namespace bitfrontier {

/// A class of characters that Oniguruma names: `\p{...}`, `[:...:]`, `\s` and the like.
class RegexProperty {
 public:
  /// By the name in `\p{name}`; nothing when it is not known here.
  static std::optional<RegexProperty> named(std::string_view name);
  /// By the name in `[:name:]`.
  static std::optional<RegexProperty> posix(std::string_view name);
  /// By the letter of `\d`, `\h`, `\s` or `\w`. The last one has more members outside of sets.
  static std::optional<RegexProperty> shorthand(char letter, bool inSet);

  /// As the inside of a set of PCRE2.
  const std::string& items() const { return items_; }
  /// The same for all other characters; empty when that takes more than one property.
  std::string negatedItems() const;
  /// All members; nothing for a script or another class that only PCRE2 knows.
  std::optional<CharSet> members() const;

 private:
  RegexProperty(std::string items, std::string key)
      : items_(std::move(items)), key_(std::move(key)) {}

  std::string items_;
  std::string key_;  // a general category, or a word that members() knows
};

}  // namespace bitfrontier
