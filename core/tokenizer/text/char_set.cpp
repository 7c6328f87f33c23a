// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/text/char_set.h"

#include <algorithm>

namespace bitfrontier {

CharSet::CharSet(std::vector<Range> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.first < b.first; });
  for (const Range& range : ranges) {
    if (!ranges_.empty() && range.first <= ranges_.back().last + 1) {
      ranges_.back().last = std::max(ranges_.back().last, range.last);
    } else {
      ranges_.push_back(range);
    }
  }
}

void CharSet::add(const CharSet& other) {
  std::vector<Range> all = ranges_;
  all.insert(all.end(), other.ranges_.begin(), other.ranges_.end());
  *this = CharSet(std::move(all));
}

CharSet CharSet::complement() const {
  CharSet out;
  std::int32_t next = 0;
  for (const Range& range : ranges_) {
    if (range.first > next) out.ranges_.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  if (next < 0x110000) out.ranges_.push_back({next, 0x10ffff});
  return out;
}

CharSet CharSet::intersection(const CharSet& other) const {
  CharSet both = complement();
  both.add(other.complement());
  return both.complement();
}

}  // namespace bitfrontier
