// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/fit/point_selection.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace bitfrontier {
namespace {

/// Why the point's numbers are impossible; empty when they are not.
std::string whyBad(const JointDraft& d, const LawPoint& p) {
  const double value = metricOf(p, d.options.metric), se = metricSeOf(p, d.options.metric);
  const bool inRange = d.options.metric == LawMetric::Accuracy ? value >= 0 && value <= 1
                                                               : std::isfinite(value) && value > 0;
  if (!inRange) {
    return fmt::format("{} of {} is {}", lawMetricName(d.options.metric), pointName(p), value);
  }
  const bool bySize = d.axis == LawAxis::Parameters;
  if (!positive(d.sizeOf(p))) {
    return bySize ? fmt::format("{} has {} parameters", pointName(p), p.parameters)
                  : fmt::format("{} has {} total bits", pointName(p), p.totalBits);
  }
  if (bySize && !std::isnan(p.totalBits) && !positive(p.totalBits)) {
    return fmt::format("{} has {} total bits", pointName(p), p.totalBits);
  }
  if (!std::isnan(se) && (!std::isfinite(se) || se < 0)) {
    return fmt::format("the standard error of {} is {}", pointName(p), se);
  }
  return {};
}

/// Whether the point is the same configuration as an earlier one and counts no second time; what is
/// contradictory is refused.
bool repeats(JointDraft& d, const LawPoint& first, const LawPoint& p) {
  const double other = metricOf(first, d.options.metric), value = metricOf(p, d.options.metric);
  if (other == value && first.totalBits == p.totalBits) {
    d.say(RemarkCode::Duplicates, fmt::format("{} is there twice and counts once", pointName(p)));
    return true;
  }
  if (std::abs(first.totalBits / p.totalBits - 1) > 1e-6) {
    d.refuse(RemarkCode::ContradictorySizes,
             fmt::format("{} is there with {:.0f} and {:.0f} total bits", pointName(p),
                         first.totalBits, p.totalBits));
  }
  d.say(RemarkCode::Duplicates,
        fmt::format("{} is there twice, with {} {:.4g} and {:.4g}; both count", pointName(p),
                    lawMetricName(d.options.metric), other, value));
  return false;
}

/// Points with possible numbers, each configuration once.
void selectUsable(JointDraft& d) {
  int absent = 0;
  std::vector<std::string> bad;
  std::map<std::tuple<std::string, std::string, std::string, std::int64_t>, std::size_t> seen;
  std::map<std::string, double> sizes;
  for (std::size_t i = 0; i < d.points.size(); ++i) {
    const LawPoint& p = d.points[i];
    const double value = metricOf(p, d.options.metric);
    if (std::isnan(value)) {
      ++absent;
      continue;
    }
    if (std::string why = whyBad(d, p); !why.empty()) {
      bad.push_back(std::move(why));
      continue;
    }
    if (positive(p.parameters)) {
      const auto [it, added] = sizes.emplace(p.model, p.parameters);
      if (!added && std::abs(it->second / p.parameters - 1) > 1e-6) {
        d.refuse(RemarkCode::ContradictorySizes,
                 fmt::format("model {} has {:.0f} and {:.0f} parameters", p.model, it->second,
                             p.parameters));
      }
    }
    const auto [it, added] = seen.emplace(std::tuple{p.model, p.config, p.method, p.itemLimit}, i);
    if (!added && repeats(d, d.points[it->second], p)) continue;
    d.used.push_back(i);
  }
  if (absent > 0 && absent < static_cast<int>(d.points.size())) {
    d.say(RemarkCode::AbsentValues, fmt::format("{} of {} points have no {}", absent,
                                                d.points.size(), lawMetricName(d.options.metric)));
  }
  if (!bad.empty()) {
    d.say(RemarkCode::BadValues,
          fmt::format("left out: {}{}", bad[0],
                      bad.size() > 1 ? fmt::format(" and {} more like it", bad.size() - 1) : ""));
  }
  if (d.used.empty()) {
    d.refuse(RemarkCode::TooFewPoints,
             fmt::format("no point has a usable {}", lawMetricName(d.options.metric)));
  }
}

template <typename Get>
std::set<std::string> distinct(const JointDraft& d, Get get) {
  std::set<std::string> all;
  for (const std::size_t i : d.used) all.insert(get(d.points[i]));
  return all;
}

std::string listed(const std::set<std::string>& names) {
  std::string text;
  int n = 0;
  for (const std::string& name : names) {
    if (++n > 3) return text + ", ...";
    text += (n > 1 ? ", " : "") + (name.empty() ? std::string("measured here") : name);
  }
  return text;
}

/// Training tokens: which models have them, and whether the law can do without.
void checkTokens(JointDraft& d) {
  double tokens = 0;
  std::set<double> tokenCounts;
  for (const std::size_t i : d.used) {
    const auto it = d.options.trainingTokens.find(d.points[i].model);
    if (it == d.options.trainingTokens.end()) continue;
    if (!positive(it->second)) {
      d.refuse(RemarkCode::BadValues,
               fmt::format("model {} has {} training tokens", it->first, it->second));
    }
    tokens += 1;
    tokenCounts.insert(it->second);
  }
  d.data.context.hasTokens = tokens == static_cast<double>(d.used.size());
  if (tokens > 0 && d.info.needsTokens && tokens < static_cast<double>(d.used.size())) {
    d.refuse(RemarkCode::MissingVariable,
             fmt::format("the law {} needs the training tokens of every model", d.info.name));
  }
  if (!d.info.needsTokens && !d.info.usesTokens && tokenCounts.size() > 1) {
    d.say(RemarkCode::DifferentTokens,
          fmt::format("sizes were trained on different numbers of tokens ({:.3g} to {:.3g}), so "
                      "size and data are confounded; a law L(N, D) separates them",
                      *tokenCounts.begin(), *tokenCounts.rbegin()));
  }
  if (d.info.needsTokens && tokens == 0) {
    d.refuse(RemarkCode::MissingVariable,
             fmt::format("the law {} needs the training tokens of every model", d.info.name));
  }
}

void checkUnity(JointDraft& d) {
  const auto families = distinct(d, [](const LawPoint& p) { return p.family; });
  if (families.size() > 1) {
    d.refuse(RemarkCode::MixedFamilies,
             fmt::format("points of {} families ({}): one law holds for one family",
                         families.size(), listed(families)));
  }
  const auto sources = distinct(d, [](const LawPoint& p) { return p.source; });
  if (sources.size() > 1) {
    d.refuse(RemarkCode::MixedSources,
             fmt::format("points of {} sources ({}) were not scored alike and are not pooled",
                         sources.size(), listed(sources)));
  }
  const auto evaluators = distinct(d, [](const LawPoint& p) { return p.evaluator; });
  if (evaluators.size() > 1 && sources.size() == 1 && sources.begin()->empty()) {
    d.refuse(RemarkCode::MixedSources,
             fmt::format("points of {} evaluator versions ({}) were not scored alike and are not "
                         "pooled",
                         evaluators.size(), listed(evaluators)));
  }
  const auto tasks = distinct(d, [&d](const LawPoint& p) { return tasksOf(p, d.options.metric); });
  if (tasks.size() > 1) {
    d.refuse(RemarkCode::MixedSources,
             fmt::format("points of {} sets of tasks ({}) were not scored alike and are not pooled",
                         tasks.size(), fmt::join(tasks, "; ")));
  }
  d.data.family = *families.begin();
  d.data.source = *sources.begin();
  std::set<std::int64_t> limits;
  for (const std::size_t i : d.used) limits.insert(d.points[i].itemLimit);
  d.sameItems = limits.size() == 1;
}

/// What each point is uncertain by: its own error, that of its outcomes, or an assumed one.
void findErrors(JointDraft& d) {
  std::vector<LawPoint> all(d.points.begin(), d.points.end());
  std::set<std::size_t> used(d.used.begin(), d.used.end());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (used.contains(i)) {
      if (d.paired() && !(metricSeOf(all[i], d.options.metric) > 0)) {
        all[i].accuracySe = std::sqrt(d.options.covariance->at(i, i));
      }
    } else {
      all[i].accuracy = all[i].crossEntropy = LawPoint::kAbsent;
    }
  }
  d.errors = pointErrors(all, d.options.metric);
}

