// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/row_filter.h"

#include <utility>

namespace bitfrontier {

RowFilter::RowFilter(std::string_view text) {
  ParsedFilter parsed = parseFilter(text);
  root_ = std::move(parsed.root);
  complaint_ = std::move(parsed.complaint);
}

bool RowFilter::matches(const LawPoint& point) const {
  return !root_ ||
         root_->evaluate([&](const FilterTerm& t) { return t.matches(point); }).value_or(true);
}

bool RowFilter::matches(const RunRecord& run) const {
  return !root_ ||
         root_->evaluate([&](const FilterTerm& t) { return t.matches(run); }).value_or(true);
}

bool RowFilter::choosesTasks() const {
  bool found = false;
  if (root_) {
    root_->evaluate([&](const FilterTerm& t) -> std::optional<bool> {
      found = found || t.field == FilterField::Task;
      return std::nullopt;  // says nothing, so that every term is asked
    });
  }
  return found;
}

bool RowFilter::matchesTask(const RunRecord& run) const {
  if (!root_) return true;
  return root_
      ->evaluate([&](const FilterTerm& t) {
        return t.field == FilterField::Task ? t.matches(run) : std::nullopt;
      })
      .value_or(true);
}

}  // namespace bitfrontier
