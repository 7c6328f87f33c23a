// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/data/comparable_set.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace bitfrontier {
namespace {

std::vector<std::string> namesOf(const std::string& tasks) {
  std::vector<std::string> names;
  for (std::size_t at = 0; !tasks.empty();) {
    const std::size_t comma = tasks.find(", ", at);
    names.push_back(tasks.substr(at, comma - at));
    if (comma == std::string::npos) break;
    at = comma + 2;
  }
  return names;
}

std::string countText(std::size_t tasks) {
  return fmt::format("{} task{}", tasks, tasks == 1 ? "" : "s");
}

std::string itemsText(std::int64_t limit) {
  return limit > 0 ? fmt::format("{} items each", limit) : "all items";
}

std::vector<std::string> splitTexts(const std::string& texts) {
  std::vector<std::string> parts(1);
  for (const char c : texts) {
    if (c == '+') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

/// At most three of a list.
std::string fewOf(std::vector<std::string> names) {
  constexpr std::size_t kShown = 3;
  const bool more = names.size() > kShown;
  if (more) names.resize(kShown);
  return fmt::format("{}{}", fmt::join(names, ", "), more ? ", ..." : "");
}

/// The values that the scorings of one source have.
class Values {
 public:
  void add(const Scoring& s) {
    limits_.insert(s.itemLimit);
    profiles_.insert(s.bosProfile);
    lengths_.insert(s.maxLength);
    evaluators_.insert(s.evaluator);
    calibrations_.insert(s.calibration);
    tasks_[namesOf(s.tasks).size()].insert(s.tasks);
    texts_[s.tasks].insert(s.taskTexts);
  }

  std::string difference(const Scoring& s) const {
    std::vector<std::string> parts;
    if (limits_.size() > 1) parts.push_back(itemsText(s.itemLimit));
    if (tasks_.size() > 1 && !sameCount(s)) {
      parts.push_back(countText(namesOf(s.tasks).size()));
    }
    addOthers(s, parts);
    return fmt::format("{}", fmt::join(parts, ", "));
  }

  std::string title(const Scoring& s) const {
    std::vector<std::string> parts{s.source.empty() ? "measured here" : s.source,
                                   countText(namesOf(s.tasks).size())};
    if (s.itemLimit > 0 || limits_.size() > 1) parts.push_back(itemsText(s.itemLimit));
    addOthers(s, parts);
    return fmt::format("{}", fmt::join(parts, ", "));
  }

 private:
  /// Others have as many tasks, but not these.
  bool sameCount(const Scoring& s) const { return tasks_.at(namesOf(s.tasks).size()).size() > 1; }

  /// All names where they are few, else those that not all others of as many tasks have.
  std::string tasksText(const Scoring& s) const {
    constexpr std::size_t kShort = 60;
    if (s.tasks.size() <= kShort) return "tasks " + s.tasks;
    std::vector<std::string> own = namesOf(s.tasks);
    const auto& others = tasks_.at(own.size());
    std::map<std::string, std::size_t> count;
    for (const std::string& tasks : others) {
      for (const std::string& name : namesOf(tasks)) ++count[name];
    }
    std::erase_if(own, [&](const std::string& name) { return count[name] == others.size(); });
    return "tasks with " + fewOf(std::move(own));
  }

  /// Of the tasks whose items differ: "items of piqa: 36fe4aae".
  std::string textsText(const Scoring& s) const {
    if (s.taskTexts.empty()) return "items not known";
    const std::vector<std::string> names = namesOf(s.tasks), own = splitTexts(s.taskTexts);
    if (names.size() != own.size()) return "items " + s.taskTexts;
    std::vector<std::string> differing;
    for (std::size_t i = 0; i < own.size(); ++i) {
      for (const std::string& other : texts_.at(s.tasks)) {
        const std::vector<std::string> texts = splitTexts(other);
        if (texts.size() != own.size() || texts[i] == own[i]) continue;
        differing.push_back(names[i] + " " + (own[i].empty() ? "not known" : own[i]));
        break;
      }
    }
    return differing.empty() ? "items " + s.taskTexts : "items of " + fewOf(std::move(differing));
  }

  /// What is neither the number of tasks nor that of items.
  void addOthers(const Scoring& s, std::vector<std::string>& parts) const {
    if (sameCount(s)) parts.push_back(tasksText(s));
    if (profiles_.size() > 1) {
      parts.push_back(s.bosProfile.empty() ? "first token not known"
                                           : "first token: " + s.bosProfile);
    }
    if (lengths_.size() > 1) {
      parts.push_back(s.maxLength > 0 ? fmt::format("at most {} tokens", s.maxLength)
                                      : "any length");
    }
    if (evaluators_.size() > 1) {
      parts.push_back(s.evaluator.empty() ? "evaluator not known" : "evaluator " + s.evaluator);
    }
    if (texts_.at(s.tasks).size() > 1) parts.push_back(textsText(s));
    if (calibrations_.size() > 1) {
      parts.push_back(s.calibration.empty() ? "not calibrated" : "calibrated on " + s.calibration);
    }
  }

  std::set<std::int64_t> limits_, lengths_;
  std::set<std::string> profiles_, evaluators_, calibrations_;
  std::map<std::size_t, std::set<std::string>> tasks_;  // by their number
  std::map<std::string, std::set<std::string>> texts_;  // by the tasks
};

/// A text that is not known goes with the only one that is.
void adoptTexts(std::map<Scoring, std::vector<std::size_t>>& groups) {
  std::map<Scoring, std::set<std::string>> known;  // by all but the text
  const auto bare = [](Scoring s) {
    s.taskTexts.clear();
    return s;
  };
  for (const auto& [scoring, points] : groups) {
    if (!scoring.taskTexts.empty()) known[bare(scoring)].insert(scoring.taskTexts);
  }
  for (const auto& [scoring, texts] : known) {
    const auto unknown = groups.find(scoring);
    if (unknown == groups.end() || texts.size() != 1) continue;
    Scoring target = scoring;
    target.taskTexts = *texts.begin();
    auto& points = groups[target];
    points.insert(points.end(), unknown->second.begin(), unknown->second.end());
    groups.erase(unknown);
  }
}

/// What needs no calibration goes with each text of the others.
void spreadUncalibrated(std::map<Scoring, std::vector<std::size_t>>& groups) {
  std::map<Scoring, std::vector<Scoring>> texts;  // by all but the calibration
  for (const auto& [scoring, points] : groups) {
    if (scoring.calibration.empty()) continue;
    Scoring bare = scoring;
    bare.calibration.clear();
    texts[bare].push_back(scoring);
  }
  for (const auto& [bare, calibrated] : texts) {
    const auto plain = groups.find(bare);
    if (plain == groups.end()) continue;
    for (const Scoring& target : calibrated) {
      auto& points = groups[target];
      points.insert(points.end(), plain->second.begin(), plain->second.end());
    }
    groups.erase(plain);
  }
}

}  // namespace

Scoring scoringOf(const LawPoint& p, LawMetric metric) {
  const bool accuracy = metric == LawMetric::Accuracy;
  return {p.source,    p.evaluator,  tasksOf(p, metric), accuracy ? p.taskTexts : p.textTaskTexts,
          p.itemLimit, p.bosProfile, p.maxLength,        p.calibration};
}

std::map<Scoring, ScoringName> nameScorings(std::span<const Scoring> all) {
  std::map<std::string, Values> sources;
  for (const Scoring& s : all) sources[s.source].add(s);
  std::map<Scoring, ScoringName> names;
  std::map<std::pair<std::string, std::string>, std::vector<ScoringName*>> same;
  for (const Scoring& s : all) {
    const Values& values = sources.at(s.source);
    const auto [it, added] = names.emplace(s, ScoringName{values.difference(s), values.title(s)});
    if (added) same[{s.source, it->second.difference}].push_back(&it->second);
  }
  // Shortened lists of tasks may read the same: a number then tells them apart.
  for (const auto& [text, alike] : same) {
    for (std::size_t i = 0; alike.size() > 1 && i < alike.size(); ++i) {
      for (std::string* part : {&alike[i]->difference, &alike[i]->title}) {
        *part += fmt::format(" ({})", i + 1);
      }
    }
  }
  return names;
}

std::vector<LawPoint> ComparableSet::of(std::span<const LawPoint> all) const {
  std::vector<LawPoint> own;
  own.reserve(points.size());
  for (const std::size_t i : points) own.push_back(all[i]);
  return own;
}

std::vector<ComparableSet> comparableSets(std::span<const LawPoint> points, LawMetric metric) {
  std::map<Scoring, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (std::isfinite(metricOf(points[i], metric))) {
      groups[scoringOf(points[i], metric)].push_back(i);
    }
  }
  adoptTexts(groups);
  spreadUncalibrated(groups);
  std::vector<Scoring> all;
  for (const auto& [scoring, members] : groups) all.push_back(scoring);
  const std::map<Scoring, ScoringName> names = nameScorings(all);
  std::vector<ComparableSet> sets;
  for (auto& [scoring, members] : groups) {
    std::sort(members.begin(), members.end());
    sets.push_back({scoring, names.at(scoring), std::move(members)});
  }
  std::stable_sort(sets.begin(), sets.end(), [](const ComparableSet& a, const ComparableSet& b) {
    if (a.scoring.source != b.scoring.source) return a.scoring.source < b.scoring.source;
    return a.points.size() > b.points.size();
  });
  return sets;
}

}  // namespace bitfrontier
