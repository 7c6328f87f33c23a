// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/row_filter.h"

#include <utility>

namespace bitfrontier {

RowFilter::RowFilter(std::string_view text) {
  ParsedFilter parsed = parseFilter(text);
  root_ = std::move(parsed.root);
  complaint_ = std::move(parsed.complaint);
}

namespace {

template <typename Row>
bool passes(const std::optional<FilterNode>& root, const Row& row) {
  return !root ||
         root->evaluate([&](const FilterTerm& t) { return t.matches(row); }).value_or(true);
}

template <typename Row>
bool passesTask(const std::optional<FilterNode>& root, const Row& run) {
  return !root || root->evaluate([&](const FilterTerm& t) {
                        return t.field == FilterField::Task ? t.matches(run) : std::nullopt;
                      })
                      .value_or(true);
}

}  // namespace

bool RowFilter::matches(const LawPoint& point) const { return passes(root_, point); }
bool RowFilter::matches(const RunRow& run) const { return passes(root_, run); }
bool RowFilter::matches(const RunRecord& run) const { return passes(root_, run); }
bool RowFilter::matchesTask(const RunRow& run) const { return passesTask(root_, run); }
bool RowFilter::matchesTask(const RunRecord& run) const { return passesTask(root_, run); }

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

}  // namespace bitfrontier
