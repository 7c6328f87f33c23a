// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "core/advice/baseline_differences.h"

namespace bitfrontier {

/// The differences that the columns of the table of points show. The GUI thread replaces them while
/// an order is made of the ones before.
class PointDifferences {
 public:
  using Map = std::unordered_map<std::uint64_t, BaselineDifference>;  ///< by keyOf()

  /// Of all runs behind a point: another task makes it another point.
  static std::uint64_t keyOf(const LawPoint& point) {
    std::uint64_t key = point.runIds.size();
    for (const std::int64_t run : point.runIds) {
      key = (key ^ static_cast<std::uint64_t>(run)) * 0x9e3779b97f4a7c15ULL;
      key ^= key >> 29;
    }
    return key;
  }

  void set(std::shared_ptr<const Map> map) {
    const std::scoped_lock lock(mutex_);
    map_ = std::move(map);
  }
  std::optional<BaselineDifference> of(const LawPoint& point) const {
    if (point.runIds.empty()) return std::nullopt;
    const std::scoped_lock lock(mutex_);
    if (!map_) return std::nullopt;
    const auto found = map_->find(keyOf(point));
    return found == map_->end() ? std::nullopt : std::optional(found->second);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Map> map_;
};

}  // namespace bitfrontier
