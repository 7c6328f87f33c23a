// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/point_axes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>
#include <utility>

#include "core/advice/memory.h"
#include "core/base/resources.h"
#include "core/law/data/comparable_set.h"
#include "core/law/data/paired_tests.h"
#include "core/law/data/point_errors.h"
#include "core/store/outcomes.h"

namespace bitfrontier {
namespace {

constexpr double kNone = LawPoint::kAbsent;

using RunsById = std::unordered_map<std::int64_t, const RunRow*>;

RunsById byId(const std::vector<RunRow>& runs) {
  RunsById all;
  all.reserve(runs.size());
  for (const RunRow& run : runs) all.emplace(run.id, &run);
  return all;
}

void addSeconds(const std::vector<LawPoint>& points, const RunsById& runs, PointAxes& axes) {
  for (const LawPoint& p : points) {
    double sum = p.runIds.empty() ? kNone : 0;
    for (const std::int64_t id : p.runIds) {
      const auto run = runs.find(id);
      sum += run != runs.end() && run->second->seconds > 0 ? run->second->seconds : kNone;
    }
    axes.seconds.push_back(sum);
  }
}

/// Weights as stored plus keys and values; a shape comes from the model's folder.
void addMemory(const std::vector<LawPoint>& points, const RunsById& runs, std::int64_t context,
               PointAxes& axes) {
  MemoryNeeds needs;
  needs.context = context;
  std::map<std::pair<std::string, std::string>, double> caches;  // by model and folder
  for (const LawPoint& p : points) {
    const RunRow* run = nullptr;
    for (const std::int64_t id : p.runIds) {
      const auto found = runs.find(id);
      if (found != runs.end() && (!run || !found->second->modelPath.empty())) run = found->second;
    }
    double bits = run ? run->modelBits.checkpointBytes : kNone;
    if (!(bits > 0)) bits = kNone;
    if (context > 0 && run) {
      const auto [cache, fresh] = caches.try_emplace({p.model, run->modelPath.text()}, kNone);
      if (fresh && !run->modelPath.empty()) {
        try {
          if (const auto shape = readShape(run->modelPath.text()))
            cache->second = kvCacheBits(*shape, needs);
        } catch (const Error& e) {
          axes.notes.emplace_back(e.what());
        }
      }
      bits += cache->second;
    }
    axes.memory.push_back(bits);
  }
}

}  // namespace

void addDifferences(const std::vector<LawPoint>& points, const RunStore& store, LawMetric metric,
                    PointAxes& axes, std::stop_token stop) {
  axes.difference.assign(points.size(), kNone);
  axes.differenceSe.assign(points.size(), kNone);
  const PointErrors errors = pointErrors(points, metric);
  for (const ComparableSet& set : comparableSets(points, metric)) {
    std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> models;
    for (const std::size_t i : set.points) {
      models[{points[i].family, points[i].model}].push_back(i);
    }
    for (const auto& [model, members] : models) {
      if (stop.stop_requested()) throw Error(ErrorKind::Cancelled, "stopped");
      const std::size_t base = *std::max_element(
          members.begin(), members.end(),
          [&](std::size_t a, std::size_t b) { return points[a].bits < points[b].bits; });
      if (points[base].bits < 16 || members.size() < 2) continue;
      std::vector<LawPoint> some;
      std::size_t baseRow = 0;
      for (const std::size_t i : members) {
        if (i == base) baseRow = some.size();
        some.push_back(points[i]);
      }
      PointOutcomes outcomes;
      if (metric == LawMetric::Accuracy) outcomes = readOutcomes(store, some);
      for (std::size_t row = 0; row < members.size(); ++row) {
        const std::size_t i = members[row];
        if (i == base) {
          axes.difference[i] = 0;
          continue;
        }
        if (outcomes.items) {
          const PairedTest test = comparePaired(*outcomes.items, baseRow, row);
          axes.difference[i] = test.difference;
          axes.differenceSe[i] = test.se;
        } else {
          axes.difference[i] = metricOf(points[i], metric) - metricOf(points[base], metric);
          axes.differenceSe[i] = std::hypot(errors.values[i], errors.values[base]);
        }
      }
      if (!outcomes.items && metric == LawMetric::Accuracy && !outcomes.problem.empty()) {
        axes.notes.push_back(model.second + ": " + outcomes.problem + "; errors are independent");
      }
    }
  }
}

std::shared_ptr<const PointAxes> pointAxes(const std::vector<LawPoint>& points,
                                           const StoreSnapshot& snapshot,
                                           const ViewOptions& options, std::stop_token stop) {
  const bool runs = options.x == XAxis::Memory || options.x == XAxis::Seconds;
  if (!runs && options.y != YAxis::Difference) return nullptr;
  auto axes = std::make_shared<PointAxes>();
  if (runs) {
    const RunsById all = byId(*snapshot.runs);
    if (options.x == XAxis::Seconds) addSeconds(points, all, *axes);
    if (options.x == XAxis::Memory) addMemory(points, all, options.context, *axes);
  }
  if (options.y == YAxis::Difference) {
    const RunStore store = RunStore::open(snapshot.path, RunStore::Mode::ReadOnly);
    addDifferences(points, store, options.metric, *axes, stop);
  }
  return axes;
}

}  // namespace bitfrontier
