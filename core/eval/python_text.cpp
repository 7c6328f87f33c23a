// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/python_text.h"

#include <utf8proc.h>

#include <vector>

namespace bitfrontier::python {
namespace {

void append(std::string& text, char32_t codePoint) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t used =
      utf8proc_encode_char(static_cast<utf8proc_int32_t>(codePoint), bytes);
  text.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(used));
}

bool isCased(char32_t codePoint) {
  const auto c = static_cast<utf8proc_int32_t>(codePoint);
  return utf8proc_tolower(c) != c || utf8proc_toupper(c) != c || utf8proc_totitle(c) != c;
}

/// Combining marks, apostrophes and the like, which do not end a word for the final sigma rule.
bool isCaseIgnorable(char32_t codePoint) {
  if (codePoint == U'\'' || codePoint == U'.' || codePoint == U':' || codePoint == U'^' ||
      codePoint == U'`' || codePoint == 0x00B7 || codePoint == 0x2019) {
    return true;
  }
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(codePoint))) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
      return true;
    default:
      return false;
  }
}

/// A capital sigma that ends a word becomes a final sigma (Unicode, SpecialCasing.txt).
bool isFinalSigma(const std::vector<char32_t>& all, std::size_t at) {
  std::size_t before = at;
  while (before > 0 && isCaseIgnorable(all[before - 1])) --before;
  if (before == 0 || !isCased(all[before - 1])) return false;
  std::size_t after = at + 1;
  while (after < all.size() && isCaseIgnorable(all[after])) ++after;
  return after == all.size() || !isCased(all[after]);
}

void appendTitle(std::string& text, char32_t codePoint) {
  if (codePoint == 0x00DF) {  // sharp s: the one common letter with a longer title case
    text += "Ss";
  } else {
    append(text, static_cast<char32_t>(utf8proc_totitle(static_cast<utf8proc_int32_t>(codePoint))));
  }
}

}  // namespace

bool valid(std::string_view text, std::size_t& at) {
  utf8proc_int32_t codePoint = 0;
  const utf8proc_ssize_t used =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                       static_cast<utf8proc_ssize_t>(text.size() - at), &codePoint);
  if (used <= 0) return false;
  at += static_cast<std::size_t>(used);
  return true;
}

char32_t next(std::string_view text, std::size_t& at) {
  utf8proc_int32_t codePoint = 0;
  const utf8proc_ssize_t used =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at,
                       static_cast<utf8proc_ssize_t>(text.size() - at), &codePoint);
  if (used <= 0) return static_cast<unsigned char>(text[at++]);
  at += static_cast<std::size_t>(used);
  return static_cast<char32_t>(codePoint);
}

bool isSpace(char32_t c) {
  if (c <= 0x7F) return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

std::size_t trailingSpaceBytes(std::string_view text) {
  std::size_t end = text.size();
  while (end > 0) {
    std::size_t start = end - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
    std::size_t at = start;
    if (!isSpace(next(text.substr(0, end), at))) break;
    end = start;
  }
  return text.size() - end;
}

std::string_view strip(std::string_view text) {
  text.remove_suffix(trailingSpaceBytes(text));
  std::size_t begin = 0;
  while (begin < text.size()) {
    std::size_t at = begin;
    if (!isSpace(next(text, at))) break;
    begin = at;
  }
  return text.substr(begin);
}

std::string capitalize(std::string_view text) {
  std::vector<char32_t> all;
  all.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) all.push_back(next(text, at));
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i == 0) {
      appendTitle(result, all[i]);
    } else if (all[i] == 0x0130) {  // capital i with dot: i and a combining dot
      append(result, U'i');
      append(result, 0x0307);
    } else if (all[i] == 0x03A3 && isFinalSigma(all, i)) {
      append(result, 0x03C2);
    } else {
      append(result,
             static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(all[i]))));
    }
  }
  return result;
}

std::size_t length(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

std::string replace(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  result.reserve(text.size());
  std::size_t at = 0;
  for (std::size_t hit = text.find(from); hit != std::string_view::npos;
       hit = text.find(from, at)) {
    result.append(text.substr(at, hit - at)).append(to);
    at = hit + from.size();
  }
  return result.append(text.substr(at));
}

}  // namespace bitfrontier::python
