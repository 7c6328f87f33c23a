// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/comparisons.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <utility>

#include "core/advice/family_runs.h"
#include "core/base/error.h"
#include "core/law/data/item_resampling.h"
#include "core/store/outcomes.h"
#include "core/store/points.h"

namespace bitfrontier {
namespace {

constexpr Correction kCorrections[] = {Correction::Holm, Correction::BenjaminiHochberg,
                                       Correction::None};

std::string labelOf(const LawPoint& point) { return seriesLabel(point, SeriesKey::Config); }
std::string nameOf(const LawPoint& point) { return point.model + " " + labelOf(point); }

/// Points that were scored alike, and their outcomes when those of all can be paired.
struct Group {
  std::string title;
  std::vector<LawPoint> points;
  PointOutcomes outcomes;
};

/// The index of what each point is compared with; nothing for that one itself and for models that
/// do not have it.
std::vector<std::optional<std::size_t>> partners(const std::vector<LawPoint>& points,
                                                 const std::string& against) {
  using Model = std::pair<std::string, std::string>;  // family, model
  std::map<Model, std::size_t> ofModel;
  std::optional<std::size_t> ofAll;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Model model{points[i].family, points[i].model};
    if (against.empty()) {
      const auto [most, added] = ofModel.emplace(model, i);
      if (points[i].bits > points[most->second].bits) most->second = i;
    } else if (labelOf(points[i]) == against) {
      ofModel.emplace(model, i);
    } else if (!ofAll && nameOf(points[i]) == against) {
      ofAll = i;
    }
  }
  std::vector<std::optional<std::size_t>> partner(points.size(), ofAll);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto own = ofModel.find({points[i].family, points[i].model});
    if (own != ofModel.end()) partner[i] = own->second;
    if (partner[i] == i) partner[i].reset();
  }
  return partner;
}

class Comparer {
 public:
  Comparer(const RunStore& store, const CompareOptions& options)
      : store_(store), options_(options) {}

  StoreComparisons compare(const Group& group, const JobContext& job) {
    StoreComparisons result;
    result.title = group.title;
    result.correction = options_.correction;
    result.level = options_.level;
    std::map<std::string, std::size_t> problems;
    const auto partner = partners(group.points, options_.against);
    std::vector<float> resampled;
    if (group.outcomes.items) {
      resampled = resampleAccuracies(*group.outcomes.items, options_.replicates, options_.seed,
                                     ItemWeights::Multinomial, options_.threads, job);
    }
    for (std::size_t i = 0; i < group.points.size(); ++i) {
      const std::optional<std::size_t> against = partner[i];
      if (!against) continue;
      job.throwIfCancelled();
      std::string problem;
      const std::optional<PairedTest> test = testOf(group, resampled, *against, i, problem);
      if (test) {
        result.rows.push_back({group.points[i], group.points[*against], *test});
      } else {
        ++problems[problem];
      }
    }
    for (const auto& [problem, count] : problems) {
      result.notes.push_back(count == 1 ? fmt::format("not compared: {}", problem)
                                        : fmt::format("{} not compared: {}", count, problem));
    }
    judge(result);
    return result;
  }

 private:
  /// `resampled` are the accuracies of the group's points when all can be paired.
  std::optional<PairedTest> testOf(const Group& group, std::span<const float> resampled,
                                   std::size_t against, std::size_t point,
                                   std::string& problem) const {
    if (group.outcomes.items) {
      PairedTest test = comparePaired(*group.outcomes.items, against, point);
      addBootstrap(test, resampled, group.points.size(), against, point, options_.level);
      return test;
    }
    // Some point of the group does not go with the others; these two may go together.
    const LawPoint pair[] = {group.points[against], group.points[point]};
    const PointOutcomes own = readOutcomes(store_, pair);
    if (own.items) {
      return comparePaired(*own.items, 0, 1, options_.replicates, options_.seed, options_.level);
    }
    problem = own.problem;
    return std::nullopt;
  }

  void judge(StoreComparisons& result) const {
    std::vector<double> p;
    p.reserve(result.rows.size());
    for (const PointComparison& row : result.rows) p.push_back(row.test.pMid);
    p = adjusted(std::move(p), options_.correction);
    for (std::size_t i = 0; i < p.size(); ++i) {
      PairedTest& test = result.rows[i].test;
      test.pAdjusted = p[i];
      PairVerdict& verdict = result.rows[i].verdict;
      if (test.tie) {
        verdict = PairVerdict::Tie;
      } else if (p[i] < 1 - options_.level) {
        // Items of all tasks together and the mean over tasks have to agree.
        if (test.onlySecond > test.onlyFirst && test.difference > 0) verdict = PairVerdict::Better;
        if (test.onlySecond < test.onlyFirst && test.difference < 0) verdict = PairVerdict::Worse;
      }
    }
  }

  const RunStore& store_;
  const CompareOptions& options_;
};

/// Throws NotFound when the option names neither a configuration nor a point.
void checkAgainst(const std::map<std::size_t, Group>& groups, const std::string& against) {
  if (against.empty()) return;
  std::set<std::string> labels;
  for (const auto& [set, group] : groups) {
    for (const LawPoint& p : group.points) {
      if (nameOf(p) == against) return;
      labels.insert(labelOf(p));
    }
  }
  if (labels.contains(against)) return;
  throw Error(ErrorKind::NotFound,
              fmt::format("there is no configuration and no model with a configuration \"{}\"; "
                          "configurations are {}",
                          against, fmt::join(labels, ", ")));
}

