// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/added_tokens.h"

namespace bitfrontier {

void AddedTokens::add(std::string_view text, std::int32_t id) {
  if (text.empty()) return;
  std::size_t node = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const auto it = nodes_[node].next.find(byte);
    if (it != nodes_[node].next.end()) {
      node = it->second;
      continue;
    }
    nodes_[node].next.emplace(byte, nodes_.size());
    node = nodes_.size();
    nodes_.emplace_back();
  }
  nodes_[node].id = id;
}

std::optional<AddedTokens::Match> AddedTokens::find(std::string_view text, std::size_t from) const {
  if (empty()) return std::nullopt;
  for (std::size_t begin = from; begin < text.size(); ++begin) {
    std::optional<Match> best;
    std::size_t node = 0;
    for (std::size_t at = begin; at < text.size(); ++at) {
      const auto it = nodes_[node].next.find(static_cast<unsigned char>(text[at]));
      if (it == nodes_[node].next.end()) break;
      node = it->second;
      if (nodes_[node].id >= 0) best = Match{begin, at + 1 - begin, nodes_[node].id};
    }
    if (best) return best;
  }
  return std::nullopt;
}

}  // namespace bitfrontier
