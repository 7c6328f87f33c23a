// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/regex/regex_translate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/regex/regex_property.h"
#include "core/tokenizer/regex/regex_set.h"
#include "core/tokenizer/text/utf8.h"

namespace bitfrontier {

namespace {

constexpr std::string_view wordBoundary = "(?:(?<=[{0}])(?![{0}])|(?<![{0}])(?=[{0}]))";
constexpr std::string_view noBoundary = "(?:(?<=[{0}])(?=[{0}])|(?<![{0}])(?![{0}]))";

class Translator {
 public:
  explicit Translator(std::string_view pattern) : pattern_(pattern) {}

  std::string run() {
    while (at_ < pattern_.size()) step();
    if (!groups_.empty()) throw RegexRefusal{"has a group without an end"};
    return std::move(out_);
  }

 private:
  struct Group {
    std::size_t begin;  // in the output
    bool caseless;      // what holds again behind the group
  };

  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0';
  }
  bool startsWith(std::string_view text) const { return pattern_.substr(at_).starts_with(text); }

  // An item that a repetition can follow.
  void atom(std::string_view text) {
    atom_ = out_.size();
    out_ += text;
    repeated_ = false;
    literal_ = -1;
  }
  void noAtom() {
    atom_.reset();
    repeated_ = false;
  }

  void literal(int code) {
    if (caseless_) {
      if (code >= 0x80) throw RegexRefusal{"ignores the case of a character beyond ASCII"};
      // Oniguruma takes these pairs for one character (as the German sharp s) too.
      const int lower = code >= 'A' && code <= 'Z' ? code + 0x20 : code;
      const bool pair = (literal_ == 's' && (lower == 's' || lower == 't')) ||
                        (literal_ == 'f' && (lower == 'f' || lower == 'i' || lower == 'l'));
      if (pair) throw RegexRefusal{"ignores the case of a pair of letters that has a ligature"};
      atom(quotedCharacter(code));
      literal_ = lower;
      return;
    }
    atom(quotedCharacter(code));
  }

  void property(const RegexProperty& property, bool negated) {
    if (caseless_) throw RegexRefusal{"ignores the case of a class"};
    atom(fmt::format("[{}{}]", negated ? "^" : "", property.items()));
  }

  void step() {
    switch (peek()) {
      case '\\':
        escape();
        break;
      case '[': {
        const TranslatedSet set = translateSet(pattern_, at_);
        if (caseless_ && !set.plainAscii) throw RegexRefusal{"ignores the case of a set"};
        atom(set.text);
        break;
      }
      case '(':
        open();
        break;
      case ')': {
        if (groups_.empty()) throw RegexRefusal{"closes a group that was not opened"};
        const Group group = groups_.back();
        groups_.pop_back();
        out_ += ')';
        ++at_;
        noAtom();
        atom_ = group.begin;
        caseless_ = group.caseless;
        break;
      }
      case '|':
        out_ += '|';
        ++at_;
        noAtom();
        literal_ = -1;
        break;
      case '*':
      case '+':
      case '?':
        repeat(std::string(1, peek()), 1, false);
        break;
      case '{':
        interval();
        break;
      case '^':
      case '$':
        out_ += peek();
        ++at_;
        noAtom();
        break;
      case '.':
        ++at_;
        atom(dotAll_ ? "[\\x{0}-\\x{10ffff}]" : "[^\\x{a}]");
        break;
      default: {
        const Utf8Char c = utf8At(pattern_, at_);
        if (c.code < 0) throw RegexRefusal{"is not valid UTF-8"};
        at_ += c.size;
        literal(c.code);
      }
    }
  }

  void escape() {
    const char letter = peek(1);
    if (at_ + 1 >= pattern_.size()) throw RegexRefusal{"ends in a backslash"};
    if (letter == 'p' || letter == 'P') {
      bool negated = false;
      const std::string name = propertyName(pattern_, at_, negated);
      const auto known = RegexProperty::named(name);
      if (!known) throw RegexRefusal{fmt::format("uses the property '{}'", name)};
      property(*known, negated);
      return;
    }
    const char lower = static_cast<char>(letter | 0x20);
    const auto shorthand = RegexProperty::shorthand(lower, false);
    if (shorthand && (letter == lower || letter == lower - 0x20)) {
      at_ += 2;
      property(*shorthand, letter != lower);
      return;
    }
    const std::string word = RegexProperty::shorthand('w', false)->items();
    switch (letter) {
      case 'A':
      case 'z':
      case 'Z':
      case 'G':
        out_ += fmt::format("\\{}", letter);
        at_ += 2;
        noAtom();
        return;
      case 'b':
      case 'B':
        out_ += fmt::format(fmt::runtime(letter == 'b' ? wordBoundary : noBoundary), word);
        at_ += 2;
        noAtom();
        return;
      case 'R':
        at_ += 2;
        atom("(?>\\x{d}\\x{a}|[\\x{a}-\\x{d}\\x{85}\\x{2028}\\x{2029}])");
        return;
      case 'O':
        at_ += 2;
        atom("[\\x{0}-\\x{10ffff}]");
        return;
      case 'N':
        at_ += 2;
        atom("[^\\x{a}]");
        return;
      default:
        break;
    }
    if (letter >= '1' && letter <= '9' && (peek(2) < '0' || peek(2) > '9')) {
      if (caseless_) throw RegexRefusal{"ignores the case of a back reference"};
      at_ += 2;
      atom(fmt::format("\\g{{{}}}", letter));
      return;
    }
    const int code = escapedCharacter(pattern_, at_);
    if (code < 0) throw RegexRefusal{fmt::format("uses \\{}", letter)};
    literal(code);
  }

