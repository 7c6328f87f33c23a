// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/bpe.h"

#include <fmt/format.h>

#include <queue>

#include "core/base/error.h"
#include "core/tokenizer/byte_level.h"

namespace bitfrontier {

namespace {

std::uint64_t pairKey(std::int32_t left, std::int32_t right) {
  return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32) |
         static_cast<std::uint32_t>(right);
}

struct Symbol {
  std::int32_t id;
  std::int32_t previous;
  std::int32_t next;
};

struct Candidate {
  std::int32_t rank;
  std::int32_t at;
  std::int32_t left;
  std::int32_t right;
  std::int32_t merged;
};

struct Later {
  bool operator()(const Candidate& a, const Candidate& b) const {
    return a.rank != b.rank ? a.rank > b.rank : a.at > b.at;
  }
};

}  // namespace

Bpe::Bpe(const TokenMap& vocab, const std::vector<std::pair<std::string, std::string>>& merges,
         bool ignoreMerges, std::string_view where) {
  for (int b = 0; b < 256; ++b) {
    const char byte = static_cast<char>(b);
    const auto it = vocab.find(bytesToToken({&byte, 1}));
    byteIds_[static_cast<std::size_t>(b)] = it == vocab.end() ? -1 : it->second;
  }
  merges_.reserve(merges.size());
  std::string joined;
  for (std::size_t i = 0; i < merges.size(); ++i) {
    const auto& [left, right] = merges[i];
    const auto idOf = [&](const std::string& token) {
      const auto it = vocab.find(token);
      if (it == vocab.end()) {
        throw Error(ErrorKind::Format,
                    fmt::format("{}: merge {} ('{}' and '{}') needs '{}', which is not in the "
                                "vocabulary",
                                where, i, left, right, token));
      }
      return it->second;
    };
    joined = left;
    joined += right;
    merges_.insert_or_assign(pairKey(idOf(left), idOf(right)),
                             Merge{static_cast<std::int32_t>(i), idOf(joined)});
  }
  if (ignoreMerges) {
    for (const auto& [token, id] : vocab) words_.emplace(tokenToBytes(token), id);
  }
}

const Bpe::Merge* Bpe::find(std::int32_t left, std::int32_t right) const {
  const auto it = merges_.find(pairKey(left, right));
  return it == merges_.end() ? nullptr : &it->second;
}

void Bpe::encode(std::string_view word, std::vector<std::int32_t>& ids) const {
  if (!words_.empty()) {
    if (const auto it = words_.find(word); it != words_.end()) {
      ids.push_back(it->second);
      return;
    }
  }
  const auto count = static_cast<std::int32_t>(word.size());
  std::vector<Symbol> symbols(word.size());
  for (std::int32_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const auto byte = static_cast<unsigned char>(word[at]);
    symbols[at] = {byteIds_[byte], i - 1, i + 1 < count ? i + 1 : -1};
    if (symbols[at].id < 0) {
      throw Error(ErrorKind::Unsupported,
                  fmt::format("the vocabulary has no token for byte 0x{:02x}", byte));
    }
  }
  const auto symbol = [&](std::int32_t i) -> Symbol& {
    return symbols[static_cast<std::size_t>(i)];
  };
  std::priority_queue<Candidate, std::vector<Candidate>, Later> queue;
  const auto offer = [&](std::int32_t at) {
    const Symbol& left = symbol(at);
    if (left.next < 0) return;
    const Merge* merge = find(left.id, symbol(left.next).id);
    if (merge != nullptr) {
      queue.push({merge->rank, at, left.id, symbol(left.next).id, merge->id});
    }
  };
  for (std::int32_t i = 0; i + 1 < count; ++i) offer(i);
  while (!queue.empty()) {
    const Candidate best = queue.top();
    queue.pop();
    Symbol& left = symbol(best.at);
    // Either symbol may have been merged away or changed since the candidate was queued.
    if (left.id != best.left || left.next < 0 || symbol(left.next).id != best.right) continue;
    Symbol& right = symbol(left.next);
    left.id = best.merged;
    left.next = right.next;
    right.id = -1;
    if (left.next >= 0) symbol(left.next).previous = best.at;
    if (left.previous >= 0) offer(left.previous);
    offer(best.at);
  }
  for (std::int32_t i = 0; i >= 0; i = symbol(i).next) ids.push_back(symbol(i).id);
}

}  // namespace bitfrontier