/// Within two standard errors of guessing; nothing right is, however many items there were.
bool atChance(const JointDraft& d, std::size_t i) {
  const LawPoint& p = d.points[i];
  const double se = std::isfinite(d.errors.values[i]) ? d.errors.values[i] : 0;
  return p.accuracy < p.chance + 2 * se || p.accuracy <= p.chance;
}

/// Formats that guess, and single points that do.
void dropChance(JointDraft& d) {
  if (d.options.metric != LawMetric::Accuracy) return;
  std::map<std::string, std::pair<int, int>> byFormat;  // at chance, all
  for (const std::size_t i : d.used) {
    auto& [at, all] = byFormat[seriesLabel(d.points[i], d.key)];
    at += atChance(d, i) ? 1 : 0;
    ++all;
  }
  std::set<std::string> guessing;
  for (const auto& [name, counts] : byFormat) {
    if (2 * counts.first < counts.second || counts.first == 0) continue;
    guessing.insert(name);
    d.say(RemarkCode::AtChance,
          fmt::format("{} is at chance ({} of {} points within 2 standard errors of guessing) and "
                      "left out of the law",
                      name, counts.first, counts.second));
  }
  std::vector<std::size_t> kept;
  std::vector<std::string> near;
  for (const std::size_t i : d.used) {
    if (guessing.contains(seriesLabel(d.points[i], d.key))) continue;
    if (!d.info.modelsChance && atChance(d, i)) {
      near.push_back(pointName(d.points[i]));
      continue;
    }
    kept.push_back(i);
  }
  if (!near.empty()) {
    d.say(RemarkCode::NearChance,
          fmt::format("{}{} within 2 standard errors of guessing says nothing about the law and is "
                      "left out",
                      near[0],
                      near.size() > 1 ? fmt::format(" (and {} more points)", near.size() - 1)
                                      : std::string()));
  }
  d.used = kept;
  if (d.used.empty()) {
    d.refuse(RemarkCode::AtChance, "all points are at chance: there is nothing to fit");
  }
}

}  // namespace

void selectPoints(JointDraft& draft) {
  selectUsable(draft);
  if (!draft.used.empty()) {
    checkUnity(draft);
    checkTokens(draft);
  }
  findErrors(draft);
  if (!draft.data.refused) dropChance(draft);
}

}  // namespace bitfrontier
