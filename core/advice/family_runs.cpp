// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/family_runs.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>

#include "core/law/data/point_errors.h"
#include "core/store/outcomes.h"
#include "core/store/points.h"

namespace bitfrontier {
namespace {

constexpr double kAbsent = LawPoint::kAbsent;

/// Straight line in logarithms through the nearest two, in proportion outside them.
double interpolate(const std::map<double, double>& known, double x) {
  if (known.empty() || !(x > 0)) return kAbsent;
  const auto right = known.lower_bound(x);
  if (right == known.end()) return known.rbegin()->second * x / known.rbegin()->first;
  if (right->first == x || right == known.begin()) return right->second * x / right->first;
  const auto left = std::prev(right);
  const double t = std::log(x / left->first) / std::log(right->first / left->first);
  return std::exp(std::log(left->second) + t * std::log(right->second / left->second));
}

/// What all runs of the family say about its models and configurations.
struct Knowledge {
  struct Model {
    double parameters = 0, linearParameters = kAbsent;
  };
  std::map<std::string, Model> models;
  std::map<std::string, double> bitsPerParameter;                    // by configuration
  std::map<std::string, std::map<double, double>> bits, checkpoint;  // by configuration and size
  std::map<std::string, int> width;
  // Seconds by (model, configuration), summed over tasks; and failures.
  std::map<std::pair<std::string, std::string>, double> seconds;
  std::map<std::pair<std::string, std::string>, std::string> failures;
};

std::string labelOf(const RunRecord& run) {
  LawPoint point;
  point.config = run.config;
  point.method = run.method;
  point.bits = run.bits;
  point.dataType = run.dataType;
  point.blockSize = run.blockSize;
  return seriesLabel(point, SeriesKey::Config);
}

void addSeconds(FamilyRuns& family, const Knowledge& known) {
  // Seconds of a model: mean over its configurations; of a model never run: by its size.
  std::map<std::string, std::pair<double, int>> perModel;
  for (const auto& [key, seconds] : known.seconds) {
    if (!(seconds > 0)) continue;
    perModel[key.first].first += seconds;
    ++perModel[key.first].second;
  }
  std::map<double, double> bySize;
  for (const auto& [model, sum] : perModel) {
    bySize[known.models.at(model).parameters] = sum.first / sum.second;
  }
  for (FamilyCell& cell : family.cells) {
    const auto own = known.seconds.find({cell.model, cell.config});
    if (own != known.seconds.end() && own->second > 0) {
      cell.seconds = own->second;
    } else if (const auto mean = perModel.find(cell.model); mean != perModel.end()) {
      cell.seconds = mean->second.first / mean->second.second;
    } else {
      cell.seconds = interpolate(bySize, cell.parameters);
    }
  }
}

/// The value of this configuration at this size; absent when it has none.
double exactly(const std::map<std::string, std::map<double, double>>& by, const std::string& config,
               double parameters) {
  const auto found = by.find(config);
  if (found == by.end()) return kAbsent;
  const auto at = found->second.find(parameters);
  return at != found->second.end() ? at->second : kAbsent;
}

/// What a model takes whose linear layers have so many bits per parameter, the rest 16.
ModelBits bitsOf(const Knowledge::Model& about, double bitsPerParameter) {
  ModelBits bits;
  bits.linearOnly = about.linearParameters * bitsPerParameter;
  bits.allParameters = about.parameters * bitsPerParameter;
  bits.checkpointBytes = bits.linearOnly + 16 * (about.parameters - about.linearParameters);
  return bits;
}

void makeCells(FamilyRuns& family, const Knowledge& known, CountingRule rule) {
  std::map<std::pair<std::string, std::string>, std::size_t> pointOf;
  for (std::size_t i = 0; i < family.points.size(); ++i) {
    const LawPoint& p = family.points[i];
    pointOf[{p.model, seriesLabel(p, SeriesKey::Config)}] = i;
  }
  for (const auto& [model, about] : known.models) {
    for (const auto& [config, width] : known.width) {
      FamilyCell cell;
      cell.model = model;
      cell.config = config;
      cell.bits = width;
      cell.parameters = about.parameters;
      const auto point = pointOf.find({model, config});
      if (point != pointOf.end()) cell.point.emplace(point->second);
      cell.totalBits = exactly(known.bits, config, about.parameters);
      cell.checkpointBits = exactly(known.checkpoint, config, about.parameters);
      if (std::isnan(cell.checkpointBits) && about.linearParameters > 0) {
        const ModelBits bits = bitsOf(about, known.bitsPerParameter.at(config));
        cell.totalBits = bits.at(rule);
        cell.checkpointBits = bits.checkpointBytes;
      }
      if (std::isnan(cell.checkpointBits)) {
        const auto bits = known.bits.find(config);
        const auto checkpoint = known.checkpoint.find(config);
        if (bits != known.bits.end()) cell.totalBits = interpolate(bits->second, about.parameters);
        if (checkpoint != known.checkpoint.end()) {
          cell.checkpointBits = interpolate(checkpoint->second, about.parameters);
        }
      }
      const auto failure = known.failures.find({model, config});
      if (failure != known.failures.end() && !cell.point) cell.failure = failure->second;
      family.cells.push_back(std::move(cell));
    }
  }
  std::stable_sort(family.cells.begin(), family.cells.end(), [](const auto& a, const auto& b) {
    return std::tie(a.parameters, a.model) < std::tie(b.parameters, b.model);
  });
  addSeconds(family, known);
}

/// Runs by what a family's knowledge is of: family, source and item limit.
using RunsOf =
    std::map<std::tuple<std::string, std::string, std::int64_t>, std::vector<const RunRecord*>>;

bool scoredAlike(const RunRecord& run, const Scoring& scoring) {
  return run.result.bosProfile == scoring.bosProfile && run.result.maxLength == scoring.maxLength &&
         (run.calibration.empty() || run.calibration == scoring.calibration);
}

Knowledge learn(const RunsOf& runs, const FamilyRuns& family, CountingRule rule) {
  Knowledge known;
  const auto own = runs.find({family.family, family.scoring.source, family.scoring.itemLimit});
  if (own == runs.end()) return known;
  for (const RunRecord* record : own->second) {
    const RunRecord& run = *record;
    const std::string label = labelOf(run);
    // Sizes are those of all runs; how long one took and why one failed is said of these cells.
    const bool alike = scoredAlike(run, family.scoring);
    if (run.status != RunStatus::Done) {
      const char* end = run.status == RunStatus::Stopped ? "stopped" : "failed";
      if (alike) known.failures[{run.model, label}] = fmt::format("{} before: {}", end, run.error);
      continue;
    }
    if (!(run.parameters > 0)) continue;
    Knowledge::Model& model = known.models[run.model];
    model.parameters = run.parameters;
    model.linearParameters = run.linearParameters;
    known.bitsPerParameter[label] = run.bitsPerParameter;
    known.width[label] = run.bits;
    const double bits = run.modelBits.at(rule);
    if (bits > 0) known.bits[label][run.parameters] = bits;
    if (run.modelBits.checkpointBytes > 0) {
      known.checkpoint[label][run.parameters] = run.modelBits.checkpointBytes;
    }
    if (alike && run.seconds > 0) known.seconds[{run.model, label}] += run.seconds;
  }
  return known;
}

/// Names of a family's sets but for their items, which titles have anyway.
void nameSets(std::vector<FamilyRuns>& groups) {
  const auto withoutItems = [](Scoring s) {
    s.itemLimit = 0;
    return s;
  };
  std::map<std::pair<std::string, std::string>, std::vector<Scoring>> families;
  for (const FamilyRuns& g : groups) {
    families[{g.scoring.source, g.family}].push_back(withoutItems(g.scoring));
  }
  for (FamilyRuns& g : groups) {
    const auto names = nameScorings(families.at({g.scoring.source, g.family}));
    g.distinction = names.at(withoutItems(g.scoring)).difference;
  }
}

/// Sets of which a family has nothing that is calibrated repeat what its others have.
void markRepeats(std::vector<FamilyRuns>& groups) {
  std::map<std::pair<std::string, Scoring>, std::vector<FamilyRuns*>> alike;
  for (FamilyRuns& g : groups) {
    Scoring scoring = g.scoring;
    scoring.calibration.clear();
    alike[{g.family, scoring}].push_back(&g);
  }
  for (auto& [key, sets] : alike) {
    const FamilyRuns* largest =
        *std::max_element(sets.begin(), sets.end(), [](const FamilyRuns* a, const FamilyRuns* b) {
          return a->points.size() < b->points.size();
        });
    for (FamilyRuns* g : sets) {
      const bool own = std::any_of(g->points.begin(), g->points.end(),
                                   [](const LawPoint& p) { return !p.calibration.empty(); });
      g->repeats = !own && g != largest;
    }
  }
}

/// The comparable sets of all points, by source and family.
std::vector<FamilyRuns> divide(std::span<const LawPoint> points, LawMetric metric) {
  std::map<std::tuple<std::string, std::string, std::size_t>, FamilyRuns> groups;
  const std::vector<ComparableSet> sets = comparableSets(points, metric);
  for (std::size_t s = 0; s < sets.size(); ++s) {
    for (const std::size_t i : sets[s].points) {
      FamilyRuns& group = groups[{sets[s].scoring.source, points[i].family, s}];
      group.family = points[i].family;
      group.scoring = sets[s].scoring;
      group.set = s;
      group.setTitle = sets[s].name.title;
      group.points.push_back(points[i]);
    }
  }
  std::vector<FamilyRuns> all;
  for (auto& [key, group] : groups) all.push_back(std::move(group));
  nameSets(all);
  markRepeats(all);
  return all;
}

/// The paired outcomes of its points, or why there are none.
void addOutcomes(FamilyRuns& group, const RunStore& store, LawMetric metric) {
  if (metric == LawMetric::Accuracy && group.points.size() > kMostPaired) {
    group.unpaired = fmt::format("{} points are more than the {} whose outcomes are paired",
                                 group.points.size(), kMostPaired);
  } else if (metric == LawMetric::Accuracy) {
    PointOutcomes outcomes = readOutcomes(store, group.points);
    group.unpaired = outcomes.problem;
    if (outcomes.items) {
      group.covariance = outcomes.items->covariance();
      group.items = std::move(outcomes.items);
    }
  } else {
    group.unpaired = "cross-entropies have no outcomes of items";
  }
}

/// Takes away cells that were run but are not among the points, and models and configurations
/// without any point.
void keepAskedCells(FamilyRuns& family,
                    const std::set<std::pair<std::string, std::string>>& aside) {
  std::set<std::string> models, configs;
  for (const FamilyCell& cell : family.cells) {
    if (!cell.point) continue;
    models.insert(cell.model);
    configs.insert(cell.config);
  }
  std::erase_if(family.cells, [&](const FamilyCell& cell) {
    return !models.contains(cell.model) || !configs.contains(cell.config) ||
           (!cell.point && aside.contains({cell.model, cell.config}));
  });
}

}  // namespace

std::string FamilyRuns::title() const {
  std::string text = family;
  if (!scoring.source.empty()) text += fmt::format(" ({})", scoring.source);
  if (scoring.itemLimit > 0) text += fmt::format(", {} items a task", scoring.itemLimit);
  if (!distinction.empty()) text += ", " + distinction;
  return text;
}

std::vector<FamilyRuns> familyRuns(const RunStore& store, const RunFilter& filter, LawMetric metric,
                                   const JobContext& job, const PointChoice& keep) {
  // Completeness is judged before the other lists, as in RunStore::points.
  const auto peers = store.peersOf(filter);
  const std::vector<RunRecord>& runs = *peers;
  std::map<std::int64_t, const RunRecord*> byId;
  for (const RunRecord& run : runs) byId[run.id] = &run;
  std::vector<LawPoint> points = aggregatePoints(runs, filter);
  std::set<std::pair<std::string, std::string>> aside;
  if (keep) {
    std::erase_if(points, [&](const LawPoint& point) {
      if (keep(point)) return false;
      aside.emplace(point.model, seriesLabel(point, SeriesKey::Config));
      return true;
    });
  }
  std::vector<FamilyRuns> groups = divide(points, metric);
  for (FamilyRuns& group : groups) {
    std::set<std::string> tasks;  // the same for all points of the group
    for (const LawPoint& point : group.points) {
      for (const std::int64_t id : point.runIds) {
        const RunRecord& run = *byId.at(id);
        if (run.result.isText() == (metric == LawMetric::CrossEntropy)) {
          tasks.insert(run.result.task);
        }
        if (!run.modelPath.empty()) group.modelPaths[run.model] = run.modelPath;
      }
    }
    group.tasks.assign(tasks.begin(), tasks.end());
  }
  RunsOf chosen;
  for (const RunRecord& run : runs) {
    if (!matches(run, filter)) continue;
    chosen[{run.family, run.source, run.result.itemLimit}].push_back(&run);
  }
  for (FamilyRuns& group : groups) {
    job.throwIfCancelled();
    makeCells(group, learn(chosen, group, filter.rule), filter.rule);
    if (keep) keepAskedCells(group, aside);
    for (FamilyCell& cell : group.cells) {
      if (!cell.point) continue;
      double sum = 0;
      for (const std::int64_t id : group.points[*cell.point].runIds) {
        const double seconds = byId.at(id)->seconds;
        sum += seconds > 0 ? seconds : kAbsent;
      }
      if (sum > 0) cell.measuredSeconds = sum;
    }
    addOutcomes(group, store, metric);
  }
  return groups;
}

std::vector<FamilyRuns> familyRunsOf(const RunStore& store, std::span<const LawPoint> points,
                                     LawMetric metric, const JobContext& job) {
  std::vector<FamilyRuns> groups = divide(points, metric);
  for (FamilyRuns& group : groups) {
    job.throwIfCancelled();
    addOutcomes(group, store, metric);
  }
  return groups;
}

DecisionProblem decisionOf(const FamilyRuns& family, LawMetric metric, std::vector<double> costs,
                           std::vector<double> budgets) {
  DecisionProblem problem;
  problem.points = family.points;
  problem.law.metric = metric;
  problem.law.covariance = family.covariance;
  problem.costs = std::move(costs);
  problem.budgets = std::move(budgets);
  const PointErrors errors = pointErrors(family.points, metric);
  if (metric == LawMetric::CrossEntropy) problem.stopRegret = 0.005;
  for (const FamilyCell& cell : family.cells) {
    DecisionCell out;
    out.model = cell.model;
    out.format = cell.config;
    out.size = cell.parameters;
    out.bits = cell.bits;
    out.point = cell.point;
    if (cell.point) {
      out.value = metricOf(family.points[*cell.point], metric);
      out.se = errors.values[*cell.point];
    }
    problem.cells.push_back(std::move(out));
    problem.minutes.push_back(cell.seconds / 60);
  }
  return problem;
}

}  // namespace bitfrontier
