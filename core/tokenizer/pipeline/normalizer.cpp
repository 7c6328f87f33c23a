// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/pipeline/normalizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/tokenizer/bpe/byte_level.h"
#include "core/tokenizer/regex/text_pattern.h"
#include "core/tokenizer/text/normal_form.h"
#include "core/tokenizer/text/older_unicode.h"
#include "core/tokenizer/text/unicode.h"
#include "core/tokenizer/text/utf8.h"

namespace bitfrontier {

namespace {

void prepend(NormalizedText& t, const std::string& text) {
  if (t.text.empty()) return;
  if (t.fromStart > 0) t.fromStart += text.size();
  t.text.insert(0, text);
}

void replace(NormalizedText& t, const TextPattern& pattern, const std::string& content) {
  if (t.fromStart > 0 && !t.text.empty()) {
    const std::size_t firstSize = utf8At(t.text, 0).size;
    bool first = true;
    pattern.matches(t.text, [&](std::size_t begin, std::size_t end) {
      if (!first || begin > 0) return;
      first = false;
      // What takes the place of more than the first character counts as the last of them.
      if (end <= firstSize && !content.empty()) {
        t.fromStart = content.size() + (end == 0 ? t.fromStart : 0);
      } else {
        t.fromStart = 0;
      }
    });
  }
  t.text = pattern.replaced(t.text, content);
}

void strip(NormalizedText& t, bool left, bool right) {
  std::size_t begin = 0;
  std::size_t end = t.text.size();
  while (left && begin < end) {
    const Utf8Char c = utf8At(t.text, begin);
    if (!isWhiteSpace(c.code)) break;
    begin += c.size;
  }
  while (right && begin < end) {
    std::size_t last = end - 1;
    while (last > begin && (static_cast<unsigned char>(t.text[last]) & 0xc0) == 0x80) --last;
    const Utf8Char c = utf8At(t.text, last);
    if (last + c.size != end || !isWhiteSpace(c.code)) break;
    end = last;
  }
  t.text = t.text.substr(begin, end - begin);
  t.fromStart = t.fromStart > begin ? t.fromStart - begin : 0;
}

std::string withoutMarks(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8At(text, at);
    if (!isCombiningMark(c.code)) out += text.substr(at, c.size);
    at += c.size;
  }
  return out;
}

void spellBytes(NormalizedText& t) {
  const std::size_t first = std::min(t.fromStart, t.text.size());
  const std::size_t size = bytesToToken(std::string_view(t.text).substr(0, first)).size();
  t.text = bytesToToken(t.text);
  t.fromStart = size;
}

}  // namespace

Normalizer::Normalizer(const nlohmann::json& description, std::string_view where) {
  if (!description.is_null()) add(description, where, 0);
}

void Normalizer::add(const nlohmann::json& description, std::string_view where, int depth) {
  const std::string& type = requireString(description, "type", where);
  constexpr std::pair<std::string_view, NormalForm> forms[] = {{"NFC", NormalForm::C},
                                                               {"NFD", NormalForm::D},
                                                               {"NFKC", NormalForm::KC},
                                                               {"NFKD", NormalForm::KD}};
  for (const auto& [name, form] : forms) {
    if (type != name) continue;
    steps_.emplace_back([form = form](NormalizedText& t) {
      t.fromStart = normalizedSize(t.text, form, t.fromStart);
      t.text = normalize(t.text, form);
    });
    return;
  }
  if (type == "Prepend") {
    steps_.emplace_back([text = requireString(description, "prepend", where)](NormalizedText& t) {
      prepend(t, text);
    });
  } else if (type == "Replace") {
    steps_.emplace_back([pattern = TextPattern::parse(description, where),
                         content = requireString(description, "content", where)](
                            NormalizedText& t) { replace(t, pattern, content); });
  } else if (type == "Strip") {
    steps_.emplace_back([left = boolOr(description, "strip_left", where, true),
                         right = boolOr(description, "strip_right", where, true)](
                            NormalizedText& t) { strip(t, left, right); });
  } else if (type == "Lowercase") {
    steps_.emplace_back([](NormalizedText& t) {
      t.fromStart = lowercased(std::string_view(t.text).substr(0, t.fromStart)).size();
      t.text = lowercased(t.text);
    });
  } else if (type == "StripAccents") {
    steps_.emplace_back([](NormalizedText& t) {
      t.fromStart = withoutMarks(std::string_view(t.text).substr(0, t.fromStart)).size();
      t.text = withoutMarks(t.text);
    });
  } else if (type == "ByteLevel") {
    byteLevel_ = true;
    steps_.emplace_back(spellBytes);
  } else if (type == "Sequence" && depth < 8) {
    for (const auto& part : requireArray(description, "normalizers", where)) {
      add(part, where, depth + 1);
    }
  } else {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: normalizer '{}' is not supported", where, type));
  }
}

NormalizedText Normalizer::apply(const Piece& piece) const {
  NormalizedText out{std::string(piece.text), piece.fromStart};
  for (const auto& step : steps_) step(out);
  return out;
}

}  // namespace bitfrontier
