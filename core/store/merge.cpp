// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/merge.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "core/base/hash.h"
#include "core/law/numeric/exact_text.h"
#include "core/store/run_fields.h"

namespace bitfrontier {
namespace {

/// Fields in which two runs of one cell may differ without being different results.
bool circumstance(std::string_view field) {
  constexpr std::array<std::string_view, 7> kFields{
      "model_path",   "device",      "created_at",      "seconds",
      "task_seconds", "peak_memory", "predicted_memory"};
  for (const std::string_view name : kFields) {
    if (field == name) return true;
  }
  return false;
}

template <typename T>
std::string valueText(const T& value) {
  if constexpr (std::is_same_v<T, RunStatus>) {
    return std::string(runStatusName(value));
  } else if constexpr (std::is_floating_point_v<T>) {
    return std::isnan(value) ? "absent" : exactNumber(value);
  } else if constexpr (std::is_arithmetic_v<T>) {
    return std::to_string(value);
  } else {
    return std::string(value);
  }
}

std::vector<std::pair<std::string, std::string>> resultTexts(const RunRecord& run) {
  std::vector<std::pair<std::string, std::string>> texts;
  visitRunFields(run, [&](const char* name, const auto& field) {
    if (!circumstance(name)) texts.emplace_back(name, valueText(field));
  });
  return texts;
}

bool sameItems(const TaskResult& a, const TaskResult& b) {
  if (a.correct != b.correct || a.logLikelihood.size() != b.logLikelihood.size()) return false;
  for (std::size_t i = 0; i < a.logLikelihood.size(); ++i) {
    const double x = a.logLikelihood[i], y = b.logLikelihood[i];
    if (x != y && !(std::isnan(x) && std::isnan(y))) return false;
  }
  return true;
}

/// The first difference; an empty field when there is none.
MergeConflict compare(const RunRecord& here, const RunRecord& there) {
  MergeConflict conflict;
  const auto mine = resultTexts(here), theirs = resultTexts(there);
  for (std::size_t i = 0; i < mine.size(); ++i) {
    if (mine[i].second == theirs[i].second) continue;
    conflict.field = mine[i].first;
    conflict.here = mine[i].second;
    conflict.there = theirs[i].second;
    return conflict;
  }
  if (!sameItems(here.result, there.result)) {
    conflict.field = "outcomes of the items";
    conflict.here = fmt::format("{} items", here.result.correct.size());
    conflict.there = fmt::format("{} items", there.result.correct.size());
  }
  return conflict;
}

/// The other run under a key of its own, which is the same whenever it is merged again.
RunRecord besides(const RunRecord& there, const RunStore& other) {
  std::string all;
  for (const auto& [name, value] : resultTexts(there)) all += name + "=" + value + "\n";
  for (const std::uint8_t c : there.result.correct) all += static_cast<char>('0' + c);
  RunRecord copy = there;
  copy.key = there.key + "|differs|" + sha256Hex(all).substr(0, 16);
  copy.source = fmt::format("{}{}: differs from the run here",
                            there.source.empty() ? "" : there.source + "; ",
                            other.path().filename().string());
  return copy;
}

}  // namespace

MergeCounts mergeStore(RunStore& store, const RunStore& other, const JobContext& job) {
  MergeCounts counts;
  RunFilter everything;
  everything.includePartial = true;
  std::unordered_map<std::string, RunStatus> here;
  for (const RunRecord& run : store.runs(everything)) here.emplace(run.key, run.status);
  std::vector<RunRecord> fresh;
  for (RunRecord& there : other.runs(everything, true)) {
    job.throwIfCancelled();
    const auto found = here.find(there.key);
    if (found == here.end() ||
        (there.status == RunStatus::Done && found->second != RunStatus::Done)) {
      ++counts.added;
      fresh.push_back(std::move(there));
      continue;
    }
    if (there.status != RunStatus::Done) {
      ++counts.unfinished;
      continue;
    }
    const auto mine = store.find(there.key);
    MergeConflict conflict = compare(*mine, there);
    if (conflict.field.empty()) {
      ++counts.alreadyThere;
      continue;
    }
    RunRecord copy = besides(there, other);
    conflict.key = there.key;
    conflict.model = there.model;
    conflict.config = there.config;
    conflict.task = there.result.task;
    conflict.kept = !here.contains(copy.key);
    if (conflict.kept) fresh.push_back(std::move(copy));
    counts.conflicts.push_back(std::move(conflict));
  }
  store.addAll(fresh);
  return counts;
}

}  // namespace bitfrontier
