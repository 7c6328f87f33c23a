// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/utf8.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "core/base/error.h"

namespace bitfrontier {

namespace {

// The bytes that can follow a lead byte; the second one's range depends on the lead (Unicode 15,
// table 3-7). Gives the length of the longest valid prefix in `valid`.
Utf8Char decode(std::string_view text, std::size_t at, std::size_t& valid) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at);
  valid = 1;
  if (lead < 0x80) return {static_cast<std::int32_t>(lead), 1};
  if (lead < 0xc2 || lead > 0xf4) return {};
  const std::size_t size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  unsigned low = 0x80;
  unsigned high = 0xbf;
  if (lead == 0xe0) low = 0xa0;
  if (lead == 0xed) high = 0x9f;
  if (lead == 0xf0) low = 0x90;
  if (lead == 0xf4) high = 0x8f;
  std::int32_t code = static_cast<std::int32_t>(lead & (0xffU >> (size + 1)));
  for (; valid < size; ++valid) {
    if (at + valid >= text.size()) return {};
    const unsigned next = byte(at + valid);
    if (next < low || next > high) return {};
    code = (code << 6) | static_cast<std::int32_t>(next & 0x3f);
    low = 0x80;
    high = 0xbf;
  }
  return {code, size};
}

void appendNfc(std::string& out, std::string_view valid) {
  // Below U+0300 nothing combines, so such text is in form C already.
  if (std::all_of(valid.begin(), valid.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0xcc; })) {
    out += valid;
    return;
  }
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(valid.data()),
                   static_cast<utf8proc_ssize_t>(valid.size()), &mapped,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  if (size < 0) {
    throw Error(ErrorKind::OutOfMemory,
                std::string("cannot normalize text: ") + utf8proc_errmsg(size));
  }
  out.append(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size));
}

}  // namespace

Utf8Char utf8At(std::string_view text, std::size_t at) {
  std::size_t valid = 0;
  return decode(text, at, valid);
}

void appendUtf8(std::string& out, std::int32_t code) {
  const auto c = static_cast<std::uint32_t>(code);
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xc0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xe0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  } else {
    out += static_cast<char>(0xf0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3f));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3f));
    out += static_cast<char>(0x80 | (c & 0x3f));
  }
}

std::string lossyUtf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    std::size_t valid = 0;
    const Utf8Char c = decode(text, at, valid);
    if (c.code >= 0) {
      out += text.substr(at, c.size);
      at += c.size;
    } else {
      out += "\xef\xbf\xbd";
      at += valid;
    }
  }
  return out;
}

std::string normalizeNfc(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8At(text, at);
    if (c.code < 0) {
      appendNfc(out, text.substr(start, at - start));
      out += text[at];
      start = at + 1;
    }
    at += c.size;
  }
  appendNfc(out, text.substr(start));
  return out;
}

bool isLetter(std::int32_t code) {
  if (code < 0x80) return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
  const utf8proc_category_t category = utf8proc_category(code);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool isNumber(std::int32_t code) {
  if (code < 0x80) return code >= '0' && code <= '9';
  const utf8proc_category_t category = utf8proc_category(code);
  return category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO;
}

bool isWhiteSpace(std::int32_t code) {
  if (code < 0x80) return code == ' ' || (code >= '\t' && code <= '\r');
  switch (code) {
    case 0x85:
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000:
      return true;
    default:
      return code >= 0x2000 && code <= 0x200a;
  }
}

}  // namespace bitfrontier
