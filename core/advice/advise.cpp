// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/advise.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "core/advice/narrow.h"
#include "core/base/error.h"
#include "core/base/number_text.h"
#include "core/law/data/point_errors.h"
#include "core/law/decide/frontier_probability.h"
#include "core/store/points.h"

namespace bitfrontier {
namespace {

/// Families that may be compared, their decisions, and how their cells stand in one list.
struct Group {
  std::vector<FamilyRuns> families;
  std::vector<DecisionPlan> plans;
  std::vector<std::vector<double>> kv;  ///< key-value bits of each family's cells
  std::vector<std::pair<std::size_t, std::size_t>> columns;  ///< (family, cell) that fit
};

/// No standard errors is not certainty: says so, as the frontier does.
void noteErrors(const FamilyRuns& family, LawMetric metric, bool noLaw, Advice& advice) {
  if (family.items && metric == LawMetric::Accuracy) return;
  const PointErrors errors = pointErrors(family.points, metric);
  if (!errors.note().empty()) {
    advice.notes.push_back(fmt::format("{}: {}", family.title(), errors.note()));
  }
  if (errors.known() || !noLaw) return;  // a law's scatter tells them
  advice.errorsKnown = false;
  advice.notes.push_back(fmt::format(
      "{}: no point has a standard error: measured values count as exact, so P does not "
      "say how sure a choice is",
      family.title()));
}

/// Leaves out of very large groups what cannot be the answer by what was measured.
void narrow(Group& group, const AdviceOptions& options, Advice& advice) {
  constexpr std::size_t kMostCells = 1000;
  std::map<const FamilyRuns*, std::vector<double>> caches;
  const auto fits = [&](const FamilyRuns& family, std::size_t cell) {
    auto [it, added] = caches.try_emplace(&family);
    if (added) {
      std::vector<std::string> unused;
      it->second = cacheBits(family, options.memory, unused);
    }
    return family.cells[cell].checkpointBits + it->second[cell] <= advice.usableBits;
  };
  std::string note = narrowFamilies(group.families, options.metric, kMostCells, fits);
  if (!note.empty()) advice.notes.push_back(std::move(note));
}

/// Without a law the paired outcomes of the measured cells still say which is better.
void usePairedDraws(const FamilyRuns& family, DecisionPlan& plan, std::uint64_t seed) {
  if (!plan.mixture.empty() || !family.items) return;
  const Draws paired = resampleItems(*family.items, plan.draws.count, seed);
  for (std::size_t c = 0; c < family.cells.size(); ++c) {
    const std::optional<std::size_t> point = family.cells[c].point;
    if (!point) continue;
    for (std::size_t s = 0; s < plan.draws.count; ++s) {
      plan.draws.row(s)[c] = paired.row(s)[*point];
    }
  }
}

/// Key-value bits of every family's cells. Where no model's are known, all count by their weights
/// alone and the advice says so.
void countCaches(Group& group, const AdviceOptions& options, Advice& advice) {
  std::vector<std::string> notes;
  bool known = false;
  for (const FamilyRuns& family : group.families) {
    group.kv.push_back(cacheBits(family, options.memory, notes));
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

void decideFamilies(Group& group, const AdviceOptions& options, Advice& advice,
                    const JobContext& job) {
  countCaches(group, options, advice);
  for (std::size_t f = 0; f < group.families.size(); ++f) {
    const FamilyRuns& family = group.families[f];
    job.throwIfCancelled();
    job.progress({static_cast<double>(f) / static_cast<double>(group.families.size()),
                  family.title(), static_cast<std::int64_t>(f),
                  static_cast<std::int64_t>(group.families.size())});
    std::vector<double> costs;
    for (std::size_t c = 0; c < family.cells.size(); ++c) {
      costs.push_back(family.cells[c].checkpointBits + group.kv[f][c]);
    }
    DecisionProblem problem = decisionOf(family, options.metric, costs, {advice.usableBits});
    problem.draws = options.draws;
    problem.seed = options.seed + f;
    problem.runnableCost = advice.usableBits;
    DecisionPlan plan = planDecision(problem, job);
    usePairedDraws(family, plan, problem.seed);
    advice.laws[family.title()] =
        plan.mixture.empty() ? "no law: " + plan.noLaw : plan.mixture.describe();
    if (const std::string left = plan.mixture.describeLeftOut(options.metric); !left.empty()) {
      advice.notes.push_back(fmt::format("{}: {}", family.title(), left));
    }
    noteErrors(family, options.metric, plan.mixture.empty(), advice);
    if (!family.unpaired.empty() && options.metric == LawMetric::Accuracy) {
      advice.notes.push_back(
          fmt::format("{}: {}; errors count as independent", family.title(), family.unpaired));
    }
    std::set<std::string> refused;
    for (std::size_t c = 0; c < family.cells.size(); ++c) {
      const FamilyCell& cell = family.cells[c];
      if (!(costs[c] <= advice.usableBits)) continue;
      if (std::isnan(plan.draws.row(0)[c])) continue;
      if (plan.choosable[c] == 0) {
        const JointFit& fit = plan.mixture.laws.front().fit();
        const auto remark = fit.judgePrediction(cell.parameters);
        if (remark && remark->refusal && refused.insert(cell.model).second) {
          advice.notes.push_back(fmt::format("{} is not predicted: {}", cell.model, remark->text));
        }
        continue;
      }
      group.columns.emplace_back(f, c);
    }
    advice.cells += family.cells.size();
    group.plans.push_back(std::move(plan));
  }
}

/// Joint draws of all that fit; families are independent given their data.
Draws joinDraws(const Group& group, std::size_t count) {
  Draws all(count, group.columns.size());
  for (std::size_t k = 0; k < group.columns.size(); ++k) {
    const auto [f, c] = group.columns[k];
    for (std::size_t s = 0; s < count; ++s) all.row(s)[k] = group.plans[f].draws.row(s)[c];
  }
  return all;
}

void describeCandidates(const Group& group, const AdviceOptions& options, Draws& draws,
                        Advice& advice) {
  for (std::size_t k = 0; k < group.columns.size(); ++k) {
    const auto [f, c] = group.columns[k];
    const FamilyRuns& family = group.families[f];
    const FamilyCell& cell = family.cells[c];
    AdviceCandidate candidate;
    candidate.family = family.family;
    candidate.model = cell.model;
    candidate.config = cell.config;
    candidate.bits = cell.bits;
    candidate.measured = cell.point.has_value();
    candidate.weightBits = cell.checkpointBits;
    candidate.kvBits = group.kv[f][c];
    candidate.seconds = cell.seconds;
    if (cell.point) {
      candidate.value = metricOf(family.points[*cell.point], options.metric);
      candidate.valueSe = metricSeOf(family.points[*cell.point], options.metric);
    }
    candidate.predicted = draws.mean(k);
    candidate.low = draws.quantile(k, 0.025);
    candidate.high = draws.quantile(k, 0.975);
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
    const DecisionPlan& plan = group.plans[candidate.familyIndex];
    if (plan.mixture.empty()) continue;
    const DecisionProblem problem =
        decisionOf(group.families[candidate.familyIndex], options.metric, {}, {});
    const std::vector<DecisionCell> one{problem.cells[candidate.cell]};
    candidate.equals = effectiveSizes(plan.mixture, one, 1000, options.seed, job).front();
    candidate.reference = plan.mixture.laws.front().fit().context.formats.front().label;
    if (&candidate - advice.candidates.data() >= 7) break;
  }
}

/// What the smallest combination needs that has a value but does not fit.
std::string nothingFits(const Group& group, const Advice& advice) {
  std::optional<std::pair<std::size_t, std::size_t>> smallest;
  const auto needs = [&](std::size_t f, std::size_t c) {
    return group.families[f].cells[c].checkpointBits + group.kv[f][c];
  };
  for (std::size_t f = 0; f < group.families.size(); ++f) {
    for (std::size_t c = 0; c < group.families[f].cells.size(); ++c) {
      const bool hasValue = group.families[f].cells[c].point.has_value();
      if (!hasValue || !std::isfinite(needs(f, c))) continue;
      if (!smallest || needs(f, c) < needs(smallest->first, smallest->second)) smallest = {f, c};
    }
  }
  if (!smallest) return "nothing fits: of no model that was run is the memory known";
  const auto [f, c] = *smallest;
  const FamilyCell& cell = group.families[f].cells[c];
  std::string text = fmt::format("nothing fits: {} {}, the smallest that was run, needs {}",
                                 cell.model, cell.config, formatBytes(cell.checkpointBits));
  if (group.kv[f][c] > 0) text += fmt::format(" + {} of KV cache", formatBytes(group.kv[f][c]));
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
  for (std::size_t f = 0; f < group.plans.size(); ++f) {
    const DecisionPlan& plan = group.plans[f];
    if (group.plans.size() == 1) {
      advice.nextVerdict = plan.verdict;
    } else {
      advice.nextVerdict += fmt::format("{}{}: {}", advice.nextVerdict.empty() ? "" : "; ",
                                        group.families[f].title(), plan.verdict);
    }
    if (plan.stop) continue;
    for (std::size_t i = 0; i < std::min(kShown, plan.next.size()); ++i) {
      const NextExperiment& next = plan.next[i];
      if (std::isfinite(next.gain) && next.gain < 1e-6) continue;
      const FamilyCell& cell = group.families[f].cells[next.cell];
      advice.next.push_back({group.families[f].family, cell.model, cell.config, next.reason,
                             next.gain, cell.seconds / 60});
    }
  }
}

}  // namespace

std::vector<Advice> advise(const RunStore& store, const RunFilter& filter,
                           const AdviceOptions& options, const JobContext& job) {
  if (!(options.memoryBits > 0) || options.memory.needs.context < 0 ||
      options.memory.needs.batch < 1 ||
      !(options.memory.needs.headroom >= 0 && options.memory.needs.headroom < 1)) {
    throw Error(ErrorKind::InvalidArgument,
                "advice needs a positive memory, a context of 0 or more tokens, a batch of 1 or "
                "more and a headroom of 0 to below 100 %");
  }
  std::map<std::size_t, Group> groups;
  for (FamilyRuns& family : familyRuns(store, filter, options.metric, job)) {
    groups[family.set].families.push_back(std::move(family));
  }
  if (groups.empty()) {
    throw noPoints(store, filter, lawMetricName(options.metric));
  }
  std::vector<Advice> all;
  for (auto& [set, group] : groups) {
    Advice advice;
    advice.title = group.families.front().setTitle;
    advice.metric = options.metric;
    advice.memoryBits = options.memoryBits;
    advice.usableBits = options.memoryBits * (1 - options.memory.needs.headroom);
    narrow(group, options, advice);
    decideFamilies(group, options, advice, job);
    std::set<std::string> models;
    for (const FamilyRuns& family : group.families) {
      for (const FamilyCell& cell : family.cells) models.insert(cell.model);
    }
    advice.models = models.size();
    advice.fitting = group.columns.size();
    if (group.columns.empty()) {
      advice.sentence = nothingFits(group, advice);
    } else {
      Draws draws = joinDraws(group, options.draws);
      describeCandidates(group, options, draws, advice);
      conclude(draws, advice);
      addEquals(group, options, advice, job);
    }
    addNext(group, advice);
    all.push_back(std::move(advice));
  }
  return all;
}

}  // namespace bitfrontier
