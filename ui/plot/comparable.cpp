// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/comparable.h"

#include <algorithm>
#include <map>
#include <QCoreApplication>
#include <set>
#include <tuple>

#include "ui/base/text.h"

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(ComparableSet)
};

/// How a point was scored.
struct Scoring {
  std::string source, tasks, evaluator, bosProfile;
  std::int64_t itemLimit = 0, maxLength = 0;
  int taskCount = 0;
  auto tie() const {
    return std::tie(source, tasks, evaluator, bosProfile, itemLimit, maxLength, taskCount);
  }
  bool operator<(const Scoring& other) const { return tie() < other.tie(); }
};

Scoring scoringOf(const LawPoint& p, LawMetric metric, const StoreFacts& facts) {
  Scoring s;
  s.source = p.source;
  s.tasks = metric == LawMetric::Accuracy ? p.tasks : p.textTasks;
  if (s.tasks.empty()) {
    for (const std::string& task : facts.tasksOf(p, metric)) {
      s.tasks += (s.tasks.empty() ? "" : ", ") + task;
    }
  }
  s.evaluator = p.evaluator;
  s.bosProfile = p.bosProfile;
  s.itemLimit = p.itemLimit;
  s.maxLength = p.maxLength;
  if (metric == LawMetric::Accuracy) s.taskCount = p.accuracyTasks;
  return s;
}

QString tasksText(const std::string& tasks, int count, bool byName) {
  if (byName) return Text::from(tasks).left(40);
  const auto names = static_cast<std::size_t>(std::count(tasks.begin(), tasks.end(), ',') + 1);
  return Text::amount(tasks.empty() ? static_cast<std::size_t>(count) : names, Tr::tr("task"),
                      Tr::tr("tasks"));
}

/// What the sets of one source differ in, in words.
class Namer {
 public:
  void add(const Scoring& s) {
    tasks_.insert(s.tasks);
    counts_.insert(tasksText(s.tasks, s.taskCount, false));
    limits_.insert(s.itemLimit);
    profiles_.insert(s.bosProfile);
    lengths_.insert(s.maxLength);
    evaluators_.insert(s.evaluator);
  }
  QString name(const Scoring& s) const {
    QStringList parts;
    if (limits_.size() > 1) {
      parts << (s.itemLimit > 0 ? Tr::tr("%1 items each").arg(s.itemLimit) : Tr::tr("all items"));
    }
    if (counts_.size() > 1 || tasks_.size() > 1) {
      parts << tasksText(s.tasks, s.taskCount, counts_.size() < tasks_.size());
    }
    if (profiles_.size() > 1) {
      parts << (s.bosProfile.empty() ? Tr::tr("first token not known")
                                     : Tr::tr("first token: %1").arg(Text::from(s.bosProfile)));
    }
    if (lengths_.size() > 1) {
      parts << (s.maxLength > 0 ? Tr::tr("at most %1 tokens").arg(s.maxLength)
                                : Tr::tr("any length"));
    }
    if (evaluators_.size() > 1) {
      parts << (s.evaluator.empty() ? Tr::tr("evaluator not known")
                                    : Tr::tr("evaluator %1").arg(Text::from(s.evaluator)));
    }
    return parts.join(QStringLiteral(", "));
  }

 private:
  std::set<std::string> tasks_, profiles_, evaluators_;
  std::set<QString> counts_;
  std::set<std::int64_t> limits_, lengths_;
};

}  // namespace

std::vector<ComparableSet> figure::comparableSets(std::span<const LawPoint> points,
                                                  std::span<const int> members, LawMetric metric,
                                                  const StoreFacts& facts) {
  std::map<Scoring, std::vector<int>> byScoring;
  for (const int i : members) {
    byScoring[scoringOf(points[static_cast<std::size_t>(i)], metric, facts)].push_back(i);
  }
  std::map<std::string, Namer> namers;
  for (const auto& [scoring, indices] : byScoring) namers[scoring.source].add(scoring);
  std::vector<ComparableSet> sets;
  for (auto& [scoring, indices] : byScoring) {
    sets.push_back({scoring.source, namers.at(scoring.source).name(scoring), std::move(indices)});
  }
  std::stable_sort(sets.begin(), sets.end(), [](const ComparableSet& a, const ComparableSet& b) {
    if (a.source != b.source) return a.source < b.source;
    return a.points.size() > b.points.size();
  });
  return sets;
}

}  // namespace bitfrontier
