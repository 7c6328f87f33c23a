// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/request_encoder.h"

#include <algorithm>
#include <span>

#include "core/base/error.h"
#include "core/eval/python_text.h"
#include "core/tokenizer/tokenizer.h"

namespace bitfrontier {

RequestEncoder::RequestEncoder(const Tokenizer& tokenizer, BosProfile bos)
    : tokenizer_(&tokenizer), prefix_(tokenizer.bosId() ? tokenizer.bosId() : tokenizer.eosId()) {
  if (prefix_) prefixText_ = tokenizer.decode(std::span(&*prefix_, 1));
  if (bos == BosProfile::Never) return;
  front_ = tokenizer.prefixIds();
  if (bos == BosProfile::Harness) {
    back_ = tokenizer.suffixIds();
  } else if (front_.empty()) {
    front_ = {static_cast<std::int32_t>(prefix())};
  }
}

std::int64_t RequestEncoder::prefix() const {
  if (prefix_) return *prefix_;
  throw Error(
      ErrorKind::Unsupported,
      "the tokenizer names no beginning-of-text or end-of-text token, which scoring without "
      "context needs");
}

std::vector<std::int64_t> RequestEncoder::plain(std::string_view text) const {
  const std::vector<std::int32_t> ids = tokenizer_->encode(text);
  return {ids.begin(), ids.end()};
}

std::vector<std::int64_t> RequestEncoder::full(std::string_view text) const {
  std::vector<std::int64_t> ids = plain(text);
  if (front_.empty() && back_.empty()) return ids;
  if (!prefixText_.empty() && text.starts_with(prefixText_)) return ids;
  ids.insert(ids.begin(), front_.begin(), front_.end());
  ids.insert(ids.end(), back_.begin(), back_.end());
  return ids;
}

EncodedPair RequestEncoder::pair(std::string_view context, std::string_view continuation) const {
  const std::size_t moved = python::trailingSpaceBytes(context);
  const std::string_view head = context.substr(0, context.size() - moved);
  const std::string whole = std::string(context) + std::string(continuation);
  EncodedPair pair;
  if (head.empty()) {
    pair.continuation = plain(whole);
    pair.context = {prefix()};
    if (!pair.continuation.empty() && pair.continuation.front() == prefix()) {
      pair.continuation.erase(pair.continuation.begin());
    }
    return pair;
  }
  pair.context = full(head);
  pair.continuation = full(whole);
  const std::size_t used = std::min(pair.context.size(), pair.continuation.size());
  pair.continuation.erase(pair.continuation.begin(),
                          pair.continuation.begin() + static_cast<std::ptrdiff_t>(used));
  return pair;
}

std::vector<EncodedPair> RequestEncoder::windows(std::string_view text,
                                                 std::int64_t maxLength) const {
  const std::vector<std::int64_t> ids = full(text);
  const auto count = static_cast<std::int64_t>(ids.size());
  const auto slice = [&](std::int64_t begin, std::int64_t end) {
    return std::vector<std::int64_t>(ids.begin() + begin, ids.begin() + end);
  };
  std::vector<EncodedPair> windows;
  if (count == 0) return windows;
  std::int64_t done = std::min(maxLength, count);
  windows.push_back({{prefix()}, slice(0, done)});
  while (done < count) {
    const std::int64_t fresh = std::min(count - done, maxLength);
    const std::int64_t end = done + fresh;
    windows.push_back({slice(end - maxLength - 1, end - fresh), slice(end - fresh, end)});
    done = end;
  }
  return windows;
}

}  // namespace bitfrontier
