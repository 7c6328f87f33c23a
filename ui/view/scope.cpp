// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/scope.h"

#include <set>
#include <unordered_set>

#include "ui/runs/row_filter.h"

namespace bitfrontier {

RunStore Scope::open() const { return RunStore::open(snapshot->path, RunStore::Mode::ReadOnly); }

RunFilter Scope::filter() const {
  RunFilter filter;
  filter.measured = options.source != SourceChoice::Published;
  filter.published = options.source != SourceChoice::Measured;
  filter.rule = options.rule;
  const RowFilter rows(options.filter);
  if (!rows.choosesTasks()) return filter;
  std::set<std::string> tasks;
  for (const RunRow& run : *snapshot->runs) {
    if (rows.matchesTask(run)) tasks.insert(run.result.task);
  }
  filter.tasks.assign(tasks.begin(), tasks.end());
  return filter;
}

PointChoice Scope::keep() const {
  auto runs = std::make_shared<std::unordered_set<std::int64_t>>();
  for (const LawPoint& point : *points) {
    if (!point.runIds.empty()) runs->insert(point.runIds.front());
  }
  return [runs](const LawPoint& point) {
    return !point.runIds.empty() && runs->contains(point.runIds.front());
  };
}

bool Scope::sameQuestion(const Scope& other) const {
  return snapshot && other.snapshot && snapshot->path == other.snapshot->path &&
         options.metric == other.options.metric && options.rule == other.options.rule &&
         options.source == other.options.source && options.filter == other.options.filter;
}

Scope scopeOf(const StoreSession& session, const ViewController& view) {
  return {session.snapshot(), view.options(), view.points()};
}

}  // namespace bitfrontier
