// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/tokenizer/bpe/vocab.h"

namespace bitfrontier {

/// Remembers the ids of short words: natural text repeats its words, and merging costs far more
/// than a look-up. Each word has one place, and the last one there stays. Grows with what is put
/// into it from 32 KB to 2 MB, so that short texts touch little memory. Used by one thread.
class WordCache {
 public:
  /// Appends the ids of `word` and gives true when they are known.
  bool get(std::string_view word, std::uint64_t hash, std::vector<std::int32_t>& ids) const {
    const Slot& slot = slots_[hash & (slots_.size() - 1)];
    if (slot.size != word.size() || std::memcmp(slot.bytes.data(), word.data(), word.size()) != 0) {
      return false;
    }
    ids.insert(ids.end(), slot.ids.begin(), slot.ids.begin() + slot.count);
    return true;
  }
  void put(std::string_view word, std::uint64_t hash, std::span<const std::int32_t> ids) {
    if (ids.size() > mostIds) return;
    if (++puts_ > slots_.size() && slots_.size() < mostSlots) grow();
    Slot& slot = place(hash);
    slot.size = static_cast<std::uint8_t>(word.size());
    slot.count = static_cast<std::uint8_t>(ids.size());
    std::memcpy(slot.bytes.data(), word.data(), word.size());
    std::copy(ids.begin(), ids.end(), slot.ids.begin());
  }
  static constexpr std::size_t longestWord = 30;
  std::size_t slots() const { return slots_.size(); }

 private:
  static constexpr std::size_t mostIds = 8;
  static constexpr std::size_t fewestSlots = std::size_t{1} << 9;
  static constexpr std::size_t mostSlots = std::size_t{1} << 15;

  struct alignas(64) Slot {
    std::uint8_t size = 0;
    std::uint8_t count = 0;
    std::array<char, longestWord> bytes{};
    std::array<std::int32_t, mostIds> ids{};
  };
  Slot& place(std::uint64_t hash) { return slots_[hash & (slots_.size() - 1)]; }
  void grow() {
    const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(4 * slots_.size()));
    for (const Slot& slot : before) {
      if (slot.size > 0) place(quickHash({slot.bytes.data(), slot.size})) = slot;
    }
    puts_ = 0;
  }

  std::vector<Slot> slots_ = std::vector<Slot>(fewestSlots);
  std::size_t puts_ = 0;  // since it grew
};

/// Caches that threads borrow for the time of one call.
class CachePool {
 public:
  std::unique_ptr<WordCache> take() const {
    {
      const std::lock_guard lock(mutex_);
      if (!free_.empty()) {
        auto cache = std::move(free_.back());
        free_.pop_back();
        return cache;
      }
    }
    return std::make_unique<WordCache>();
  }
  void giveBack(std::unique_ptr<WordCache> cache) const {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(cache));
  }

 private:
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<WordCache>> free_;
};

}  // namespace bitfrontier
