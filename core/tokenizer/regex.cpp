// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <array>

#include "core/base/error.h"

namespace bitfrontier {

namespace {

// White_Space, for the inside of a set. PCRE2's own \s has U+180E besides.
constexpr std::string_view whiteSpace =
    "\\x{09}-\\x{0d}\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}"
    "\\x{205f}\\x{3000}";

[[noreturn]] void refuse(std::string_view where, std::string_view pattern, std::string_view why) {
  throw Error(ErrorKind::Unsupported,
              fmt::format("{}: regular expression '{}' {}", where, pattern, why));
}

std::string translate(std::string_view pattern, std::string_view where) {
  std::string out;
  bool inSet = false;
  bool setStart = false;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    const char next = i + 1 < pattern.size() ? pattern[i + 1] : '\0';
    if (c == '\\') {
      if (next == '\0') refuse(where, pattern, "ends in a backslash");
      ++i;
      setStart = false;
      if (next == 's') {
        out += inSet ? std::string(whiteSpace) : fmt::format("[{}]", whiteSpace);
      } else if (next == 'S') {
        if (inSet) refuse(where, pattern, "has \\S inside a set, which is not supported");
        out += fmt::format("[^{}]", whiteSpace);
      } else {
        out += c;
        out += next;
      }
      continue;
    }
    if (inSet) {
      if (c == '[') refuse(where, pattern, "has a set inside a set, which is not supported");
      if (c == '&' && next == '&')
        refuse(where, pattern, "intersects sets, which is not supported");
      if (c == ']' && !setStart) inSet = false;
      setStart = setStart && c == '^';
    } else if (c == '[') {
      inSet = setStart = true;
    }
    out += c;
  }
  return out;
}

struct MatchDataDeleter {
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};

}  // namespace

struct Regex::Code {
  explicit Code(pcre2_code* compiled) : code(compiled) {}
  ~Code() { pcre2_code_free(code); }
  Code(const Code&) = delete;
  Code& operator=(const Code&) = delete;
  pcre2_code* code;
};

Regex::Regex(std::string_view pattern, std::string_view where)
    : Regex(translate(pattern, where), false, where) {}

Regex Regex::literal(std::string_view text, std::string_view where) {
  return Regex(text, true, where);
}

Regex::Regex(std::string_view pattern, bool literal, std::string_view where) {
  int code = 0;
  PCRE2_SIZE offset = 0;
  // Invalid UTF-8 in the text never matches and is kept as gaps.
  const std::uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF |
                                (literal ? PCRE2_LITERAL : PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C);
  pcre2_code* compiled = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                       options, &code, &offset, nullptr);
  if (compiled == nullptr) {
    std::array<PCRE2_UCHAR, 256> text{};
    pcre2_get_error_message(code, text.data(), text.size());
    refuse(where, pattern,
           fmt::format("is not accepted at byte {}: {}", offset,
                       reinterpret_cast<const char*>(text.data())));
  }
  code_ = std::make_shared<Code>(compiled);
  // Without a JIT for this machine the interpreter is used, with equal results.
  pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE);
}

void Regex::matches(std::string_view text,
                    const std::function<void(std::size_t, std::size_t)>& found) const {
  const std::unique_ptr<pcre2_match_data, MatchDataDeleter> data(
      pcre2_match_data_create_from_pattern(code_->code, nullptr));
  if (data == nullptr) throw Error(ErrorKind::OutOfMemory, "no memory for a regular expression");
  std::size_t at = 0;
  while (at < text.size()) {
    const int result = pcre2_match(code_->code, reinterpret_cast<PCRE2_SPTR>(text.data()),
                                   text.size(), at, PCRE2_NOTEMPTY, data.get(), nullptr);
    if (result == PCRE2_ERROR_NOMATCH) return;
    if (result < 0) {
      throw Error(ErrorKind::Numeric,
                  fmt::format("the tokenizer's regular expression gave up at byte {} of a text of "
                              "{} bytes (PCRE2 error {})",
                              at, text.size(), result));
    }
    const PCRE2_SIZE* range = pcre2_get_ovector_pointer(data.get());
    // \K can put the reported start behind the end or before the search's start.
    if (range[0] < at || range[1] <= range[0]) {
      throw Error(ErrorKind::Unsupported,
                  fmt::format("the tokenizer's regular expression gave the odd match {} to {}",
                              range[0], range[1]));
    }
    found(range[0], range[1]);
    at = range[1];
  }
}

}  // namespace bitfrontier
