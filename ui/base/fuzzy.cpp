// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/base/fuzzy.h"

#include <algorithm>
#include <QString>
#include <vector>

namespace bitfrontier {
namespace {

constexpr int kNoFit = -1'000'000;
constexpr int kLetter = 4, kRow = 8, kWordStart = 10, kTextStart = 6;

bool startsWord(QStringView text, qsizetype at) {
  if (at == 0) return true;
  const QChar before = text[at - 1], here = text[at];
  return (!before.isLetterOrNumber() && here.isLetterOrNumber()) ||
         (before.isLower() && here.isUpper()) || (before.isLetter() && here.isDigit());
}

}  // namespace

int fuzzyScore(QStringView pattern, QStringView text) {
  QString wanted;
  for (const QChar c : pattern) {
    if (!c.isSpace()) wanted += c.toCaseFolded();
  }
  if (wanted.isEmpty()) return 0;
  const auto n = static_cast<std::size_t>(text.size());
  // best[j]: of the letters so far, the last one being at j.
  std::vector<int> best(n, kNoFit);
  for (qsizetype i = 0; i < wanted.size(); ++i) {
    std::vector<int> next(n, kNoFit);
    int before = i == 0 ? 0 : kNoFit;  // the best that ends before j - 1
    for (std::size_t j = 0; j < n; ++j) {
      if (i > 0 && j >= 2) before = std::max(before, best[j - 2]);
      if (text[static_cast<qsizetype>(j)].toCaseFolded() != wanted[i]) continue;
      const int row = i > 0 && j >= 1 ? best[j - 1] + kRow : kNoFit;
      const int from = std::max(before, row);
      if (from < 0) continue;
      next[j] = from + kLetter + (startsWord(text, static_cast<qsizetype>(j)) ? kWordStart : 0) +
                (j == 0 ? kTextStart : 0);
    }
    best = std::move(next);
  }
  const int most = n == 0 ? kNoFit : *std::max_element(best.begin(), best.end());
  return most < 0 ? -1 : 10 * most - static_cast<int>(std::min<std::size_t>(n, 200)) / 4;
}

}  // namespace bitfrontier
