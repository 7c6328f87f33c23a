// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/law/data/law_point.h"
#include "core/store/run_record.h"
#include "core/store/run_row.h"
#include "ui/runs/filter_term.h"

namespace bitfrontier {

/// The language of the filter box:
///   opt              somewhere in model, family, configuration, task, method or source
///   family:opt,bloom in that field, any of the list (model, family, type, config, method, source,
///                    task, status)
///   bits>=3          numbers: bits, block, params, acc (percent), ce, size (MB, or with a unit:
///                    size<10GB), items; with = != < <= > >=, lists bits:3,4 and ranges bits:3-5
///   a b, a or b      both, either; "and" binds tighter; parentheses group
///   -a, not a        without
///   "a b"            as it stands
/// Upper and lower case are the same. What is not complete or not understood filters nothing and
/// is named by complaint().
class RowFilter {
 public:
  RowFilter() = default;
  explicit RowFilter(std::string_view text);

  bool empty() const { return !root_; }
  /// Points have no task and no status: such terms let every point pass, also under "not".
  bool matches(const LawPoint& point) const;
  bool matches(const RunRow& run) const;
  bool matches(const RunRecord& run) const;
  /// Whether tasks are chosen, so that points are means over some of their tasks only.
  bool choosesTasks() const;
  /// Whether a run's task is among the chosen; what else the filter asks for does not count.
  bool matchesTask(const RunRow& run) const;
  bool matchesTask(const RunRecord& run) const;
  /// One sentence about the first thing that is not understood or not complete, e.g. an unknown
  /// field; empty when fine.
  const std::string& complaint() const { return complaint_; }

 private:
  std::optional<FilterNode> root_;
  std::string complaint_;
};

}  // namespace bitfrontier
