// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/bpe/added_tokens.h"

#include <algorithm>

#include "core/tokenizer/text/unicode.h"
#include "core/tokenizer/text/utf8.h"

namespace bitfrontier {

namespace {

std::size_t byteOf(char c) { return static_cast<unsigned char>(c); }

// Where the character that ends before `end` begins.
std::size_t previousBegin(std::string_view text, std::size_t end) {
  std::size_t begin = end - 1;
  while (begin > 0 && end - begin < 4 && (byteOf(text[begin]) & 0xc0) == 0x80) --begin;
  return utf8At(text, begin).size == end - begin ? begin : end - 1;
}

std::size_t spaceBefore(std::string_view text, std::size_t end) {
  while (end > 0) {
    const std::size_t begin = previousBegin(text, end);
    if (!isWhiteSpace(utf8At(text, begin).code)) break;
    end = begin;
  }
  return end;
}

std::size_t spaceAfter(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    const Utf8Char c = utf8At(text, at);
    if (!isWhiteSpace(c.code)) break;
    at += c.size;
  }
  return at;
}

}  // namespace

void AddedTokens::add(std::string_view text, const AddedTokenRule& rule) {
  if (text.empty()) return;
  std::size_t node = 0;
  for (const char c : text) {
    const auto [it, fresh] = next_.emplace(node << 8 | byteOf(c), ruleOf_.size());
    if (fresh) ruleOf_.push_back(-1);
    node = it->second;
  }
  if (ruleOf_[node] >= 0) return;
  ruleOf_[node] = static_cast<std::int64_t>(rules_.size());
  rules_.push_back(rule);
  firstBytes_.set(byteOf(text[0]));
  if (text.size() == 1) {
    single_.set(byteOf(text[0]));
  } else {
    firstTwo_.set(byteOf(text[0]) << 8 | byteOf(text[1]));
  }
}

std::optional<AddedTokens::Match> AddedTokens::find(std::string_view text, std::size_t from) const {
  if (empty()) return std::nullopt;
  for (std::size_t begin = from; begin < text.size(); ++begin) {
    const std::size_t first = byteOf(text[begin]);
    if (!firstBytes_.test(first)) continue;
    if (!single_.test(first) &&
        (begin + 1 == text.size() || !firstTwo_.test(first << 8 | byteOf(text[begin + 1])))) {
      continue;
    }
    std::optional<Match> best;
    std::size_t node = 0;
    for (std::size_t at = begin; at < text.size(); ++at) {
      const auto it = next_.find(node << 8 | byteOf(text[at]));
      if (it == next_.end()) break;
      node = it->second;
      if (ruleOf_[node] < 0) continue;
      const auto rule = static_cast<std::size_t>(ruleOf_[node]);
      best = Match{begin, at + 1 - begin, rules_[rule].id, rule};
    }
    if (best) return best;
  }
  return std::nullopt;
}

void AddedTokens::split(std::string_view text, const Sink<std::string_view>& rest,
                        const Sink<std::int32_t>& token) const {
  std::size_t done = 0;
  for (auto match = find(text, 0); match; match = find(text, match->begin + match->size)) {
    const AddedTokenRule& rule = rules_[match->rule];
    std::size_t begin = match->begin;
    std::size_t end = begin + match->size;
    if (rule.plain) continue;
    if (rule.singleWord) {
      const bool wordBefore =
          begin > 0 && isWordCharacter(utf8At(text, previousBegin(text, begin)).code);
      if (wordBefore || (end < text.size() && isWordCharacter(utf8At(text, end).code))) continue;
    }
    if (rule.leftStrip) begin = std::max(spaceBefore(text, begin), done);
    if (rule.rightStrip) end = spaceAfter(text, end);
    if (done < begin) rest(text.substr(done, begin - done));
    // Nothing may be left of it behind the white space that another took along.
    if (begin < end) token(match->id);
    // White space that was taken along can hold the next token; the package then goes on from
    // there, and so a part of it comes twice.
    done = end;
  }
  if (done < text.size()) rest(text.substr(done));
}

}  // namespace bitfrontier