std::map<std::size_t, Group> groupsOf(const RunStore& store, const RunFilter& filter,
                                      const PointChoice& keep) {
  std::map<std::size_t, Group> groups;
  for (const FamilyRuns& family : familyRuns(store, filter, LawMetric::Accuracy, {}, keep)) {
    Group& group = groups[family.set];
    group.title = family.setTitle;
    group.points.insert(group.points.end(), family.points.begin(), family.points.end());
  }
  for (auto& [set, group] : groups) {
    std::stable_sort(group.points.begin(), group.points.end(),
                     [](const LawPoint& a, const LawPoint& b) {
                       return std::tie(a.family, a.parameters, a.model, b.bits) <
                              std::tie(b.family, b.parameters, b.model, a.bits);
                     });
    group.outcomes = readOutcomes(store, group.points);
  }
  return groups;
}

/// Points that have no partner because the others of their model were scored differently: said
/// where these are.
void noteScoredDifferently(const std::map<std::size_t, Group>& groups, const std::string& against,
                           std::vector<StoreComparisons>& all) {
  std::map<std::pair<std::size_t, std::string>, std::vector<std::string>> lonely;
  for (const auto& [set, group] : groups) {
    const auto partner = partners(group.points, against);
    std::set<std::size_t> used;
    for (const auto& p : partner) {
      if (p) used.insert(*p);
    }
    for (std::size_t i = 0; i < group.points.size(); ++i) {
      if (partner[i] || used.contains(i)) continue;
      std::size_t place = 0;
      for (const auto& [otherSet, other] : groups) {
        const bool has = std::any_of(other.points.begin(), other.points.end(), [&](const auto& p) {
          return p.family == group.points[i].family && p.model == group.points[i].model;
        });
        if (has && otherSet != set && !all[place].rows.empty()) {
          lonely[{place, group.title}].push_back(nameOf(group.points[i]));
          break;
        }
        ++place;
      }
    }
  }
  for (const auto& [where, names] : lonely) {
    all[where.first].notes.push_back(
        names.size() == 1
            ? fmt::format("not compared: {} was scored differently ({})", names[0], where.second)
            : fmt::format("{} not compared: scored differently ({})", names.size(), where.second));
  }
}

}  // namespace

std::string_view correctionName(Correction correction) {
  switch (correction) {
    case Correction::Holm:
      return "holm";
    case Correction::BenjaminiHochberg:
      return "bh";
    case Correction::None:
      return "none";
  }
  return "none";
}

Correction parseCorrection(std::string_view name) {
  for (const Correction correction : kCorrections) {
    if (correctionName(correction) == name) return correction;
  }
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("p values are adjusted by holm, bh (Benjamini and Hochberg) or none, not "
                          "\"{}\"",
                          name));
}

std::vector<double> adjusted(std::vector<double> p, Correction correction) {
  if (correction == Correction::Holm) return adjustHolm(p);
  if (correction == Correction::BenjaminiHochberg) return adjustBenjaminiHochberg(p);
  return p;
}

std::string_view pairVerdictName(PairVerdict verdict) {
  switch (verdict) {
    case PairVerdict::Better:
      return "better";
    case PairVerdict::Worse:
      return "worse";
    case PairVerdict::Tie:
      return "tie";
    case PairVerdict::NotToldApart:
      return "not told apart";
  }
  return "not told apart";
}

std::size_t StoreComparisons::count(PairVerdict verdict) const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(),
                    [&](const PointComparison& row) { return row.verdict == verdict; }));
}

std::vector<StoreComparisons> storeComparisons(const RunStore& store, const RunFilter& filter,
                                               const CompareOptions& options,
                                               const JobContext& job) {
  const std::map<std::size_t, Group> groups = groupsOf(store, filter, options.keep);
  if (groups.empty()) throw noPoints(store, filter, lawMetricName(LawMetric::Accuracy));
  checkAgainst(groups, options.against);
  std::vector<StoreComparisons> all;
  Comparer comparer(store, options);
  bool any = false;
  for (const auto& [set, group] : groups) {
    all.push_back(comparer.compare(group, job));
    any = any || !all.back().rows.empty();
  }
  noteScoredDifferently(groups, options.against, all);
  if (!any) {
    for (const StoreComparisons& one : all) {
      if (!one.notes.empty()) throw Error(ErrorKind::Unsupported, one.notes.front());
    }
    throw Error(ErrorKind::NotFound, "no model has two configurations to compare");
  }
  return all;
}

nlohmann::ordered_json comparisonsToJson(const StoreComparisons& comparisons) {
  using Json = nlohmann::ordered_json;
  const auto number = [](double v) { return std::isfinite(v) ? Json(v) : Json(nullptr); };
  Json rows = Json::array();
  for (const PointComparison& row : comparisons.rows) {
    const PairedTest& t = row.test;
    rows.push_back({{"model", row.point.model},
                    {"config", labelOf(row.point)},
                    {"accuracy", row.point.accuracy},
                    {"against_model", row.against.model},
                    {"against_config", labelOf(row.against)},
                    {"against_accuracy", row.against.accuracy},
                    {"items", t.items},
                    {"difference", t.difference},
                    {"se", t.se},
                    {"lower", number(t.lower)},
                    {"upper", number(t.upper)},
                    {"only_this_right", t.onlySecond},
                    {"only_against_right", t.onlyFirst},
                    {"p_exact", t.pExact},
                    {"p_mid", t.pMid},
                    {"p_bootstrap", number(t.pBootstrap)},
                    {"p_adjusted", t.pAdjusted},
                    {"verdict", pairVerdictName(row.verdict)}});
  }
  return {{"title", comparisons.title},
          {"correction", correctionName(comparisons.correction)},
          {"level", comparisons.level},
          {"rows", rows},
          {"notes", comparisons.notes}};
}

}  // namespace bitfrontier
