// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/store_frontier.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/error.h"
#include "core/law/data/point_errors.h"
#include "core/law/decide/frontier_probability.h"
#include "core/store/outcomes.h"
#include "core/store/points.h"

namespace bitfrontier {
namespace {

/// Points of families that may be compared, with their costs.
struct Group {
  std::string title;
  std::vector<LawPoint> points;
  std::vector<double> costs;
  std::vector<std::string> notes;
};

std::vector<double> costsOf(const FamilyRuns& family, const FrontierOptions& options,
                            std::vector<std::string>& notes) {
  std::vector<double> costs(family.points.size(), LawPoint::kAbsent);
  std::vector<double> cache;
  if (options.cost == FrontierCost::Memory) cache = cacheBits(family, options.memory, notes);
  for (std::size_t c = 0; c < family.cells.size(); ++c) {
    const FamilyCell& cell = family.cells[c];
    if (!cell.point) continue;
    double& cost = costs[*cell.point];
    switch (options.cost) {
      case FrontierCost::TotalBits:
        cost = family.points[*cell.point].totalBits;
        break;
      case FrontierCost::Memory:
        cost = cell.checkpointBits + cache[c];
        break;
      case FrontierCost::Seconds:
        cost = cell.measuredSeconds;
        break;
    }
  }
  return costs;
}

void addFamily(const FamilyRuns& family, const FrontierOptions& options, Group& group) {
  const std::vector<double> costs = costsOf(family, options, group.notes);
  std::size_t without = 0;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    if (!(costs[i] > 0) || !std::isfinite(costs[i])) {
      ++without;
      continue;
    }
    group.points.push_back(family.points[i]);
    group.costs.push_back(costs[i]);
  }
  if (without > 0) {
    group.notes.push_back(fmt::format("{} of {} points of {} have no {}: left out", without,
                                      costs.size(), family.title(),
                                      options.cost == FrontierCost::Seconds  ? "duration"
                                      : options.cost == FrontierCost::Memory ? "known memory"
                                                                             : "total bits"));
  }
}

/// Draws of the goodness of some of the points.
Draws goodnessDraws(const RunStore& store, const std::vector<LawPoint>& points,
                    std::span<const double> errors, const FrontierOptions& options,
                    StoreFrontier& frontier) {
  const bool accuracy = options.metric == LawMetric::Accuracy;
  if (accuracy) {
    const PointOutcomes outcomes = readOutcomes(store, points);
    if (outcomes.items) {
      frontier.paired = true;
      return resampleItems(*outcomes.items, options.draws, options.seed);
    }
    frontier.notes.push_back(outcomes.problem + "; errors count as independent");
  }
  std::vector<double> values;
  for (const LawPoint& p : points) values.push_back(metricOf(p, options.metric));
  if (std::none_of(errors.begin(), errors.end(), [](double se) { return se > 0; })) {
    frontier.notes.emplace_back(
        "no point has a standard error: measured values count as exact, so probabilities are 0 or "
        "1 "
        "and do not say how sure that is");
  }
  Draws draws = normalDraws(values, errors, options.draws, options.seed);
  if (!accuracy) {
    for (double& v : draws.values) v = -v;
  }
  return draws;
}

StoreFrontier frontierOf(const RunStore& store, const Group& group,
                         const FrontierOptions& options) {
  StoreFrontier frontier;
  frontier.title = group.title;
  frontier.metric = options.metric;
  frontier.cost = options.cost;
  frontier.points = group.points.size();
  frontier.notes = group.notes;
  std::vector<double> goodness;
  for (const LawPoint& p : group.points) {
    const double value = metricOf(p, options.metric);
    goodness.push_back(options.metric == LawMetric::Accuracy ? value : -value);
  }
  const PointErrors errors = pointErrors(group.points, options.metric);
  const std::vector<std::size_t> on = paretoFrontier(group.costs, goodness);
  // Only what could be on it is drawn: a store may have tens of thousands of points.
  std::vector<std::size_t> candidates = frontierCandidates(group.costs, goodness, errors.values);
  if (options.budget) {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < goodness.size(); ++i) {
      if (!(group.costs[i] <= *options.budget)) continue;
      if (!best || goodness[i] > goodness[*best] ||
          (goodness[i] == goodness[*best] && group.costs[i] < group.costs[*best])) {
        best = i;
      }
    }
    if (best) {
      frontier.best = FrontierEntry{group.points[*best], group.costs[*best],
                                    metricOf(group.points[*best], options.metric),
                                    metricSeOf(group.points[*best], options.metric)};
    }
  }
  std::vector<LawPoint> points;
  std::vector<double> costs, uncertain;
  for (const std::size_t i : candidates) {
    points.push_back(group.points[i]);
    costs.push_back(group.costs[i]);
    uncertain.push_back(errors.values[i]);
  }
  const Draws draws = goodnessDraws(store, points, uncertain, options, frontier);
  if (!frontier.paired && errors.assumed > 0) frontier.notes.push_back(errors.note());
  const std::vector<double> probability = frontierProbability(costs, draws);
  const std::vector<double> within =
      options.budget ? bestProbability(costs, draws, *options.budget) : std::vector<double>{};
  for (std::size_t c = 0; c < candidates.size(); ++c) {
    const std::size_t i = candidates[c];
    FrontierEntry entry{points[c],
                        costs[c],
                        metricOf(points[c], options.metric),
                        metricSeOf(points[c], options.metric),
                        std::find(on.begin(), on.end(), i) != on.end(),
                        probability[c]};
    if (frontier.best && entry.point.runIds == frontier.best->point.runIds) {
      frontier.best = entry;
      frontier.bestProbability = within[c];
    }
    if (entry.on || entry.probability >= options.smallest) {
      frontier.entries.push_back(std::move(entry));
    }
  }
  std::stable_sort(frontier.entries.begin(), frontier.entries.end(),
                   [](const FrontierEntry& a, const FrontierEntry& b) { return a.cost < b.cost; });
  return frontier;
}

}  // namespace

