// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace bitfrontier {

/// Finds fixed strings in a text, leftmost first and of those the longest.
class AddedTokens {
 public:
  struct Match {
    std::size_t begin;
    std::size_t size;
    std::int32_t id;
  };

  /// An empty `text` is ignored; the last id given to a text holds.
  void add(std::string_view text, std::int32_t id);
  bool empty() const { return nodes_.size() == 1; }
  /// The first match at or after `from`.
  std::optional<Match> find(std::string_view text, std::size_t from) const;

 private:
  struct Node {
    std::unordered_map<unsigned char, std::size_t> next;
    std::int32_t id = -1;
  };
  std::vector<Node> nodes_ = std::vector<Node>(1);
};

}  // namespace bitfrontier
