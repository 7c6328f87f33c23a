// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/regex/regex_set.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "core/tokenizer/regex/regex_property.h"
#include "core/tokenizer/text/char_set.h"
#include "core/tokenizer/text/utf8.h"

namespace bitfrontier {

namespace {

constexpr int deepest = 16;

// Both forms of a set: PCRE2's items while that is possible, and the members where they are needed.
class Set {
 public:
  void addRange(int first, int last) {
    items_ += quotedCharacter(first);
    if (last != first) items_ += "-" + quotedCharacter(last);
    ranges_.push_back({first, last});
    ascii_ = ascii_ && last < 0x80;
  }
  void addProperty(const RegexProperty& property, bool negated) {
    ascii_ = false;
    if (negated && property.negatedItems().empty()) {
      addMembers(membersOf(property).complement());
    } else if (negated) {
      items_ += property.negatedItems();
      lazy_.push_back({property, true});
    } else {
      items_ += property.items();
      lazy_.push_back({property, false});
    }
  }
  // Ranges known by now become items as well.
  void addMembers(const CharSet& set) {
    for (const CharSet::Range& range : set.ranges()) addRange(range.first, range.last);
    ascii_ = false;
  }
  CharSet members() const {
    CharSet all(ranges_);
    for (const auto& [property, negated] : lazy_) {
      const CharSet members = membersOf(property);
      all.add(negated ? members.complement() : members);
    }
    return all;
  }
  bool empty() const { return ranges_.empty() && lazy_.empty(); }
  const std::string& items() const { return items_; }
  bool ascii() const { return ascii_; }

 private:
  static CharSet membersOf(const RegexProperty& property) {
    auto members = property.members();
    if (!members) {
      throw RegexRefusal{
          fmt::format("negates or intersects the class {} in a set", property.items())};
    }
    return *std::move(members);
  }

  std::string items_;
  std::vector<CharSet::Range> ranges_;
  std::vector<std::pair<RegexProperty, bool>> lazy_;  // negated or not
  bool ascii_ = true;
};

class SetReader {
 public:
  SetReader(std::string_view pattern, std::size_t& at) : pattern_(pattern), at_(at) {}

  TranslatedSet read() {
    bool negated = false;
    const Set set = readSet(negated, 0);
    return {fmt::format("[{}{}]", negated ? "^" : "", set.items()), !negated && set.ascii()};
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0';
  }
  bool startsWith(std::string_view text) const { return pattern_.substr(at_).starts_with(text); }

  Set readSet(bool& negated, int depth) {
    if (depth > deepest) throw RegexRefusal{"nests sets too deeply"};
    ++at_;
    negated = peek() == '^';
    if (negated) ++at_;
    Set part;
    std::optional<CharSet> whole;  // of the parts before the last &&
    bool first = true;
    const auto closePart = [&] {
      if (part.empty()) throw RegexRefusal{"has an empty set"};
      CharSet members = part.members();
      whole = whole ? whole->intersection(members) : std::move(members);
      part = Set();
    };
    for (;; first = false) {
      if (at_ >= pattern_.size()) throw RegexRefusal{"has a set without an end"};
      if (peek() == ']' && !first) break;
      if (startsWith("&&")) {
        closePart();
        at_ += 2;
      } else if (startsWith("[:")) {
        readPosix(part);
      } else if (peek() == '[') {
        bool inner = false;
        const CharSet members = readSet(inner, depth + 1).members();
        part.addMembers(inner ? members.complement() : members);
      } else if (!readClass(part)) {
        readRange(part);
      }
    }
    ++at_;
    if (whole) {
      closePart();
      if (whole->ranges().empty()) throw RegexRefusal{"has a set without members"};
      part.addMembers(*whole);
    }
    if (part.empty()) throw RegexRefusal{"has an empty set"};
    return part;
  }

  void readPosix(Set& part) {
    const std::size_t end = pattern_.find(":]", at_);
    if (end == std::string_view::npos) throw RegexRefusal{"has an unclosed bracket in a set"};
    std::string_view name = pattern_.substr(at_ + 2, end - at_ - 2);
    const bool negated = name.starts_with('^');
    if (negated) name.remove_prefix(1);
    const auto property = RegexProperty::posix(name);
    if (!property) throw RegexRefusal{fmt::format("uses the class [:{}:]", name)};
    part.addProperty(*property, negated);
    at_ = end + 2;
    refuseRange();
  }

