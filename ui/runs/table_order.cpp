// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/table_order.h"

#include <charconv>

namespace bitfrontier {
namespace {

bool isDigit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// The digits that begin a text, without leading zeros.
std::string_view takeNumber(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && isDigit(text[end])) ++end;
  std::string_view digits = text.substr(0, end);
  text.remove_prefix(end);
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

}  // namespace

int compareNatural(std::string_view a, std::string_view b) {
  const std::string_view wholeA = a, wholeB = b;
  while (!a.empty() && !b.empty()) {
    if (isDigit(a.front()) && isDigit(b.front())) {
      const std::string_view x = takeNumber(a), y = takeNumber(b);
      if (x.size() != y.size()) return x.size() < y.size() ? -1 : 1;
      if (const int order = x.compare(y)) return order;
      continue;
    }
    const char x = lower(a.front()), y = lower(b.front());
    if (x != y) return x < y ? -1 : 1;
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  if (a.empty() != b.empty()) return a.empty() ? -1 : 1;
  return wholeA.compare(wholeB);
}

std::vector<double> naturalRanks(std::span<const std::string_view> texts) {
  // Many rows have few words.
  std::unordered_map<std::string_view, double> ranks;
  for (const std::string_view text : texts) ranks.try_emplace(text, 0);
  std::vector<std::string_view> words;
  words.reserve(ranks.size());
  for (const auto& [word, rank] : ranks) words.push_back(word);
  std::sort(words.begin(), words.end(),
            [](std::string_view a, std::string_view b) { return compareNatural(a, b) < 0; });
  for (std::size_t i = 0; i < words.size(); ++i) {
    ranks[words[i]] =
        words[i].empty() ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(i);
  }
  std::vector<double> result;
  result.reserve(texts.size());
  for (const std::string_view text : texts) result.push_back(ranks.at(text));
  return result;
}

QString exactNumber(double value) {
  if (std::isnan(value)) return {};
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return QString::fromLatin1(text, end - text);
}

void detail::sortByKeys(std::vector<int>& rows, const std::vector<double>& first,
                        const std::vector<double>& second, Qt::SortOrder order) {
  struct Keyed {
    double first, second;
    int row;
  };
  std::vector<Keyed> keyed;
  keyed.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    keyed.push_back({first[i], second.empty() ? 0 : second[i], rows[i]});
  }
  const auto present = std::stable_partition(keyed.begin(), keyed.end(),
                                             [](const Keyed& k) { return !std::isnan(k.first); });
  const auto before = [](const Keyed& a, const Keyed& b) {
    if (a.first != b.first) return a.first < b.first;
    return compareNumbers(a.second, b.second) < 0;
  };
  if (order == Qt::AscendingOrder) {
    std::stable_sort(keyed.begin(), present, before);
  } else {
    std::stable_sort(keyed.begin(), present,
                     [&](const Keyed& a, const Keyed& b) { return before(b, a); });
  }
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = keyed[i].row;
}

}  // namespace bitfrontier