  void open() {
    constexpr std::string_view plain[] = {"(?:", "(?=", "(?!", "(?>", "(?<=", "(?<!"};
    if (startsWith("(*")) throw RegexRefusal{"uses (*"};
    if (peek(1) != '?') {
      push("(");
      at_ += 1;
      return;
    }
    for (const std::string_view start : plain) {
      if (!startsWith(start)) continue;
      push(start);
      at_ += start.size();
      return;
    }
    if (startsWith("(?#")) {
      const std::size_t end = pattern_.find(')', at_);
      if (end == std::string_view::npos) throw RegexRefusal{"has a comment without an end"};
      at_ = end + 1;
      return;
    }
    options();
  }

  void push(std::string_view start) {
    groups_.push_back({out_.size(), caseless_});
    out_ += start;
    noAtom();
  }

  // (?i) and (?i:...). A bare one must open the pattern or a group, as it takes in the alternatives
  // that follow in Oniguruma, but not in PCRE2.
  void options() {
    const std::size_t start = at_;
    at_ += 2;
    bool on = true;
    bool caseless = caseless_;
    for (;; ++at_) {
      const char c = peek();
      if (c == ':' || c == ')') break;
      if (c == '-') {
        on = false;
      } else if (c == 'i') {
        caseless = on;
      } else if (c == 'm' && on && start == 0 && groups_.empty()) {
        dotAll_ = true;
      } else {
        throw RegexRefusal{fmt::format("uses the group '{}'", pattern_.substr(start, 4))};
      }
    }
    const bool bare = peek() == ')';
    if (bare && (start != 0 || !groups_.empty())) {
      throw RegexRefusal{"sets options in the middle"};
    }
    if (!bare) {
      if (dotAll_ && start == 0 && pattern_.substr(0, at_).find('m') != std::string_view::npos) {
        throw RegexRefusal{"lets the dot match line ends in a part"};
      }
      push(caseless ? "(?i:" : "(?-i:");
    } else if (caseless != caseless_) {
      out_ += caseless ? "(?i)" : "(?-i)";
    }
    caseless_ = caseless;
    ++at_;
  }

  // The repetition `text` of the last atom; `size` is its length in the pattern.
  void repeat(const std::string& text, std::size_t size, bool isInterval) {
    if (!atom_) throw RegexRefusal{"repeats nothing"};
    if (repeated_) {
      out_.insert(*atom_, "(?:");
      out_ += ')';
    }
    out_ += text;
    at_ += size;
    literal_ = -1;
    repeated_ = true;
    // Behind * + and ? these two change the kind; behind an interval + is a repetition of its own.
    if (peek() == '?' || (peek() == '+' && !isInterval)) {
      out_ += peek();
      ++at_;
    }
  }

  void interval() {
    std::size_t end = at_ + 1;
    const auto number = [&]() -> std::optional<std::int64_t> {
      const std::size_t begin = end;
      std::int64_t value = 0;
      while (end < pattern_.size() && pattern_[end] >= '0' && pattern_[end] <= '9') {
        value = std::min<std::int64_t>(value * 10 + (pattern_[end++] - '0'), 1000000);
      }
      return end == begin ? std::nullopt : std::optional(value);
    };
    const auto least = number();
    const bool comma = end < pattern_.size() && pattern_[end] == ',';
    if (comma) ++end;
    const auto most = comma ? number() : least;
    if (end >= pattern_.size() || pattern_[end] != '}' || (!least && !most)) {
      ++at_;
      literal('{');
      return;
    }
    const std::size_t size = end + 1 - at_;
    if (least && most && *most < *least) throw RegexRefusal{"has an interval that runs backwards"};
    if (!comma) {
      // "?" behind a fixed count makes the whole optional.
      const bool optional = end + 1 < pattern_.size() && pattern_[end + 1] == '?';
      repeat(fmt::format("{{{}}}", *least), size, true);
      if (optional) {
        out_.pop_back();
        --at_;
      }
      return;
    }
    const std::string upper = most ? fmt::format("{}", *most) : std::string();
    repeat(fmt::format("{{{},{}}}", least.value_or(0), upper), size, true);
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  std::string out_;
  std::vector<Group> groups_;
  std::optional<std::size_t> atom_;  // where the last one begins in the output
  bool repeated_ = false;
  bool caseless_ = false;
  bool dotAll_ = false;
  int literal_ = -1;  // the last atom, in lower case, where case is ignored
};

}  // namespace

std::string translateOniguruma(std::string_view pattern, std::string_view where) {
  try {
    return Translator(pattern).run();
  } catch (const RegexRefusal& refusal) {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: regular expression '{}' {}, which is not supported", where,
                            pattern, refusal.why));
  }
}

}  // namespace bitfrontier
