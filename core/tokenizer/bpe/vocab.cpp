// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/bpe/vocab.h"

#include <algorithm>

namespace bitfrontier {

std::size_t Vocab::slotOf(std::string_view token, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  const auto part = static_cast<std::uint32_t>(hash);
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.entry == 0) return at;
    if (slot.hash == part && entry(slot.entry - 1).token == token) return at;
  }
}

void Vocab::grow() {
  std::vector<Slot> old(std::max<std::size_t>(64, slots_.size() * 4));
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t index = 0; index < entries_.size(); ++index) {
    const std::uint64_t hash = quickHash(entry(index).token);
    std::size_t at = hash & mask;
    while (slots_[at].entry != 0) at = (at + 1) & mask;
    slots_[at] = {static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(index + 1)};
  }
}

bool Vocab::add(std::string_view token, std::int32_t id) {
  if (entries_.size() * 2 >= slots_.size()) grow();
  const std::uint64_t hash = quickHash(token);
  const std::size_t at = slotOf(token, hash);
  if (slots_[at].entry != 0) return false;
  entries_.push_back({spellings_.size(), static_cast<std::uint32_t>(token.size()), id});
  spellings_ += token;
  slots_[at] = {static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(entries_.size())};
  return true;
}

std::int32_t Vocab::find(std::string_view token) const {
  if (entries_.empty()) return -1;
  const Slot& slot = slots_[slotOf(token, quickHash(token))];
  return slot.entry == 0 ? -1 : entries_[slot.entry - 1].id;
}

void MergeList::add(std::string_view left, std::string_view right) {
  pairs_.push_back({spellings_.size(), static_cast<std::uint32_t>(left.size()),
                    static_cast<std::uint32_t>(right.size())});
  spellings_ += left;
  spellings_ += right;
}

std::string_view MergeList::left(std::size_t rank) const {
  return std::string_view(spellings_).substr(pairs_[rank].begin, pairs_[rank].left);
}

std::string_view MergeList::right(std::size_t rank) const {
  return std::string_view(spellings_)
      .substr(pairs_[rank].begin + pairs_[rank].left, pairs_[rank].right);
}

std::string_view MergeList::joined(std::size_t rank) const {
  const Stored& pair = pairs_[rank];
  return std::string_view(spellings_)
      .substr(pair.begin, static_cast<std::size_t>(pair.left) + pair.right);
}

}  // namespace bitfrontier
