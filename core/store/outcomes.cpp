// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/outcomes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

namespace bitfrontier {
namespace {

std::string nameOf(const LawPoint& point) { return point.model + " " + point.config; }

/// Outcomes of one point by task, with what identifies the items.
struct Scored {
  std::string hash;
  std::vector<std::uint8_t> correct;
};
using ByTask = std::map<std::string, Scored>;

}  // namespace

PointOutcomes readOutcomes(const RunStore& store, std::span<const LawPoint> points) {
  const auto none = [](std::string why) { return PointOutcomes{std::nullopt, std::move(why)}; };
  if (points.empty()) return none("there are no points");
  std::vector<ByTask> all(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) {
    for (const std::int64_t id : points[i].runIds) {
      auto run = store.find(id);
      if (!run || run->result.isText()) continue;
      if (run->result.correct.empty()) {
        return none(fmt::format("{} has no outcomes of single items of {}", nameOf(points[i]),
                                run->result.task));
      }
      all[i][run->result.task] = {run->result.taskHash, std::move(run->result.correct)};
    }
    if (all[i].empty()) return none(fmt::format("{} has no accuracy", nameOf(points[i])));
    for (const auto& [task, first] : all[0]) {
      const auto here = all[i].find(task);
      if (here == all[i].end()) {
        return none(fmt::format("{} was not scored on {} as {} was", nameOf(points[i]), task,
                                nameOf(points[0])));
      }
      if (here->second.hash != first.hash || here->second.correct.size() != first.correct.size()) {
        return none(fmt::format("{} and {} were scored on different items of {}", nameOf(points[0]),
                                nameOf(points[i]), task));
      }
    }
    if (all[i].size() > all[0].size()) {
      return none(
          fmt::format("{} was scored on more tasks than {}", nameOf(points[i]), nameOf(points[0])));
    }
  }
  ItemOutcomes items(points.size());
  for (const auto& [task, first] : all[0]) {
    std::vector<std::span<const std::uint8_t>> rows;
    rows.reserve(points.size());
    for (const ByTask& scored : all) rows.emplace_back(scored.at(task).correct);
    items.addTask(task, rows);
  }
  // Who guesses agrees with nobody, whatever the order of the items.
  std::vector<bool> judged;
  for (const LawPoint& p : points) {
    const double chance = std::isfinite(p.chance) ? p.chance : 0;
    const double margin = std::max(0.05, std::isfinite(p.accuracySe) ? 4 * p.accuracySe : 0);
    judged.push_back(p.accuracy > chance + margin && p.accuracy < 1 - margin);
  }
  if (const auto unlike = items.unlikeAll(judged)) {
    return none(
        fmt::format("the outcomes of {} agree with those of no other configuration beyond "
                    "chance, as if its items were in another order",
                    nameOf(points[*unlike])));
  }
  return {std::move(items), {}};
}

}  // namespace bitfrontier