  bool readClass(Set& part) {
    if (peek() != '\\') return false;
    const char letter = peek(1);
    if (letter == 'p' || letter == 'P') {
      bool negated = false;
      const std::string name = propertyName(pattern_, at_, negated);
      const auto property = RegexProperty::named(name);
      if (!property) throw RegexRefusal{fmt::format("uses the property '{}'", name)};
      part.addProperty(*property, negated);
      refuseRange();
      return true;
    }
    const char lower = static_cast<char>(letter | 0x20);
    const auto property = RegexProperty::shorthand(lower, true);
    if (!property || letter == '\0') return false;
    part.addProperty(*property, letter != lower);
    at_ += 2;
    refuseRange();
    return true;
  }

  // A range cannot begin with a class.
  void refuseRange() const {
    if (peek() == '-' && peek(1) != ']') throw RegexRefusal{"has a class as a range's end"};
  }

  int readCharacter() {
    if (peek() == '\\') {
      if (peek(1) == 'b') {
        at_ += 2;
        return '\b';
      }
      const int code = escapedCharacter(pattern_, at_);
      if (code < 0) throw RegexRefusal{fmt::format("uses \\{} in a set", peek(1))};
      return code;
    }
    const Utf8Char c = utf8At(pattern_, at_);
    if (c.code < 0) throw RegexRefusal{"is not valid UTF-8"};
    at_ += c.size;
    return c.code;
  }

  void readRange(Set& part) {
    const int first = readCharacter();
    if (peek() != '-' || peek(1) == ']') {
      part.addRange(first, first);
      return;
    }
    ++at_;
    if (at_ >= pattern_.size() || peek() == '[' || startsWith("&&")) {
      throw RegexRefusal{"has a range without an end"};
    }
    const char next = static_cast<char>(peek(1) | 0x20);
    if (peek() == '\\' && (next == 'p' || RegexProperty::shorthand(next, true))) {
      throw RegexRefusal{"has a class as a range's end"};
    }
    const int last = readCharacter();
    if (last < first) throw RegexRefusal{"has a range that runs backwards"};
    part.addRange(first, last);
    if (peek() == '-' && peek(1) != ']') throw RegexRefusal{"has a range after a range"};
  }

  std::string_view pattern_;
  std::size_t& at_;
};

}  // namespace

std::string quotedCharacter(int code) {
  const bool plain =
      (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
  return plain ? std::string(1, static_cast<char>(code)) : fmt::format("\\x{{{:x}}}", code);
}

int escapedCharacter(std::string_view pattern, std::size_t& at) {
  const char letter = at + 1 < pattern.size() ? pattern[at + 1] : '\0';
  const auto hex = [&](std::size_t begin, std::size_t least, std::size_t most) {
    int value = 0;
    std::size_t digits = 0;
    for (; digits < most && begin + digits < pattern.size(); ++digits) {
      const char c = pattern[begin + digits];
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) break;
      value = value * 16 + digit;
    }
    if (digits < least || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) {
      throw RegexRefusal{"has a malformed character number"};
    }
    at = begin + digits;
    return value;
  };
  constexpr std::string_view letters = "aefnrtv";
  constexpr std::string_view codes = "\a\x1b\f\n\r\t\v";
  if (letter == 'u') return hex(at + 2, 4, 4);
  if (letter == 'x' && at + 2 < pattern.size() && pattern[at + 2] == '{') {
    const int code = hex(at + 3, 1, 6);
    if (at >= pattern.size() || pattern[at] != '}') {
      throw RegexRefusal{"has a malformed character number"};
    }
    ++at;
    return code;
  }
  if (letter == 'x') {
    const int code = hex(at + 2, 1, 2);
    // There it is a byte of UTF-8.
    if (code >= 0x80) throw RegexRefusal{"spells a character in bytes"};
    return code;
  }
  if (const std::size_t i = letters.find(letter); letter != '\0' && i != std::string_view::npos) {
    at += 2;
    return codes[i];
  }
  const bool alphanumeric = (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
                            (letter >= 'a' && letter <= 'z');
  if (alphanumeric || at + 1 >= pattern.size()) return -1;
  const Utf8Char c = utf8At(pattern, at + 1);
  if (c.code < 0) throw RegexRefusal{"is not valid UTF-8"};
  at += 1 + c.size;
  return c.code;
}

std::string propertyName(std::string_view pattern, std::size_t& at, bool& negated) {
  negated = pattern[at + 1] == 'P';
  const std::size_t end = pattern.find('}', at);
  if (at + 2 >= pattern.size() || pattern[at + 2] != '{' || end == std::string_view::npos) {
    throw RegexRefusal{"has a property without a name in braces"};
  }
  std::string_view name = pattern.substr(at + 3, end - at - 3);
  if (name.starts_with('^')) {
    negated = !negated;
    name.remove_prefix(1);
  }
  at = end + 1;
  return std::string(name);
}

TranslatedSet translateSet(std::string_view pattern, std::size_t& at) {
  return SetReader(pattern, at).read();
}

}  // namespace bitfrontier
