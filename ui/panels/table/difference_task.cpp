// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/table/difference_task.h"

#include <cmath>
#include <utility>
#include <vector>

namespace bitfrontier {
namespace {

DifferenceTask::MapPtr byRuns(const std::vector<LawPoint>& points,
                              const std::vector<BaselineDifference>& differences) {
  auto map = std::make_shared<PointDifferences::Map>();
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].runIds.empty() || !std::isfinite(differences[i].difference)) continue;
    map->emplace(PointDifferences::keyOf(points[i]), differences[i]);
  }
  return map;
}

}  // namespace

void DifferenceTask::start(const std::filesystem::path& store, const PointsPtr& points) {
  if (points == points_ && store == store_) return;
  if (store != store_ || !cache_) {
    cache_ = std::make_shared<BaselineCache>();
    Q_EMIT found(nullptr, nullptr);  // runs of another store have the same numbers
  }
  store_ = store;
  points_ = points;
  task_.start(
      [store, points, cache = cache_](std::stop_token stop) {
        JobContext job;
        job.stop = stop;
        const RunStore runs = RunStore::open(store, RunStore::Mode::ReadOnly);
        const auto find = [&](LawMetric metric) {
          return byRuns(*points, baselineDifferences(runs, *points, metric, cache.get(), job));
        };
        return std::pair(find(LawMetric::Accuracy), find(LawMetric::CrossEntropy));
      },
      [this](const std::pair<MapPtr, MapPtr>& maps) { Q_EMIT found(maps.first, maps.second); });
}

}  // namespace bitfrontier
