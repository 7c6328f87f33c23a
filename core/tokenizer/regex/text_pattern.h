// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "core/tokenizer/regex/regex.h"
#include "core/tokenizer/text/piece.h"

namespace bitfrontier {

/// What a Split or Replace looks for: `{"String": ...}` or `{"Regex": ...}`.
class TextPattern {
 public:
  static TextPattern literal(std::string text) { return TextPattern(std::move(text)); }
  /// From the member `pattern` of `description`. Throws Format or Unsupported.
  static TextPattern parse(const nlohmann::json& description, std::string_view where);

  void matches(std::string_view text, const Sink<std::size_t, std::size_t>& found) const;
  /// `text` with every match replaced.
  std::string replaced(std::string_view text, std::string_view content) const;

 private:
  explicit TextPattern(std::string text) : literal_(std::move(text)) {}

  std::string literal_;  // of a pattern without a regular expression; not empty
  std::optional<Regex> regex_;
};

/// The string under `key`, which is one character. Throws Format.
std::string requireCharacter(const nlohmann::json& description, const char* key,
                             std::string_view where);

/// What becomes of the text that a pattern matches.
enum class SplitBehavior : std::uint8_t {
  Removed,
  Isolated,
  MergedWithPrevious,
  MergedWithNext,
  Contiguous
};

/// By the name in tokenizer.json. Throws Unsupported.
SplitBehavior parseSplitBehavior(std::string_view name, std::string_view where);

/// Puts matches and the gaps between them together as `tokenizers` does. `invert` takes matches
/// for gaps and gaps for matches. Empty pieces are left out.
class Splitter {
 public:
  using Ranges = Sink<std::size_t, std::size_t>;  ///< begin, size

  Splitter(SplitBehavior behavior, bool invert, const Ranges& sink)
      : behavior_(behavior), invert_(invert), sink_(sink) {}
  /// The next match, behind the one before it.
  void match(std::size_t begin, std::size_t end);
  /// The text ends.
  void finish(std::size_t size);

 private:
  void item(std::size_t begin, std::size_t end, bool isMatch);
  void emit(std::size_t begin, std::size_t end) const {
    if (begin < end) sink_(begin, end - begin);
  }

  SplitBehavior behavior_;
  bool invert_;
  const Ranges& sink_;
  std::size_t done_ = 0;
  // The range that the next item may extend.
  bool held_ = false;
  bool heldMatch_ = false;
  std::size_t heldBegin_ = 0;
  std::size_t heldEnd_ = 0;
};

}  // namespace bitfrontier
