// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/law_groups.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "core/base/error.h"
#include "core/law/data/comparable_set.h"

namespace bitfrontier {
namespace {

/// "OPT (200 items): first token: nobos"; the number of items is said once.
std::string titleOf(const std::string& family, std::int64_t itemLimit, std::string difference) {
  std::string title = family;
  if (itemLimit > 0) title += fmt::format(" ({} items)", itemLimit);
  for (const std::string& items :
       {fmt::format("{} items each", itemLimit), std::string("all items")}) {
    if (!difference.starts_with(items)) continue;
    difference.erase(0, items.size());
    if (difference.starts_with(", ")) difference.erase(0, 2);
  }
  if (!difference.empty()) title += ": " + difference;
  return title;
}

std::set<std::string> labelsOf(std::span<const LawPoint> points, SeriesKey key) {
  std::set<std::string> labels;
  for (const LawPoint& p : points) labels.insert(seriesLabel(p, key));
  return labels;
}

/// "fp16, int4"; with "; " where a name has a comma of its own.
std::string listOf(const std::set<std::string>& labels) {
  const bool commas = std::any_of(labels.begin(), labels.end(), [](const std::string& label) {
    return label.find(',') != std::string::npos;
  });
  return fmt::format("{}", fmt::join(labels, commas ? "; " : ", "));
}

/// The formats that a word of --without names. A name may have commas of its own ("4 bit, gptq"),
/// so the longest name that is there wins. Throws NotFound for one that is not there.
std::vector<std::string> namedFormats(std::string_view word, const std::set<std::string>& labels) {
  std::vector<std::string> names;
  while (!word.empty()) {
    std::size_t end = word.size();
    while (!labels.contains(std::string(word.substr(0, end)))) {
      const std::size_t comma = word.substr(0, end).rfind(',');
      if (comma == std::string_view::npos) {
        throw Error(ErrorKind::NotFound,
                    fmt::format("--without {}: there is no such format, but {}",
                                word.substr(0, end), listOf(labels)));
      }
      end = comma;
    }
    names.emplace_back(word.substr(0, end));
    word.remove_prefix(std::min(end + 1, word.size()));
    while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
  }
  return names;
}

}  // namespace

std::vector<LawGroup> familyGroups(std::span<const LawPoint> points, LawMetric metric) {
  // By family first, so that a title says only in what sets of one family differ.
  std::map<std::pair<std::string, std::string>, std::vector<LawPoint>> families;
  for (const LawPoint& p : points) families[{p.source, p.family}].push_back(p);
  std::vector<LawGroup> groups;
  for (const auto& [key, own] : families) {
    const std::vector<ComparableSet> sets = comparableSets(own, metric);
    for (const ComparableSet& set : sets) {
      const std::string& difference = set.name.difference;
      groups.push_back({titleOf(key.second, set.scoring.itemLimit, difference), key.second,
                        key.first, difference, set.of(own)});
    }
  }
  return groups;
}

std::vector<LawGroup> sourceGroups(std::span<const LawPoint> points, LawMetric metric) {
  std::vector<LawGroup> groups;
  for (const ComparableSet& set : comparableSets(points, metric)) {
    groups.push_back({titleOf("", set.scoring.itemLimit, set.name.difference), "",
                      set.scoring.source, set.name.difference, set.of(points)});
  }
  return groups;
}

std::vector<LawGroup> groupsFor(const LawForm& form, std::span<const LawPoint> points,
                                SeriesKey key, LawMetric metric) {
  std::vector<LawGroup> groups = familyGroups(points, metric);
  if (form.info().joint || form.info().needsCrossEntropy) return groups;
  std::vector<LawGroup> single;
  for (const LawGroup& group : groups) {
    for (LawSeries& s : makeSeries(group.points, key, metric)) {
      std::string title = s.family + " " + s.label;
      if (!group.difference.empty()) title += ", " + group.difference;
      single.push_back(
          {std::move(title), s.family, s.source, group.difference, std::move(s.points)});
    }
  }
  return single;
}

std::vector<LawPoint> withoutFormats(std::vector<LawPoint> points,
                                     std::span<const std::string> words, SeriesKey key) {
  const std::set<std::string> labels = labelsOf(points, key);
  for (const std::string& word : words) {
    for (const std::string& format : namedFormats(word, labels)) {
      std::erase_if(points, [&](const LawPoint& p) { return seriesLabel(p, key) == format; });
      if (points.empty()) {
        throw Error(ErrorKind::NotFound,
                    fmt::format("--without {}: it is the last format, nothing is left", format));
      }
    }
  }
  return points;
}

JointOptions pairedOptions(JointOptions options, std::span<const LawPoint> points,
                           const AnalysisInput& input, std::optional<ItemOutcomes>& items) {
  if (options.metric != LawMetric::Accuracy || !input.outcomes) return options;
  PointOutcomes outcomes = input.outcomes(points);
  items = std::move(outcomes.items);
  if (options.weighting != Weighting::Auto && options.weighting != Weighting::Paired) {
    return options;
  }
  if (items) {
    options.covariance = items->covariance();
  } else {
    options.unpairedBecause = outcomes.problem;
  }
  return options;
}

}  // namespace bitfrontier
