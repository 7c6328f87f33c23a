// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/points.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <compare>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>

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
template <typename Result>
double accuracyError(const Result& r) {
  const bool stored = std::isfinite(r.accuracySe) && r.accuracySe > 0;
  return stored ? r.accuracySe : shareError(r.accuracy, static_cast<double>(r.items));
}

void appendName(std::string& names, const std::string& name) {
  names += (names.empty() ? "" : ", ") + name;
}

/// Which items a task had, for LawPoint::taskTexts: a whole hash says no more to people.
template <typename Row>
std::string textOf(const Row& run, bool mixed) {
  constexpr std::size_t kShown = 8;
  const std::string_view hash = run.result.taskHash;
  std::string text(hash.substr(0, kShown));
  if (mixed) text.append("@").append(std::string_view(run.evaluatorVersion));
  return text;
}

std::string joinTexts(const std::vector<std::string>& texts) {
  const bool known = std::any_of(texts.begin(), texts.end(),
                                 [](const std::string& text) { return !text.empty(); });
  return known ? fmt::format("{}", fmt::join(texts, "+")) : std::string();
}

/// The newest run of one point on each of its tasks, by the tasks' names.
template <typename Row>
using ByTask = std::vector<const Row*>;

template <typename Row>
LawPoint makePoint(const ByTask<Row>& byTask, CountingRule rule) {
  // The identity fields are the same in all runs of the group; the newest run speaks for them.
  const Row* newest = byTask.front();
  Mean accuracy, chance, crossEntropy, bitsPerByte;
  const bool mixed = std::any_of(byTask.begin(), byTask.end(), [&](const Row* run) {
    return !(run->evaluatorVersion == newest->evaluatorVersion);
  });
  std::vector<std::string> taskTexts, textTaskTexts;
  LawPoint point;
  point.evaluator = mixed ? "mixed" : std::string(newest->evaluatorVersion);
  for (const Row* run : byTask) {
    if (run->id > newest->id) newest = run;
    point.runIds.push_back(run->id);
    const auto& r = run->result;
    if (r.isText()) {
      crossEntropy.add(r.crossEntropy, r.crossEntropySe);
      bitsPerByte.add(r.bitsPerByte);
      appendName(point.textTasks, r.task);
      textTaskTexts.push_back(textOf(*run, mixed));
    } else {
      accuracy.add(r.accuracy, accuracyError(r));
      chance.add(r.chance);
      appendName(point.tasks, r.task);
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

template <typename Row>
bool passes(const Row& run, const RunFilter& filter) {
  const auto holds = [](const std::vector<std::string>& list, std::string_view value) {
    return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
  };
  return (run.published() ? filter.published : filter.measured) &&
         holds(filter.families, run.family) && holds(filter.models, run.model) &&
         holds(filter.dataTypes, run.dataType) && allows(filter.bits, run.bits) &&
         allows(filter.blockSizes, run.blockSize) && holds(filter.tasks, run.result.task) &&
         (run.published() || holds(filter.bosProfiles, run.result.bosProfile)) &&
         (!filter.itemLimit || *filter.itemLimit == run.result.itemLimit);
}

/// How a point's tasks were scored.
struct Settings {
  std::int64_t itemLimit;
  std::string_view bosProfile;
  std::int64_t maxLength;
  auto operator<=>(const Settings&) const = default;
};
/// What the runs of one point have in common; texts are those of the runs.
struct PointKey {
  std::string_view source, model, config, method, calibration;
  Settings settings;
  auto operator<=>(const PointKey&) const = default;
};
/// Whose tasks a point should have.
struct PeerKey {
  std::string_view source, family;
  Settings settings;
  auto operator<=>(const PeerKey&) const = default;
};

std::size_t mix(std::size_t seed, std::size_t more) {
  return seed ^ (more + 0x9e3779b97f4a7c15ULL + (seed << 6) + (seed >> 2));
}
struct KeyHash {
  static std::size_t of(std::string_view text) { return std::hash<std::string_view>()(text); }
  static std::size_t of(const Settings& s) {
    return mix(mix(of(s.bosProfile), static_cast<std::size_t>(s.itemLimit)),
               static_cast<std::size_t>(s.maxLength));
  }
  std::size_t operator()(const PointKey& key) const {
    std::size_t hash = mix(of(key.settings), of(key.source));
    for (const std::string_view text : {key.model, key.config, key.method, key.calibration}) {
      hash = mix(hash, of(text));
    }
    return hash;
  }
  std::size_t operator()(const PeerKey& key) const {
    return mix(mix(of(key.settings), of(key.source)), of(key.family));
  }
};

/// One pass over the rows: `rowAt(i)` for each i below `count`. Calls emit(point, complete) for the
/// wanted points, ordered by total bits.
template <typename RowAt, typename Emit>
void join(std::size_t count, const RowAt& rowAt, const RunFilter& filter, bool complete,
          bool incomplete, const Emit& emit) {
  using Row = std::decay_t<decltype(rowAt(0))>;
  struct Group {
    PointKey key;
    ByTask<Row> byTask;
  };
  const auto settingsOf = [](const Row& run) {
    return Settings{run.result.itemLimit, run.result.bosProfile, run.result.maxLength};
  };
  std::unordered_map<PointKey, std::size_t, KeyHash> places;
  std::vector<Group> groups;
  RunFilter peers;
  peers.tasks = filter.tasks;
  for (std::size_t i = 0; i < count; ++i) {
    const Row& run = rowAt(i);
    if (run.status != RunStatus::Done || !passes(run, peers)) continue;
    if (!run.result.isText() && std::isnan(run.result.accuracy)) continue;
    const std::string_view model = run.modelHash.empty() ? run.model : run.modelHash;
    const PointKey key{run.source, model, run.config, run.method, run.calibration, settingsOf(run)};
    const auto [place, isNew] = places.try_emplace(key, groups.size());
    if (isNew) groups.push_back({key, {}});
    ByTask<Row>& byTask = groups[place->second].byTask;
    const auto same = std::find_if(byTask.begin(), byTask.end(), [&](const Row* other) {
      return other->result.task == run.result.task;
    });
    if (same == byTask.end()) {
      byTask.push_back(&run);
    } else if (run.id >= (*same)->id) {
      *same = &run;
    }
  }
  std::unordered_map<PeerKey, std::size_t, KeyHash> mostTasks;
  const auto peersOf = [&](const Row& run) -> std::size_t& {
    return mostTasks[PeerKey{run.source, run.family, settingsOf(run)}];
  };
  for (Group& group : groups) {
    std::sort(group.byTask.begin(), group.byTask.end(), [](const Row* a, const Row* b) {
      return a->result.task.compare(b->result.task) < 0;
    });
    std::size_t& most = peersOf(*group.byTask.front());
    most = std::max(most, group.byTask.size());
  }
  // Equal totals stand in the order of what the points are.
  struct Wanted {
    double bits;
    bool complete;
    const Group* group;
  };
  std::vector<Wanted> wanted;
  for (const Group& group : groups) {
    const Row& any = *group.byTask.front();
    if (!passes(any, filter)) continue;
    const bool all = group.byTask.size() == peersOf(any);
    if (!(all ? complete : incomplete)) continue;
    const Row& newest =
        **std::max_element(group.byTask.begin(), group.byTask.end(),
                           [](const Row* a, const Row* b) { return a->id < b->id; });
    wanted.push_back({newest.modelBits.at(filter.rule), all, &group});
  }
  std::sort(wanted.begin(), wanted.end(), [](const Wanted& a, const Wanted& b) {
    if (std::isnan(a.bits) != std::isnan(b.bits)) return std::isnan(b.bits);
    if (a.bits < b.bits || b.bits < a.bits) return a.bits < b.bits;
    return a.group->key < b.group->key;
  });
  for (const Wanted& one : wanted) emit(makePoint(one.group->byTask, filter.rule), one.complete);
}

}  // namespace

bool matches(const RunRecord& run, const RunFilter& filter) { return passes(run, filter); }

std::vector<LawPoint> aggregatePoints(std::span<const RunRecord> runs, const RunFilter& filter) {
  std::vector<LawPoint> points;
  join(
      runs.size(), [&](std::size_t i) -> const RunRecord& { return runs[i]; }, filter, true,
      filter.includePartial, [&](LawPoint point, bool) { points.push_back(std::move(point)); });
  return points;
}

std::vector<LawPoint> incompletePoints(std::span<const RunRecord> runs, const RunFilter& filter) {
  std::vector<LawPoint> points;
  if (filter.includePartial) return points;
  join(
      runs.size(), [&](std::size_t i) -> const RunRecord& { return runs[i]; }, filter, false, true,
      [&](LawPoint point, bool) { points.push_back(std::move(point)); });
  return points;
}

PointSets joinRows(std::span<const RunRow> rows, CountingRule rule) {
  PointSets sets;
  RunFilter how;
  how.rule = rule;
  join(
      rows.size(), [&](std::size_t i) -> const RunRow& { return rows[i]; }, how, true, true,
      [&](LawPoint point, bool complete) {
        (complete ? sets.complete : sets.incomplete).push_back(std::move(point));
      });
  return sets;
}

PointSets joinRows(std::span<const RunRow> rows, std::span<const std::uint32_t> places,
                   CountingRule rule) {
  PointSets sets;
  RunFilter how;
  how.rule = rule;
  join(
      places.size(), [&](std::size_t i) -> const RunRow& { return rows[places[i]]; }, how, true,
      true,
      [&](LawPoint point, bool complete) {
        (complete ? sets.complete : sets.incomplete).push_back(std::move(point));
      });
  return sets;
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
