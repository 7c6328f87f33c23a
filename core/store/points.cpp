// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/points.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "core/law/data/point_errors.h"

namespace bitfrontier {
namespace {

template <typename T>
bool allows(const std::vector<T>& list, const T& value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

/// Mean of independent estimates; NaN in any of them makes the result NaN.
struct Mean {
  double sum = 0;
  double variance = 0;
  int n = 0;

  void add(double value, double se = 0) {
    sum += value;
    variance += se * se;
    ++n;
  }
  double value() const { return n > 0 ? sum / n : LawPoint::kAbsent; }
  double se() const { return n > 0 ? std::sqrt(variance) / n : LawPoint::kAbsent; }
};

/// The error a task's accuracy counts with: the stored one, which is 0 at none and all right, or
/// that of its number of items.
double accuracyError(const TaskResult& r) {
  const bool stored = std::isfinite(r.accuracySe) && r.accuracySe > 0;
  return stored ? r.accuracySe : shareError(r.accuracy, static_cast<double>(r.items));
}

void appendName(std::string& names, const std::string& name) {
  names += (names.empty() ? "" : ", ") + name;
}

/// Which items a task had, for LawPoint::taskTexts: a whole hash says no more to people.
std::string textOf(const RunRecord& run, bool mixed) {
  constexpr std::size_t kShown = 8;
  std::string text = run.result.taskHash.substr(0, kShown);
  if (mixed) text += "@" + run.evaluatorVersion;
  return text;
}

std::string joinTexts(const std::vector<std::string>& texts) {
  const bool known = std::any_of(texts.begin(), texts.end(),
                                 [](const std::string& text) { return !text.empty(); });
  return known ? fmt::format("{}", fmt::join(texts, "+")) : std::string();
}

LawPoint makePoint(const std::map<std::string, const RunRecord*>& byTask, CountingRule rule) {
  // The identity fields are the same in all runs of the group; the newest run speaks for them.
  const RunRecord* newest = byTask.begin()->second;
  Mean accuracy, chance, crossEntropy, bitsPerByte;
  const bool mixed = std::any_of(byTask.begin(), byTask.end(), [&](const auto& entry) {
    return entry.second->evaluatorVersion != newest->evaluatorVersion;
  });
  std::vector<std::string> taskTexts, textTaskTexts;
  LawPoint point;
  point.evaluator = mixed ? "mixed" : newest->evaluatorVersion;
  for (const auto& [task, run] : byTask) {
    if (run->id > newest->id) newest = run;
    point.runIds.push_back(run->id);
    const TaskResult& r = run->result;
    if (r.isText()) {
      crossEntropy.add(r.crossEntropy, r.crossEntropySe);
      bitsPerByte.add(r.bitsPerByte);
      appendName(point.textTasks, task);
      textTaskTexts.push_back(textOf(*run, mixed));
    } else {
      accuracy.add(r.accuracy, accuracyError(r));
      chance.add(r.chance);
      appendName(point.tasks, task);
      taskTexts.push_back(textOf(*run, mixed));
    }
  }
  point.taskTexts = joinTexts(taskTexts);
  point.textTaskTexts = joinTexts(textTaskTexts);
  std::sort(point.runIds.begin(), point.runIds.end());
  point.model = newest->model;
  point.family = newest->family;
  point.config = newest->config;
  point.dataType = newest->dataType;
  point.bits = newest->bits;
  point.blockSize = newest->blockSize;
  point.method = newest->method;
  point.parameters = newest->parameters;
  point.totalBits = newest->modelBits.at(rule);
  point.accuracy = accuracy.value();
  point.accuracySe = accuracy.se();
  point.chance = chance.value();
  point.accuracyTasks = accuracy.n;
  point.crossEntropy = crossEntropy.value();
  point.crossEntropySe = crossEntropy.se();
  point.bitsPerByte = bitsPerByte.value();
  point.itemLimit = newest->result.itemLimit;
  point.calibration = newest->calibration;
  point.bosProfile = newest->result.bosProfile;
  point.maxLength = newest->result.maxLength;
  point.source = newest->source;
  return point;
}

}  // namespace

bool matches(const RunRecord& run, const RunFilter& filter) {
  return (run.published() ? filter.published : filter.measured) &&
         allows(filter.families, run.family) && allows(filter.models, run.model) &&
         allows(filter.dataTypes, run.dataType) && allows(filter.bits, run.bits) &&
         allows(filter.blockSizes, run.blockSize) && allows(filter.tasks, run.result.task) &&
         (run.published() || allows(filter.bosProfiles, run.result.bosProfile)) &&
         (!filter.itemLimit || *filter.itemLimit == run.result.itemLimit);
}

namespace {

/// Points with all tasks that their peers have, or those with fewer.
std::vector<LawPoint> joinRuns(std::span<const RunRecord> runs, const RunFilter& filter,
                               bool complete, bool incomplete) {
  using Settings = std::tuple<std::int64_t, std::string, std::int64_t>;  // limit, BOS, length
  using Key = std::tuple<std::string, std::string, std::string, std::string, std::string, Settings>;
  const auto settingsOf = [](const TaskResult& r) {
    return Settings{r.itemLimit, r.bosProfile, r.maxLength};
  };
  std::map<Key, std::map<std::string, const RunRecord*>> groups;
  RunFilter peers;
  peers.tasks = filter.tasks;
  for (const RunRecord& run : runs) {
    const TaskResult& r = run.result;
    if (run.status != RunStatus::Done || !matches(run, peers)) continue;
    if (!r.isText() && std::isnan(r.accuracy)) continue;
    const std::string& model = run.modelHash.empty() ? run.model : run.modelHash;
    auto& slot =
        groups[{run.source, model, run.config, run.method, run.calibration, settingsOf(r)}][r.task];
    if (slot == nullptr || run.id >= slot->id) slot = &run;
  }
  using PeerKey = std::tuple<std::string, std::string, Settings>;
  const auto peerKey = [&](const RunRecord& run) {
    return PeerKey{run.source, run.family, settingsOf(run.result)};
  };
  std::map<PeerKey, std::size_t> mostTasks;
  for (const auto& [key, byTask] : groups) {
    std::size_t& most = mostTasks[peerKey(*byTask.begin()->second)];
    most = std::max(most, byTask.size());
  }
  std::vector<LawPoint> points;
  for (const auto& [key, byTask] : groups) {
    const RunRecord& any = *byTask.begin()->second;
    if (!matches(any, filter)) continue;
    const bool all = byTask.size() == mostTasks[peerKey(any)];
    if (all ? !complete : !incomplete) continue;
    points.push_back(makePoint(byTask, filter.rule));
  }
  std::stable_sort(points.begin(), points.end(), [](const LawPoint& a, const LawPoint& b) {
    if (std::isnan(a.totalBits) != std::isnan(b.totalBits)) return std::isnan(b.totalBits);
    return a.totalBits < b.totalBits;
  });
  return points;
}

}  // namespace

std::vector<LawPoint> aggregatePoints(std::span<const RunRecord> runs, const RunFilter& filter) {
  return joinRuns(runs, filter, true, filter.includePartial);
}

std::vector<LawPoint> incompletePoints(std::span<const RunRecord> runs, const RunFilter& filter) {
  if (filter.includePartial) return {};
  return joinRuns(runs, filter, false, true);
}

std::string incompleteNote(const RunStore& store, const RunFilter& filter,
                           std::optional<LawMetric> metric) {
  if (filter.includePartial) return {};
  std::vector<LawPoint> points = incompletePoints(*store.peersOf(filter), filter);
  std::erase_if(points,
                [&](const LawPoint& p) { return metric && !std::isfinite(metricOf(p, *metric)); });
  if (points.empty()) return {};
  const std::size_t n = points.size();
  return fmt::format(
      "{} point{} without all the tasks that others have {} left out; --partial keeps {}", n,
      n == 1 ? "" : "s", n == 1 ? "is" : "are", n == 1 ? "it" : "them");
}

std::string trainingStepsNote(std::span<const LawPoint> points) {
  std::map<std::string, std::set<std::string>> steps;
  for (const LawPoint& point : points) {
    const std::size_t at = point.model.find('@');
    if (at != std::string::npos) steps[point.model.substr(0, at)].insert(point.model);
  }
  for (const auto& [model, all] : steps) {
    if (all.size() < 2) continue;
    return fmt::format(
        "{} is there at {} training steps: a law over sizes needs one of them (--model), a law "
        "over steps their tokens (--tokens)",
        model, all.size());
  }
  return {};
}

Error noPoints(const RunStore& store, const RunFilter& filter, std::string_view what,
               const std::string& why) {
  std::string hint;
  if (filter.measured != filter.published) {
    RunFilter other = filter;
    std::swap(other.measured, other.published);
    if (const std::size_t n = store.points(other).size(); n > 0) {
      const char* origin = other.published ? "published" : "measured";
      hint = fmt::format("; of {} ones {}: --origin {}", origin,
                         n == 1 ? "1 does" : fmt::format("{} do", n), origin);
    }
  }
  return {ErrorKind::NotFound,
          fmt::format("store {} has no {}{}points that match{}{}", store.path().string(), what,
                      what.empty() ? "" : " ", hint, why)};
}

}  // namespace bitfrontier
