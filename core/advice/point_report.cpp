// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/point_report.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <span>

#include "core/base/error.h"
#include "core/law/data/comparable_set.h"
#include "core/law/data/law_metric.h"
#include "core/store/outcomes.h"
#include "core/store/points.h"

namespace bitfrontier {
namespace {

std::set<std::string> tasksOf(const LawPoint& point) {
  std::set<std::string> tasks;
  for (const std::string* list : {&point.tasks, &point.textTasks}) {
    for (std::size_t at = 0; at < list->size();) {
      const std::size_t end = std::min(list->find(", ", at), list->size());
      tasks.insert(list->substr(at, end - at));
      at = end + 2;
    }
  }
  return tasks;
}

/// The widest form of the point's model that was scored alike: what k bits are compared with.
std::optional<LawPoint> referenceOf(std::span<const LawPoint> points, const LawPoint& point,
                                    LawMetric metric) {
  const Scoring scoring = scoringOf(point, metric);
  const auto alike = [&](const LawPoint& other) {
    Scoring own = scoringOf(other, metric);
    if (own.calibration.empty()) own.calibration = scoring.calibration;
    return own == scoring;
  };
  const LawPoint* best = nullptr;
  for (const LawPoint& other : points) {
    if (other.model != point.model || other.family != point.family) continue;
    if (other.bits < 16 || other.runIds == point.runIds || !alike(other)) continue;
    if (!std::isfinite(metricOf(other, metric))) continue;
    if (!best || other.config == "fp16") best = &other;
  }
  return best ? std::optional(*best) : std::nullopt;
}

ReferenceComparison compareWith(const RunStore& store, const LawPoint& reference,
                                const LawPoint& point, LawMetric metric) {
  ReferenceComparison against;
  against.reference = reference;
  if (metric != LawMetric::Accuracy) {
    against.problem = "cross-entropies have no outcomes of items to pair";
    return against;
  }
  const LawPoint pair[] = {reference, point};
  const PointOutcomes outcomes = readOutcomes(store, pair);
  if (outcomes.items) {
    constexpr std::size_t kReplicates = 2000;
    against.test = comparePaired(*outcomes.items, 0, 1, kReplicates);
  } else {
    against.problem = outcomes.problem;
  }
  return against;
}

ReferenceComparison compareWithReference(const RunStore& store, std::span<const LawPoint> points,
                                         const LawPoint& point, LawMetric metric) {
  if (const auto reference = referenceOf(points, point, metric)) {
    return compareWith(store, *reference, point, metric);
  }
  ReferenceComparison none;
  none.problem = point.bits >= 16 ? "it is the 16-bit form"
                                  : "its model has no 16-bit run that was scored alike";
  return none;
}

/// The best other point of the same set that needs no more bits: what the point has to beat.
ReferenceComparison compareWithRival(const RunStore& store, std::span<const LawPoint> points,
                                     const LawPoint& point, LawMetric metric) {
  const bool more = metric == LawMetric::Accuracy;
  const LawPoint* best = nullptr;
  for (const ComparableSet& set : comparableSets(points, metric)) {
    const bool mine = std::any_of(set.points.begin(), set.points.end(),
                                  [&](std::size_t i) { return points[i].runIds == point.runIds; });
    if (!mine) continue;
    for (const std::size_t i : set.points) {
      const LawPoint& other = points[i];
      if (other.runIds == point.runIds || !(other.totalBits <= point.totalBits)) continue;
      const double value = metricOf(other, metric);
      if (!best || (more ? value > metricOf(*best, metric) : value < metricOf(*best, metric))) {
        best = &other;
      }
    }
    break;
  }
  if (best) return compareWith(store, *best, point, metric);
  ReferenceComparison none;
  none.problem = "nothing else that was scored alike needs as few bits";
  return none;
}

/// What the user set; absent for the point itself and where the store does not have it.
std::optional<ReferenceComparison> compareWithBaseline(const RunStore& store,
                                                       std::span<const LawPoint> points,
                                                       std::int64_t baseline, const LawPoint& point,
                                                       LawMetric metric) {
  for (const LawPoint& other : points) {
    if (baseline == 0 || other.runIds.empty() || other.runIds.front() != baseline) continue;
    if (other.runIds == point.runIds) return std::nullopt;
    if (std::isfinite(metricOf(other, metric))) return compareWith(store, other, point, metric);
    ReferenceComparison none;
    none.reference = other;
    none.problem = "the baseline has no such metric";
    return none;
  }
  return std::nullopt;
}

/// Rank by the metric among what the point may be compared with.
void rank(std::span<const LawPoint> points, LawMetric metric, PointReport& report) {
  const double own = metricOf(report.point, metric);
  for (const ComparableSet& set : comparableSets(points, metric)) {
    const bool mine = std::any_of(set.points.begin(), set.points.end(), [&](std::size_t i) {
      return points[i].runIds == report.point.runIds;
    });
    if (!mine) continue;
    report.setTitle = set.name.title;
    report.ranked = set.points.size();
    report.rank = 1;
    for (const std::size_t i : set.points) {
      const double value = metricOf(points[i], metric);
      report.rank += (metric == LawMetric::Accuracy ? value > own : value < own) ? 1 : 0;
    }
    return;
  }
}

}  // namespace

PointReport reportPoint(const RunStore& store, const RunFilter& filter, std::int64_t firstRun,
                        LawMetric metric, const JobContext& job, std::int64_t baseline) {
  RunFilter all = filter;
  all.includePartial = true;
  const std::vector<LawPoint> points = store.points(all);
  PointReport report;
  const auto found = std::find_if(points.begin(), points.end(), [&](const LawPoint& point) {
    return !point.runIds.empty() && point.runIds.front() == firstRun;
  });
  if (found == points.end()) {
    throw Error(ErrorKind::NotFound, "the point is not in the store any more");
  }
  report.point = *found;
  for (const std::int64_t id : found->runIds) {
    std::optional<RunRecord> run = store.find(id);
    if (!run) continue;
    run->result.correct.clear();
    run->result.logLikelihood.clear();
    report.runs.push_back(std::move(*run));
  }
  std::sort(report.runs.begin(), report.runs.end(),
            [](const auto& a, const auto& b) { return a.result.task < b.result.task; });
  job.throwIfCancelled();
  std::set<std::string> peers;
  for (const LawPoint& point : points) {
    if (point.family != found->family || point.source != found->source ||
        point.itemLimit != found->itemLimit || point.bosProfile != found->bosProfile) {
      continue;
    }
    peers.merge(tasksOf(point));
  }
  for (const std::string& task : tasksOf(*found)) peers.erase(task);
  report.lacks.assign(peers.begin(), peers.end());
  rank(points, metric, report);
  job.throwIfCancelled();
  report.against = compareWithReference(store, points, *found, metric);
  job.throwIfCancelled();
  report.rival = compareWithRival(store, points, *found, metric);
  report.baseline = compareWithBaseline(store, points, baseline, *found, metric);
  return report;
}

}  // namespace bitfrontier
