// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/csv_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/hash.h"

namespace bitfrontier {
namespace {

bool isNumber(const std::string& name) {
  return !name.empty() && name.find_first_not_of("0123456789") == std::string::npos;
}

/// Whole numbers by value and before other names.
bool before(const std::string& a, const std::string& b) {
  const bool numbers = isNumber(a);
  if (numbers != isNumber(b)) return numbers;
  if (numbers && a.size() != b.size()) return a.size() < b.size();
  return a < b;
}

}  // namespace

void CsvItems::add(const CsvRowReader& row) {
  Item item;
  item.name = row.text("item");
  const std::string text = lowerCase(trimmed(row.text("correct")));
  if (text == "1" || text == "1.0" || text == "true" || text == "yes") {
    item.correct = 1;
  } else if (text != "0" && text != "0.0" && text != "false" && text != "no") {
    row.fail("correct", fmt::format("correct '{}' is neither 0 nor 1", text));
  }
  item.logLikelihood = row.number("log_likelihood");
  if (!items_.empty() && item.name.empty() != items_.front().name.empty()) {
    row.fail("item", "some items have a name and some have none");
  }
  if (!item.name.empty() && !names_.insert(item.name).second) {
    row.fail("item", fmt::format("item {} is there twice", item.name));
  }
  items_.push_back(std::move(item));
}

void CsvItems::finish(TaskResult& result) const {
  std::vector<Item> items = items_;
  if (named()) {
    std::sort(items.begin(), items.end(),
              [](const Item& a, const Item& b) { return before(a.name, b.name); });
  }
  std::string identity = named() ? "" : fmt::format("{} items in order", items.size());
  bool likelihoods = true;
  double right = 0;
  for (const Item& item : items) {
    result.correct.push_back(item.correct);
    result.logLikelihood.push_back(item.logLikelihood);
    likelihoods = likelihoods && std::isfinite(item.logLikelihood);
    right += item.correct;
    if (named()) identity += item.name + "\n";
  }
  if (!likelihoods) result.logLikelihood.clear();
  const auto n = static_cast<double>(items.size());
  result.items = static_cast<std::int64_t>(items.size());
  result.accuracy = right / n;
  if (items.size() > 1) {
    result.accuracySe = std::sqrt(result.accuracy * (1 - result.accuracy) / (n - 1));
  }
  result.taskHash = sha256Hex("csv\n" + result.task + "\n" + identity);
}

}  // namespace bitfrontier
