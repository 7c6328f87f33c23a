// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/regex/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <fmt/format.h>
#include <pcre2.h>

#include <array>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/regex/regex_translate.h"
#include "core/tokenizer/text/unicode.h"
#include "core/tokenizer/text/utf8.h"

namespace bitfrontier {

namespace {

// Steps of backtracking for one match. A match that needs more is tried again with the next limit,
// but only about as often as a text of this size can hold ones that backtrack over their own
// length: so the whole effort stays proportional to the size.
constexpr std::array<std::uint32_t, 4> stepLimits = {2000, 40000, 800000, 16000000};

std::size_t retries(std::size_t tier, std::size_t textSize) {
  return 4 + 10 * textSize / stepLimits[tier - 1];
}

constexpr std::size_t jitStackBytes = std::size_t{8} << 20;

PCRE2_SPTR unitsOf(std::string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

struct Free {
  void operator()(pcre2_code* p) const { pcre2_code_free(p); }
  void operator()(pcre2_match_data* p) const { pcre2_match_data_free(p); }
  void operator()(pcre2_match_context* p) const { pcre2_match_context_free(p); }
  void operator()(pcre2_compile_context* p) const { pcre2_compile_context_free(p); }
  void operator()(pcre2_jit_stack* p) const { pcre2_jit_stack_free(p); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

// What a thread needs for matching, made once.
struct Workspace {
  Workspace()
      : data(pcre2_match_data_create(1, nullptr)),
        stack(pcre2_jit_stack_create(32768, jitStackBytes, nullptr)) {
    if (!data || !stack) throw Error(ErrorKind::OutOfMemory, "no memory for a regular expression");
    for (std::size_t tier = 0; tier < stepLimits.size(); ++tier) {
      Owned<pcre2_match_context> context(pcre2_match_context_create(nullptr));
      if (!context) throw Error(ErrorKind::OutOfMemory, "no memory for a regular expression");
      pcre2_set_match_limit(context.get(), stepLimits[tier]);
      pcre2_set_heap_limit(context.get(), 64 * 1024);
      pcre2_jit_stack_assign(context.get(), nullptr, stack.get());
      contexts[tier] = std::move(context);
    }
  }
  Owned<pcre2_match_data> data;
  Owned<pcre2_jit_stack> stack;
  std::array<Owned<pcre2_match_context>, stepLimits.size()> contexts;
};

Workspace& workspace() {
  thread_local Workspace space;
  return space;
}

Owned<pcre2_code> compile(std::string_view pattern, std::string_view shown, std::string_view where,
                          std::uint32_t options) {
  const Owned<pcre2_compile_context> context(pcre2_compile_context_create(nullptr));
  if (!context) throw Error(ErrorKind::OutOfMemory, "no memory for a regular expression");
  pcre2_set_newline(context.get(), PCRE2_NEWLINE_LF);
  int code = 0;
  PCRE2_SIZE offset = 0;
  Owned<pcre2_code> compiled(
      pcre2_compile(unitsOf(pattern), pattern.size(),
                    options | PCRE2_UTF | PCRE2_MULTILINE | PCRE2_NEVER_BACKSLASH_C, &code, &offset,
                    context.get()));
  if (!compiled) {
    std::array<PCRE2_UCHAR, 256> text{};
    pcre2_get_error_message(code, text.data(), text.size());
    throw Error(
        ErrorKind::Unsupported,
        fmt::format("{}: regular expression '{}' is not accepted: {} (at byte {} of '{}')", where,
                    shown, reinterpret_cast<const char*>(text.data()), offset, pattern));
  }
  // Without a JIT for this machine the interpreter is used, with equal results.
  pcre2_jit_compile(compiled.get(), PCRE2_JIT_COMPLETE);
  return compiled;
}

// A character of PCRE2's older Unicode with the category, to stand for one it does not know. Both
// have three or four bytes.
std::int32_t stand(std::int32_t code) {
  const bool fourBytes = code >= 0x10000;
  switch (categoryOf(code)) {
    case Category::Lu:
      return fourBytes ? 0x10400 : 0x1f08;
    case Category::Ll:
      return fourBytes ? 0x10428 : 0x1d00;
    case Category::Lm:
      return fourBytes ? 0x16b40 : 0x1d2c;
    case Category::Lo:
      // Of ideographs also the script is asked for.
      if (code >= 0x2ebf0 && code <= 0x2ee5d) return 0x20000;
      return fourBytes ? 0x10000 : 0x0904;
    case Category::Mn:
      return fourBytes ? 0x101fd : 0x0900;
    case Category::Mc:
      return fourBytes ? 0x11000 : 0x0903;
    case Category::Nd:
      return fourBytes ? 0x104a0 : 0x0966;
    case Category::Nl:
      return fourBytes ? 0x10140 : 0x2160;
    case Category::No:
      return fourBytes ? 0x10107 : 0x2070;
    case Category::Pd:
      return fourBytes ? 0x10ead : 0x2010;
    case Category::Po:
      return fourBytes ? 0x10100 : 0x0964;
    case Category::Sm:
      return fourBytes ? 0x1d6c1 : 0x2044;
    case Category::Sc:
      return fourBytes ? 0x1ecb0 : 0x20a0;
    case Category::So:
      return fourBytes ? 0x10137 : 0x2100;
    default:
      return 0;
  }
}

// Which characters need a stand-in.
std::vector<bool> findUnknown() {
  std::string all;
  for (std::int32_t code = 0x800; code < 0x110000; ++code) {
    if (stand(code) != 0) appendUtf8(all, code);
  }
  const Owned<pcre2_code> unassigned = compile("\\p{Cn}", "\\p{Cn}", "PCRE2", 0);
  pcre2_match_data* data = workspace().data.get();
  std::vector<bool> unknown(0x110000);
  std::size_t at = 0;
  while (pcre2_match(unassigned.get(), unitsOf(all), all.size(), at, PCRE2_NO_UTF_CHECK, data,
                     nullptr) >= 0) {
    const PCRE2_SIZE* range = pcre2_get_ovector_pointer(data);
    unknown[static_cast<std::size_t>(utf8At(all, range[0]).code)] = true;
    at = range[1];
  }
  return unknown;
}

// The text with characters that PCRE2 does not know replaced by others of their category, byte for
// byte in place; an empty string when there are none.
std::string withStandIns(std::string_view text) {
  static const std::vector<bool> unknown = findUnknown();
  std::string copy;
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 0xe0) {
      ++at;
      continue;
    }
    const Utf8Char c = utf8At(text, at);
    if (c.code >= 0 && unknown[static_cast<std::size_t>(c.code)]) {
      if (copy.empty()) copy = text;
      copy.replace(at, c.size, toUtf8(stand(c.code)));
    }
    at += c.size;
  }
  return copy;
}

}  // namespace

struct Regex::Code {
  Code(const std::string& translated, std::string_view pattern, std::string_view where)
      : valid(compile(translated, pattern, where, 0)),
        any(compile(translated, pattern, where, PCRE2_MATCH_INVALID_UTF)) {}
  Owned<pcre2_code> valid;  // for texts known to be UTF-8
  Owned<pcre2_code> any;    // invalid bytes never match
};

Regex::Regex(std::string_view pattern, std::string_view where)
    : code_(std::make_shared<Code>(translateOniguruma(pattern, where), pattern, where)) {}

void Regex::matches(std::string_view text, const Sink<std::size_t, std::size_t>& found) const {
  const std::string replaced = withStandIns(text);
  if (!replaced.empty()) text = replaced;
  const bool valid = isUtf8(text);
  const pcre2_code* code = valid ? code_->valid.get() : code_->any.get();
  const std::uint32_t options = valid ? PCRE2_NO_UTF_CHECK : 0;
  const Workspace& space = workspace();
  std::array<std::size_t, stepLimits.size()> tried{};
  std::size_t at = 0;
  std::size_t lastEnd = std::string_view::npos;
  while (at <= text.size()) {
    const auto match = [&](pcre2_match_context* context) {
      return pcre2_match(code, unitsOf(text), text.size(), at, options, space.data.get(), context);
    };
    int result = match(space.contexts[0].get());
    for (std::size_t tier = 1; tier < stepLimits.size() && result == PCRE2_ERROR_MATCHLIMIT &&
                               tried[tier]++ < retries(tier, text.size());
         ++tier) {
      result = match(space.contexts[tier].get());
    }
    if (result == PCRE2_ERROR_NOMATCH) return;
    if (result < 0) {
      throw Error(ErrorKind::Numeric,
                  fmt::format("the tokenizer's regular expression gave up at byte {} of a text of "
                              "{} bytes (PCRE2 error {})",
                              at, text.size(), result));
    }
    const PCRE2_SIZE* range = pcre2_get_ovector_pointer(space.data.get());
    const std::size_t begin = range[0];
    const std::size_t end = range[1];
    if (begin == end && end == lastEnd) {
      at += at < text.size() ? utf8At(text, at).size : 1;
      continue;
    }
    at = lastEnd = end;
    found(begin, end);
  }
}

}  // namespace bitfrontier
