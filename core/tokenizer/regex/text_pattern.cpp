// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/regex/text_pattern.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/tokenizer/text/utf8.h"

namespace bitfrontier {

TextPattern TextPattern::parse(const nlohmann::json& description, std::string_view where) {
  const nlohmann::json& pattern = requireObject(description, "pattern", where);
  if (!pattern.contains("String")) {
    TextPattern made("");
    made.regex_.emplace(requireString(pattern, "Regex", where), where);
    return made;
  }
  const std::string& text = requireString(pattern, "String", where);
  TextPattern made(text);
  // Matches before every character, as the empty expression does.
  if (text.empty()) made.regex_.emplace("(?:)", where);
  return made;
}

void TextPattern::matches(std::string_view text,
                          const Sink<std::size_t, std::size_t>& found) const {
  if (regex_) {
    regex_->matches(text, found);
    return;
  }
  for (std::size_t at = text.find(literal_); at != std::string_view::npos;
       at = text.find(literal_, at + literal_.size())) {
    found(at, at + literal_.size());
  }
}

std::string TextPattern::replaced(std::string_view text, std::string_view content) const {
  std::string out;
  if (text.empty()) return out;
  std::size_t done = 0;
  matches(text, [&](std::size_t begin, std::size_t end) {
    out += text.substr(done, begin - done);
    out += content;
    done = end;
  });
  out += text.substr(done);
  return out;
}

std::string requireCharacter(const nlohmann::json& description, const char* key,
                             std::string_view where) {
  const std::string& text = requireString(description, key, where);
  if (text.empty() || utf8At(text, 0).size != text.size()) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: '{}' is '{}', not one character", where, key, text));
  }
  return text;
}

SplitBehavior parseSplitBehavior(std::string_view name, std::string_view where) {
  constexpr std::pair<std::string_view, SplitBehavior> names[] = {
      {"Removed", SplitBehavior::Removed},
      {"Isolated", SplitBehavior::Isolated},
      {"MergedWithPrevious", SplitBehavior::MergedWithPrevious},
      {"MergedWithNext", SplitBehavior::MergedWithNext},
      {"Contiguous", SplitBehavior::Contiguous}};
  for (const auto& [spelled, behavior] : names) {
    if (name == spelled) return behavior;
  }
  throw Error(ErrorKind::Unsupported,
              fmt::format("{}: split behavior '{}' is not supported", where, name));
}

void Splitter::match(std::size_t begin, std::size_t end) {
  if (done_ < begin) item(done_, begin, invert_);
  item(begin, end, !invert_);
  done_ = end;
}

void Splitter::finish(std::size_t size) {
  if (done_ < size) item(done_, size, invert_);
  if (held_) emit(heldBegin_, heldEnd_);
  held_ = false;
}

void Splitter::item(std::size_t begin, std::size_t end, bool isMatch) {
  bool extend = false;
  switch (behavior_) {
    case SplitBehavior::Removed:
      if (!isMatch) emit(begin, end);
      return;
    case SplitBehavior::Isolated:
      emit(begin, end);
      return;
    case SplitBehavior::Contiguous:
      extend = held_ && isMatch == heldMatch_;
      break;
    case SplitBehavior::MergedWithPrevious:
      extend = held_ && isMatch && !heldMatch_;
      break;
    case SplitBehavior::MergedWithNext:
      if (held_ && heldMatch_ && !isMatch) {
        emit(heldBegin_, end);
        held_ = false;
        return;
      }
      break;
  }
  if (extend) {
    heldEnd_ = end;
  } else {
    if (held_) emit(heldBegin_, heldEnd_);
    held_ = true;
    heldBegin_ = begin;
    heldEnd_ = end;
  }
  heldMatch_ = isMatch;
}

}  // namespace bitfrontier
