// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/advice_posterior.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "core/advice/narrow.h"
#include "core/base/error.h"
#include "core/law/data/point_errors.h"
#include "core/store/points.h"

namespace bitfrontier {
namespace {

/// No standard errors is not certainty: says so, as the frontier does.
void noteErrors(FamilyPosterior& family, LawMetric metric) {
  if (family.runs.items && metric == LawMetric::Accuracy) return;
  const PointErrors errors = pointErrors(family.runs.points, metric);
  family.errorNote = errors.note();
  family.errorsKnown = errors.known() || !family.known.mixture.empty();  // a law's scatter tells
}

/// Leaves out of very large sets what cannot be the answer by what was measured.
std::string narrow(std::vector<FamilyRuns>& families, const AdviceOptions& options,
                   const MemoryCalibration& calibration) {
  constexpr std::size_t kMostCells = 1000;
  const double usable = options.memoryBits * (1 - options.memory.needs.headroom);
  std::map<const FamilyRuns*, std::vector<double>> caches;
  const auto fits = [&](const FamilyRuns& family, std::size_t cell) {
    auto [it, added] = caches.try_emplace(&family);
    if (added) {
      std::vector<std::string> unused;
      it->second = cacheBits(family, options.memory, unused);
    }
    const double bits = family.cells[cell].checkpointBits + it->second[cell];
    return 8 * calibration.estimate(bits / 8).bytes <= usable;
  };
  return narrowFamilies(families, options.metric, kMostCells, fits);
}

void usePairedDraws(FamilyPosterior& family, std::uint64_t seed) {
  if (!family.known.mixture.empty() || !family.runs.items) return;
  family.paired = family.known.draws;
  const Draws paired = resampleItems(*family.runs.items, family.paired->count, seed);
  for (std::size_t c = 0; c < family.runs.cells.size(); ++c) {
    const std::optional<std::size_t> point = family.runs.cells[c].point;
    if (!point) continue;
    for (std::size_t s = 0; s < family.paired->count; ++s) {
      family.paired->row(s)[c] = paired.row(s)[*point];
    }
  }
}

void summarize(FamilyPosterior& family) {
  const Draws& draws = family.draws();
  for (auto* values : {&family.mean, &family.low, &family.high}) {
    values->assign(draws.n, LawPoint::kAbsent);
  }
  for (std::size_t c = 0; c < draws.n; ++c) {
    const bool guess = family.known.guessed[c] != 0 && !family.runs.cells[c].point;
    if (guess || draws.count == 0 || std::isnan(draws.row(0)[c])) continue;
    family.mean[c] = draws.mean(c);
    family.low[c] = draws.quantile(c, 0.025);
    family.high[c] = draws.quantile(c, 0.975);
  }
}

FamilyPosterior learnFamily(FamilyRuns runs, const AdviceOptions& options, std::uint64_t seed,
                            const JobContext& job) {
  FamilyPosterior family;
  family.problem = decisionOf(runs, options.metric, {}, {});
  family.problem.costs.assign(runs.cells.size(), LawPoint::kAbsent);
  family.problem.draws = options.draws;
  family.problem.seed = seed;
  family.runs = std::move(runs);
  family.known = learnCells(family.problem, job);
  usePairedDraws(family, seed);
  summarize(family);
  noteErrors(family, options.metric);
  return family;
}

}  // namespace

bool AdvicePosterior::answers(const AdviceOptions& other) const {
  if (other.metric != options.metric || other.draws != options.draws ||
      other.seed != options.seed || other.calibrate != options.calibrate) {
    return false;
  }
  const bool narrowed = std::any_of(sets.begin(), sets.end(),
                                    [](const SetPosterior& set) { return !set.narrow.empty(); });
  const MemoryNeeds &mine = options.memory.needs, &theirs = other.memory.needs;
  return !narrowed || (other.memoryBits == options.memoryBits && mine.context == theirs.context &&
                       mine.batch == theirs.batch && mine.kvBits == theirs.kvBits &&
                       mine.headroom == theirs.headroom);
}

MemoryCalibration gpuCalibration(const RunStore& store) {
  const std::vector<RunRecord> runs = store.runsWithPeaks();
  std::map<std::string, std::size_t> devices;
  for (const RunRecord& run : runs) {
    if (run.device != "cpu") ++devices[run.device];
  }
  const auto most =
      std::max_element(devices.begin(), devices.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return {runs, most == devices.end() ? "a GPU" : most->first};
}

AdvicePosterior learnStore(const RunStore& store, const RunFilter& filter,
                           const AdviceOptions& options, const JobContext& job) {
  std::map<std::size_t, std::vector<FamilyRuns>> sets;
  for (FamilyRuns& family : familyRuns(store, filter, options.metric, job, options.keep)) {
    sets[family.set].push_back(std::move(family));
  }
  if (sets.empty()) throw noPoints(store, filter, lawMetricName(options.metric));
  AdvicePosterior posterior;
  posterior.options = options;
  if (options.calibrate) posterior.calibration = gpuCalibration(store);
  for (auto& [number, families] : sets) {
    SetPosterior set;
    set.title = families.front().setTitle;
    set.narrow = narrow(families, options, posterior.calibration);
    for (std::size_t f = 0; f < families.size(); ++f) {
      job.throwIfCancelled();
      job.progress({static_cast<double>(f) / static_cast<double>(families.size()),
                    families[f].title(), static_cast<std::int64_t>(f),
                    static_cast<std::int64_t>(families.size())});
      set.families.push_back(learnFamily(std::move(families[f]), options, options.seed + f, job));
    }
    posterior.sets.push_back(std::move(set));
  }
  return posterior;
}

EffectiveSize effectiveSizeOf(const FamilyPosterior& family, std::size_t cell, std::uint64_t seed,
                              const JobContext& job) {
  const std::vector<DecisionCell> one{family.problem.cells[cell]};
  return effectiveSizes(family.known.mixture, one, 1000, seed, job).front();
}

}  // namespace bitfrontier