std::string_view frontierCostName(FrontierCost cost) {
  switch (cost) {
    case FrontierCost::TotalBits:
      return "bits";
    case FrontierCost::Memory:
      return "memory";
    case FrontierCost::Seconds:
      return "seconds";
  }
  return "bits";
}

FrontierCost parseFrontierCost(std::string_view name) {
  for (const FrontierCost cost :
       {FrontierCost::TotalBits, FrontierCost::Memory, FrontierCost::Seconds}) {
    if (frontierCostName(cost) == name) return cost;
  }
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("a frontier is against bits, memory or seconds, not \"{}\"", name));
}

std::size_t StoreFrontier::onFrontier() const {
  return static_cast<std::size_t>(
      std::count_if(entries.begin(), entries.end(), [](const FrontierEntry& e) { return e.on; }));
}

std::vector<StoreFrontier> storeFrontiers(const RunStore& store, const RunFilter& filter,
                                          const FrontierOptions& options, const JobContext& job) {
  std::map<std::size_t, Group> groups;
  for (const FamilyRuns& family : familyRuns(store, filter, options.metric, job, options.keep)) {
    job.throwIfCancelled();
    Group& group = groups[family.set];
    group.title = family.setTitle;
    addFamily(family, options, group);
  }
  std::vector<StoreFrontier> all;
  for (const auto& [set, group] : groups) {
    job.throwIfCancelled();
    if (!group.points.empty()) all.push_back(frontierOf(store, group, options));
  }
  if (all.empty()) {
    std::string why;
    for (const auto& [set, group] : groups) {
      for (const std::string& note : group.notes) why += "; " + note;
    }
    throw noPoints(store, filter, lawMetricName(options.metric), why);
  }
  return all;
}

std::vector<StoreFrontier> pointFrontiers(const RunStore& store, std::span<const LawPoint> points,
                                          std::span<const double> costs,
                                          const FrontierOptions& options, const JobContext& job) {
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (costs[i] > 0 && std::isfinite(costs[i])) members.push_back(i);
  }
  std::vector<StoreFrontier> all;
  for (const ComparableSet& set : comparableSets(points, options.metric, members)) {
    job.throwIfCancelled();
    Group group;
    group.title = set.name.title;
    group.points = set.of(points);
    for (const std::size_t i : set.points) group.costs.push_back(costs[i]);
    all.push_back(frontierOf(store, group, options));
  }
  return all;
}

}  // namespace bitfrontier
