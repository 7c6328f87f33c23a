// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/advise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include "core/advice/advice_posterior.h"
#include "core/base/error.h"
#include "core/base/number_text.h"
#include "core/law/decide/frontier_probability.h"

namespace bitfrontier {
namespace {

/// The families of a set, what their caches take, and how their cells stand in one list.
struct Group {
  const std::vector<FamilyPosterior>& families;
  std::vector<std::vector<double>> kv;  ///< key-value bits of each family's cells
  std::vector<std::pair<std::size_t, std::size_t>> columns;  ///< (family, cell) that fit
  MemoryCalibration calibration;

  /// Bits of memory that a cell needs.
  double needs(std::size_t f, std::size_t c) const {
    const double bits = families[f].runs.cells[c].checkpointBits + kv[f][c];
    return 8 * calibration.estimate(bits / 8).bytes;
  }
};

/// Key-value bits of every family's cells. Where no model's are known, all count by their weights
/// alone and the advice says so.
void countCaches(Group& group, const AdviceOptions& options, Advice& advice) {
  std::vector<std::string> notes;
  bool known = false;
  for (const FamilyPosterior& family : group.families) {
    group.kv.push_back(cacheBits(family.runs, options.memory, notes));
    known = known || std::any_of(group.kv.back().begin(), group.kv.back().end(),
                                 [](double bits) { return std::isfinite(bits); });
  }
  if (known) {
    advice.notes.insert(advice.notes.end(), notes.begin(), notes.end());
    return;
  }
  advice.weightsAlone = true;
  for (std::vector<double>& bits : group.kv) std::fill(bits.begin(), bits.end(), 0.0);
}

/// The cells of a family that fit and may be chosen.
void addColumns(Group& group, std::size_t f, Advice& advice) {
  const FamilyPosterior& family = group.families[f];
  std::set<std::string> refused;
  for (std::size_t c = 0; c < family.runs.cells.size(); ++c) {
    const FamilyCell& cell = family.runs.cells[c];
    if (!(group.needs(f, c) <= advice.usableBits)) continue;
    if (!family.predicts(c)) continue;
    if (family.known.choosable[c] == 0) {
      const JointFit& fit = family.known.mixture.laws.front().fit();
      const auto remark = fit.judgePrediction(cell.parameters);
      if (remark && remark->refusal && refused.insert(cell.model).second) {
        advice.notes.push_back(fmt::format("{} is not predicted: {}", cell.model, remark->text));
      }
      continue;
    }
    group.columns.emplace_back(f, c);
  }
}

void describeFamilies(Group& group, const AdviceOptions& options, Advice& advice) {
  countCaches(group, options, advice);
  for (std::size_t f = 0; f < group.families.size(); ++f) {
    const FamilyPosterior& family = group.families[f];
    const LawMixture& mixture = family.known.mixture;
    const std::string title = family.runs.title();
    advice.laws[title] = mixture.empty() ? "no law: " + family.known.noLaw : mixture.describe();
    if (const std::string left = mixture.describeLeftOut(options.metric); !left.empty()) {
      advice.notes.push_back(fmt::format("{}: {}", title, left));
    }
    if (!family.errorNote.empty()) {
      advice.notes.push_back(fmt::format("{}: {}", title, family.errorNote));
    }
    if (!family.errorsKnown) {
      advice.errorsKnown = false;
      advice.notes.push_back(fmt::format(
          "{}: no point has a standard error: measured values count as exact, so P does not "
          "say how sure a choice is",
          title));
    }
    if (!family.runs.unpaired.empty() && options.metric == LawMetric::Accuracy) {
      advice.notes.push_back(
          fmt::format("{}: {}; errors count as independent", title, family.runs.unpaired));
    }
    addColumns(group, f, advice);
    advice.cells += family.runs.cells.size();
  }
}

/// Joint draws of all that fit; families are independent given their data.
Draws joinDraws(const Group& group, std::size_t count) {
  Draws all(count, group.columns.size());
  for (std::size_t k = 0; k < group.columns.size(); ++k) {
    const auto [f, c] = group.columns[k];
    for (std::size_t s = 0; s < count; ++s) all.row(s)[k] = group.families[f].draws().row(s)[c];
  }
  return all;
}

void describeCandidates(const Group& group, const AdviceOptions& options, Draws& draws,
                        Advice& advice) {
  for (std::size_t k = 0; k < group.columns.size(); ++k) {
    const auto [f, c] = group.columns[k];
    const FamilyRuns& family = group.families[f].runs;
    const FamilyCell& cell = family.cells[c];
    AdviceCandidate candidate;
    candidate.family = family.family;
    candidate.model = cell.model;
    candidate.config = cell.config;
    candidate.bits = cell.bits;
    candidate.measured = cell.point.has_value();
    candidate.weightBits = cell.checkpointBits;
    candidate.kvBits = group.kv[f][c];
    const double counted = candidate.weightBits + candidate.kvBits;
    const MemoryEstimate peak = group.calibration.estimate(counted / 8);
    candidate.otherBits = 8 * peak.bytes - counted;
    candidate.otherLow = 8 * peak.low - counted;
    candidate.otherHigh = 8 * peak.high - counted;
    candidate.totalBits = cell.totalBits;
    candidate.parameters = cell.parameters;
    candidate.seconds = cell.seconds;
    if (cell.point) {
      candidate.value = metricOf(family.points[*cell.point], options.metric);
      candidate.valueSe = metricSeOf(family.points[*cell.point], options.metric);
    }
    candidate.predicted = group.families[f].mean[c];
    candidate.low = group.families[f].low[c];
    candidate.high = group.families[f].high[c];
    candidate.familyIndex = f;
    candidate.cell = c;
    advice.candidates.push_back(std::move(candidate));
  }
  if (options.metric == LawMetric::CrossEntropy) {
    for (double& v : draws.values) v = -v;
  }
  const std::vector<double> costs(draws.n, 1);
  const auto probability = bestProbability(costs, draws, 1);
  for (std::size_t k = 0; k < draws.n; ++k) advice.candidates[k].probability = probability[k];
}

void addEquals(const Group& group, const AdviceOptions& options, Advice& advice,
               const JobContext& job) {
  // Only what is shown: inverting laws costs.
  for (AdviceCandidate& candidate : advice.candidates) {
    const FamilyPosterior& family = group.families[candidate.familyIndex];
    if (family.known.mixture.empty()) continue;
    candidate.equals = effectiveSizeOf(family, candidate.cell, options.seed, job);
    candidate.reference = family.known.mixture.laws.front().fit().context.formats.front().label;
    if (&candidate - advice.candidates.data() >= 7) break;
  }
}

/// What the smallest combination needs that has a value but does not fit.
std::string nothingFits(const Group& group, const Advice& advice) {
  std::optional<std::pair<std::size_t, std::size_t>> smallest;
  const auto needs = [&](std::size_t f, std::size_t c) { return group.needs(f, c); };
  for (std::size_t f = 0; f < group.families.size(); ++f) {
    for (std::size_t c = 0; c < group.families[f].runs.cells.size(); ++c) {
      const bool hasValue = group.families[f].runs.cells[c].point.has_value();
      if (!hasValue || !std::isfinite(needs(f, c))) continue;
      if (!smallest || needs(f, c) < needs(smallest->first, smallest->second)) smallest = {f, c};
    }
  }
  if (!smallest) return "nothing fits: of no model that was run is the memory known";
  const auto [f, c] = *smallest;
  const FamilyCell& cell = group.families[f].runs.cells[c];
  std::string text = fmt::format("nothing fits: {} {}, the smallest that was run, needs {}",
                                 cell.model, cell.config, formatBytes(cell.checkpointBits));
  if (group.kv[f][c] > 0) text += fmt::format(" + {} of KV cache", formatBytes(group.kv[f][c]));
  if (group.calibration.known()) {
    text += fmt::format(", {} by measured peaks", formatBytes(needs(f, c)));
  }
  text += fmt::format(", and {} can be used", formatBytes(advice.usableBits));
  if (advice.usableBits < advice.memoryBits) {
    text += fmt::format(" of {} (the rest is headroom)", formatBytes(advice.memoryBits));
  }
  return text;
}

std::string nameOf(const AdviceCandidate& c) { return c.model + " " + c.config; }

std::string amount(double value, LawMetric metric) {
  return metric == LawMetric::Accuracy ? fmt::format("{:.2f} points", 100 * value)
                                       : fmt::format("{:.4f} nats", value);
}

/// How far the most probable candidates are behind the choice, draw by draw.
void addGaps(const Draws& goodness, std::size_t chosen, Advice& advice) {
  constexpr std::size_t kMost = 24;
  std::vector<std::size_t> order(advice.candidates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t count = std::min(kMost, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return advice.candidates[a].probability > advice.candidates[b].probability;
                    });
  order.resize(count);
  if (std::find(order.begin(), order.end(), chosen) == order.end()) order.push_back(chosen);
  Draws gaps(goodness.count, order.size());
  for (std::size_t s = 0; s < goodness.count; ++s) {
    const auto from = goodness.row(s);
    const auto to = gaps.row(s);
    for (std::size_t i = 0; i < order.size(); ++i) to[i] = from[chosen] - from[order[i]];
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    AdviceCandidate& candidate = advice.candidates[order[i]];
    candidate.gap = gaps.mean(i);
    candidate.gapLow = gaps.quantile(i, 0.025);
    candidate.gapHigh = gaps.quantile(i, 0.975);
  }
}

void conclude(const Draws& goodness, Advice& advice) {
  const auto good = [&](double value) {
    return advice.metric == LawMetric::Accuracy ? value : -value;
  };
  // Candidates and columns of draws have the same order until here.
  std::size_t chosen = 0;
  for (std::size_t k = 1; k < advice.candidates.size(); ++k) {
    if (good(advice.candidates[k].predicted) > good(advice.candidates[chosen].predicted))
      chosen = k;
  }
  double regret = 0;
  for (std::size_t s = 0; s < goodness.count; ++s) {
    const auto row = goodness.row(s);
    regret += *std::max_element(row.begin(), row.end()) - row[chosen];
  }
  advice.regret = regret / static_cast<double>(goodness.count);
  addGaps(goodness, chosen, advice);
  const std::string chosenName = nameOf(advice.candidates[chosen]);
  std::stable_sort(advice.candidates.begin(), advice.candidates.end(),
                   [&](const AdviceCandidate& a, const AdviceCandidate& b) {
                     if (a.probability != b.probability) return a.probability > b.probability;
                     return good(a.predicted) > good(b.predicted);
                   });
  for (std::size_t k = 0; k < advice.candidates.size(); ++k) {
    const AdviceCandidate& c = advice.candidates[k];
    if (nameOf(c) == chosenName) advice.choice = k;
    if (c.measured && (!advice.bestMeasured ||
                       good(c.value) > good(advice.candidates[*advice.bestMeasured].value))) {
      advice.bestMeasured = k;
    }
    if (!c.measured &&
        (!advice.bestPredicted ||
         good(c.predicted) > good(advice.candidates[*advice.bestPredicted].predicted))) {
      advice.bestPredicted = k;
    }
  }
  for (std::size_t k = 0; k < advice.candidates.size() && !advice.runnerUp; ++k) {
    if (k != *advice.choice) advice.runnerUp = k;
  }
  const AdviceCandidate& choice = advice.candidates[*advice.choice];
  advice.verdict = verdictOf(choice.probability, advice.candidates.size());
  const std::string what =
      fmt::format("{} ({}, P {:.2f})", nameOf(choice), choice.measured ? "measured" : "predicted",
                  choice.probability);
  if (!advice.errorsKnown && advice.candidates.size() > 1) {
    advice.verdict = Verdict::Undecided;
    advice.sentence = fmt::format(
        "{} is best as {}; without standard errors how sure that is is not "
        "known",
        nameOf(choice), choice.measured ? "measured" : "predicted");
    return;
  }
  switch (advice.verdict) {
    case Verdict::OnlyMeasured:
      advice.sentence = fmt::format("{} is all that fits", nameOf(choice));
      break;
    case Verdict::Optimal:
      advice.sentence = fmt::format("use {}", what);
      break;
    case Verdict::Probably:
      advice.sentence = fmt::format("probably {}", what);
      break;
    default: {
      const AdviceCandidate& other = advice.candidates[*advice.runnerUp];
      advice.sentence = fmt::format(
          "not decided between {} and {} ({}, P {:.2f}); choosing the first costs {} "
          "on average",
          what, nameOf(other), other.measured ? "measured" : "predicted", other.probability,
          amount(advice.regret, advice.metric));
    }
  }
}

void addNext(const Group& group, Advice& advice) {
  constexpr std::size_t kShown = 3;
  for (std::size_t f = 0; f < group.families.size(); ++f) {
    const FamilyRuns& runs = group.families[f].runs;
    DecisionProblem problem = group.families[f].problem;
    problem.budgets = {advice.usableBits};
    problem.runnableCost = advice.usableBits;
    for (std::size_t c = 0; c < runs.cells.size(); ++c) {
      problem.costs[c] = runs.cells[c].checkpointBits + group.kv[f][c];
    }
    const DecisionAnswer answer = decide(problem, group.families[f].known);
    if (group.families.size() == 1) {
      advice.nextVerdict = answer.verdict;
    } else {
      advice.nextVerdict += fmt::format("{}{}: {}", advice.nextVerdict.empty() ? "" : "; ",
                                        runs.title(), answer.verdict);
    }
    if (answer.stop) continue;
    for (std::size_t i = 0; i < std::min(kShown, answer.next.size()); ++i) {
      const NextExperiment& next = answer.next[i];
      if (std::isfinite(next.gain) && next.gain < 1e-6) continue;
      const FamilyCell& cell = runs.cells[next.cell];
      advice.next.push_back(
          {runs.family, cell.model, cell.config, next.reason, next.gain, cell.seconds / 60});
    }
  }
}

void checkOptions(const AdviceOptions& options) {
  const MemoryNeeds& needs = options.memory.needs;
  if (options.memoryBits > 0 && needs.context >= 0 && needs.batch >= 1 && needs.headroom >= 0 &&
      needs.headroom < 1) {
    return;
  }
  throw Error(ErrorKind::InvalidArgument,
              "advice needs a positive memory, a context of 0 or more tokens, a batch of 1 or "
              "more and a headroom of 0 to below 100 %");
}

Advice adviseSet(const SetPosterior& set, const MemoryCalibration& calibration,
                 const AdviceOptions& options, const JobContext& job) {
  Advice advice;
  advice.title = set.title;
  advice.metric = options.metric;
  advice.memoryBits = options.memoryBits;
  advice.usableBits = options.memoryBits * (1 - options.memory.needs.headroom);
  if (!set.narrow.empty()) advice.notes.push_back(set.narrow);
  Group group{set.families, {}, {}, calibration};
  advice.calibration = calibration.text();
  describeFamilies(group, options, advice);
  std::set<std::string> models;
  for (const FamilyPosterior& family : set.families) {
    for (const FamilyCell& cell : family.runs.cells) models.insert(cell.model);
  }
  advice.models = models.size();
  advice.fitting = group.columns.size();
  if (group.columns.empty()) {
    advice.sentence = nothingFits(group, advice);
  } else {
    Draws draws = joinDraws(group, options.draws);
    describeCandidates(group, options, draws, advice);
    conclude(draws, advice);
    if (options.equals) addEquals(group, options, advice, job);
  }
  if (options.next) addNext(group, advice);
  return advice;
}

}  // namespace

std::vector<Advice> adviseFrom(const AdvicePosterior& posterior, const AdviceOptions& options,
                               const JobContext& job) {
  checkOptions(options);
  std::vector<Advice> all;
  for (const SetPosterior& set : posterior.sets) {
    job.throwIfCancelled();
    all.push_back(adviseSet(set, posterior.calibration, options, job));
  }
  return all;
}

std::vector<Advice> advise(const RunStore& store, const RunFilter& filter,
                           const AdviceOptions& options, const JobContext& job) {
  checkOptions(options);
  return adviseFrom(learnStore(store, filter, options, job), options, job);
}

}  // namespace bitfrontier
