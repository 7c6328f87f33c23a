// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/text/utf8.h"

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

}  // namespace

Utf8Char utf8BeyondAscii(std::string_view text, std::size_t at) {
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

bool isUtf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8At(text, at);
    if (c.code < 0) return false;
    at += c.size;
  }
  return true;
}

std::string toUtf8(std::int32_t code) {
  std::string out;
  appendUtf8(out, code);
  return out;
}

}  // namespace bitfrontier
