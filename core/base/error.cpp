// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

#include <algorithm>
#include <utility>

namespace bitfrontier {

namespace {

// Length of the UTF-8 character at `at`, 0 when there is none.
std::size_t characterAt(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  // Overlong forms, surrogates and what is beyond U+10FFFF show in the first two bytes.
  const unsigned second = byte(at + 1);
  const bool valid = first >= 0xC2 && first <= 0xF4 && !(first == 0xE0 && second < 0xA0) &&
                     !(first == 0xED && second > 0x9F) && !(first == 0xF0 && second < 0x90) &&
                     !(first == 0xF4 && second > 0x8F);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0U) != 0x80U) return 0;
  }
  return valid ? length : 0;
}

std::string printable(std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string shown;
  shown.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::size_t length = characterAt(text, i);
    if (length == 0 || byte < 0x20 || byte == 0x7F) {
      shown += {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
      ++i;
    } else {
      shown += text.substr(i, length);
      i += length;
    }
  }
  return shown;
}

// One line of valid UTF-8 and bounded length: it goes to terminals, databases and JSON.
std::string oneSentence(std::string text) {
  constexpr std::size_t half = 1000;
  if (text.size() <= 2 * half) {
    const auto plain = [](char c) { return c >= 0x20 && c < 0x7F; };
    return std::all_of(text.begin(), text.end(), plain) ? std::move(text) : printable(text);
  }
  const std::string_view whole = text;
  return printable(whole.substr(0, half)) + " ... " + printable(whole.substr(text.size() - half));
}

}  // namespace

std::string_view errorKindName(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::InvalidArgument:
      return "InvalidArgument";
    case ErrorKind::NotFound:
      return "NotFound";
    case ErrorKind::Format:
      return "Format";
    case ErrorKind::Io:
      return "Io";
    case ErrorKind::Unsupported:
      return "Unsupported";
    case ErrorKind::OutOfMemory:
      return "OutOfMemory";
    case ErrorKind::Cancelled:
      return "Cancelled";
    case ErrorKind::Numeric:
      return "Numeric";
    case ErrorKind::Conflict:
      return "Conflict";
  }
  return "Unknown";
}

Error::Error(ErrorKind kind, std::string message)
    : std::runtime_error(oneSentence(std::move(message))), kind_(kind) {}

}  // namespace bitfrontier
