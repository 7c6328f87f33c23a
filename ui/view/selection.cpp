// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/selection.h"

#include <algorithm>
#include <utility>

namespace bitfrontier {

bool Selection::contains(const std::string& key) const {
  return std::binary_search(keys_.begin(), keys_.end(), key);
}

void Selection::set(std::vector<std::string> keys, std::string current) {
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  if (keys == keys_ && current == current_) return;
  keys_ = std::move(keys);
  current_ = std::move(current);
  Q_EMIT changed();
}

void Selection::setOne(const std::string& key) { set({key}, key); }

void Selection::toggle(const std::string& key) {
  std::vector<std::string> keys = keys_;
  const bool there = contains(key);
  if (there) {
    std::erase(keys, key);
  } else {
    keys.push_back(key);
  }
  set(std::move(keys), there ? std::string() : key);
}

}  // namespace bitfrontier
