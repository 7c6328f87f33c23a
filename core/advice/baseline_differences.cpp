// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/baseline_differences.h"

#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "core/law/data/comparable_set.h"
#include "core/law/data/item_resampling.h"
#include "core/law/data/paired_tests.h"
#include "core/store/outcomes.h"

namespace bitfrontier {
namespace {

// As CompareOptions has them, so that `compare` says the same.
constexpr std::size_t kReplicates = 2000;
constexpr std::uint64_t kSeed = 1;
constexpr int kBaselineBits = 16;

/// Points of one model that were scored alike; the baseline is the first.
using Members = std::vector<std::size_t>;

void pair(const RunStore& store, std::span<const LawPoint> all, const Members& members,
          std::vector<BaselineDifference>& differences, const JobContext& job) {
  std::vector<LawPoint> points;
  points.reserve(members.size());
  for (const std::size_t i : members) points.push_back(all[i]);
  const auto note = [&](std::size_t member, const PairedTest& test) {
    BaselineDifference& d = differences[members[member]];
    d = {test.difference, test.lower, test.upper};
  };
  if (const PointOutcomes outcomes = readOutcomes(store, points); outcomes.items) {
    const std::vector<float> resampled =
        resampleAccuracies(*outcomes.items, kReplicates, kSeed, ItemWeights::Multinomial, 1, job);
    for (std::size_t i = 1; i < points.size(); ++i) {
      PairedTest test = comparePaired(*outcomes.items, 0, i);
      addBootstrap(test, resampled, points.size(), 0, i);
      note(i, test);
    }
    return;
  }
  // Some point does not go with the others; two may go together.
  for (std::size_t i = 1; i < points.size(); ++i) {
    job.throwIfCancelled();
    const LawPoint both[] = {points[0], points[i]};
    const PointOutcomes outcomes = readOutcomes(store, both);
    if (outcomes.items) note(i, comparePaired(*outcomes.items, 0, 1, kReplicates, kSeed));
  }
}

std::vector<std::int64_t> keyOf(std::span<const LawPoint> points, std::size_t baseline,
                                std::size_t point) {
  std::vector<std::int64_t> key = points[baseline].runIds;
  key.push_back(0);
  key.insert(key.end(), points[point].runIds.begin(), points[point].runIds.end());
  return key;
}

/// True when all of a model were found before.
bool recall(std::span<const LawPoint> points, const Members& members, const BaselineCache* cache,
            std::vector<BaselineDifference>& differences) {
  if (cache == nullptr) return false;
  for (std::size_t i = 1; i < members.size(); ++i) {
    const auto found = cache->find(keyOf(points, members.front(), members[i]));
    if (found == cache->end()) return false;
    differences[members[i]] = found->second;
  }
  return true;
}

}  // namespace

std::vector<BaselineDifference> baselineDifferences(const RunStore& store,
                                                    std::span<const LawPoint> points,
                                                    LawMetric metric, BaselineCache* cache,
                                                    const JobContext& job) {
  std::vector<BaselineDifference> differences(points.size());
  for (const ComparableSet& set : comparableSets(points, metric)) {
    std::map<std::pair<std::string, std::string>, std::pair<std::optional<std::size_t>, Members>>
        models;
    for (const std::size_t i : set.points) {
      auto& [baseline, others] = models[{points[i].family, points[i].model}];
      if (points[i].bits == kBaselineBits) {
        // fp16 before bf16 and others that came later.
        if (!baseline || points[i].dataType == "fp16") baseline = i;
      } else {
        others.push_back(i);
      }
    }
    for (const auto& [model, found] : models) {
      job.throwIfCancelled();
      const auto& [baseline, others] = found;
      if (!baseline || others.empty()) continue;
      bool items = metric == LawMetric::Accuracy;
      Members members{*baseline};
      for (const std::size_t i : others) {
        differences[i].difference =
            metricOf(points[i], metric) - metricOf(points[*baseline], metric);
        members.push_back(i);
        items = items && !points[i].runIds.empty();
      }
      if (!items || recall(points, members, cache, differences)) continue;
      pair(store, points, members, differences, job);
      for (std::size_t i = 1; cache != nullptr && i < members.size(); ++i) {
        (*cache)[keyOf(points, members.front(), members[i])] = differences[members[i]];
      }
    }
  }
  return differences;
}

}  // namespace bitfrontier
