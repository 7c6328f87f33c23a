// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bitfrontier {

/// A set of characters as sorted, separate ranges.
class CharSet {
 public:
  struct Range {
    std::int32_t first;
    std::int32_t last;
  };

  CharSet() = default;
  explicit CharSet(std::vector<Range> ranges);
  /// All codes for which `holds(code)`.
  template <typename Predicate>
  static CharSet where(const Predicate& holds) {
    std::vector<Range> ranges;
    for (std::int32_t code = 0; code < 0x110000; ++code) {
      if (!holds(code)) continue;
      if (!ranges.empty() && ranges.back().last == code - 1) {
        ranges.back().last = code;
      } else {
        ranges.push_back({code, code});
      }
    }
    return CharSet(std::move(ranges));
  }

  void add(const CharSet& other);
  CharSet complement() const;
  CharSet intersection(const CharSet& other) const;
  const std::vector<Range>& ranges() const { return ranges_; }

 private:
  std::vector<Range> ranges_;
};

}  // namespace bitfrontier
