// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/next.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/advice/narrow.h"
#include "core/base/error.h"
#include "core/law/decide/frontier_probability.h"
#include "core/store/points.h"

namespace bitfrontier {
namespace {

/// Eight budgets from what half a step above the cheapest cell costs to the dearest.
std::vector<double> spreadBudgets(const std::vector<double>& costs) {
  double low = HUGE_VAL, high = 0;
  for (const double cost : costs) {
    if (!(cost > 0)) continue;
    low = std::min(low, cost);
    high = std::max(high, cost);
  }
  std::vector<double> budgets;
  constexpr int kBudgets = 8;
  for (int i = 1; i <= kBudgets && high > 0; ++i) {
    budgets.push_back(low * std::pow(high / low, static_cast<double>(i) / kBudgets) * (1 + 1e-12));
  }
  return budgets;
}

/// The formats of a very large family whose measured cells within the budgets are best.
FamilyRuns narrowed(FamilyRuns family, const NextOptions& options, std::string& note) {
  const double most = options.budgets.empty()
                          ? HUGE_VAL
                          : *std::max_element(options.budgets.begin(), options.budgets.end());
  std::vector<FamilyRuns> one;
  one.push_back(std::move(family));
  note = narrowFamilies(one, options.metric, options.mostCells,
                        [&](const FamilyRuns& runs, std::size_t cell) {
                          const FamilyCell& c = runs.cells[cell];
                          return (options.memory ? c.checkpointBits : c.totalBits) <= most;
                        });
  return std::move(one.front());
}

/// What has to be said beside the runs.
void addNotes(const FamilyRuns& family, const NextOptions& options, const DecisionPlan& plan,
              NextRuns& next) {
  if (const std::string left = plan.mixture.describeLeftOut(options.metric); !left.empty()) {
    next.notes.push_back(left);
  }
  if (!family.unpaired.empty() && options.metric == LawMetric::Accuracy) {
    next.notes.push_back(family.unpaired + "; errors count as independent");
  }
  if (plan.notRunnable > 0) {
    next.notes.push_back(
        fmt::format("{} of the cells not run yet {} not proposed: they do not fit the largest "
                    "budget, or what they take is not known",
                    plan.notRunnable, plan.notRunnable == 1 ? "is" : "are"));
  }
  const bool timed = std::any_of(next.runs.begin(), next.runs.end(),
                                 [](const NextRun& run) { return std::isfinite(run.minutes); });
  if (!timed && !next.runs.empty()) {
    next.notes.emplace_back("no run has a duration: ranked by gain alone");
  }
}

NextRuns nextOf(const FamilyRuns& family, const NextOptions& options, const JobContext& job) {
  NextRuns next;
  next.title = family.title();
  next.family = family.family;
  next.itemLimit = family.scoring.itemLimit;
  next.metric = options.metric;
  next.cells = family.cells.size();
  std::vector<double> costs;
  if (options.memory) {
    costs = cacheBits(family, *options.memory, next.notes);
    for (std::size_t c = 0; c < costs.size(); ++c) costs[c] += family.cells[c].checkpointBits;
  } else {
    for (const FamilyCell& cell : family.cells) costs.push_back(cell.totalBits);
  }
  DecisionProblem problem =
      decisionOf(family, options.metric, costs,
                 options.budgets.empty() ? spreadBudgets(costs) : options.budgets);
  problem.draws = options.draws;
  problem.seed = options.seed;
  if (options.stopRegret) problem.stopRegret = *options.stopRegret;
  if (!options.budgets.empty()) {
    problem.runnableCost = *std::max_element(options.budgets.begin(), options.budgets.end());
  }
  const DecisionPlan plan = planDecision(problem, job);
  next.law = plan.mixture.empty() ? "none, " + plan.noLaw : plan.mixture.describe();
  Draws goodness = plan.draws;
  if (options.metric == LawMetric::CrossEntropy) {
    for (double& v : goodness.values) v = -v;
  }
  for (std::size_t c = 0; c < goodness.n; ++c) {
    // Cells without a posterior, or too far outside the data, are no choice.
    if (std::isnan(goodness.row(0)[c]) || plan.choosable[c] == 0) costs[c] = LawPoint::kAbsent;
  }
  for (std::size_t b = 0; b < problem.budgets.size(); ++b) {
    NextBudget budget;
    budget.bits = problem.budgets[b];
    budget.regret = plan.state.regret[b];
    if (const auto choice = plan.state.choice[b]) {
      const FamilyCell& cell = family.cells[*choice];
      budget.choice = cell.model + " " + cell.config;
      budget.probability = bestProbability(costs, goodness, budget.bits)[*choice];
    }
    next.budgets.push_back(std::move(budget));
  }
  for (const NextExperiment& run : plan.next) {
    const FamilyCell& cell = family.cells[run.cell];
    std::string reason = run.reason;
    if (!cell.failure.empty()) reason += "; " + cell.failure;
    next.runs.push_back({cell.model, cell.config, reason, run.gain, cell.seconds / 60});
  }
  for (const FamilyCell& cell : family.cells) next.run += cell.point ? 1 : 0;
  next.stop = plan.stop;
  next.verdict = plan.verdict;
  addNotes(family, options, plan, next);
  return next;
}

}  // namespace

std::vector<NextRuns> nextRuns(const RunStore& store, const RunFilter& filter,
                               const NextOptions& options, const JobContext& job) {
  std::vector<NextRuns> all;
  std::vector<FamilyRuns> families = familyRuns(store, filter, options.metric, job, options.keep);
  for (std::size_t f = 0; f < families.size(); ++f) {
    FamilyRuns& runs = families[f];
    if (runs.repeats) continue;
    job.progress({static_cast<double>(f) / static_cast<double>(families.size()), runs.title(),
                  static_cast<std::int64_t>(f), static_cast<std::int64_t>(families.size())});
    std::string narrow;
    const FamilyRuns family = narrowed(std::move(runs), options, narrow);
    NextRuns next = nextOf(family, options, job);
    if (!narrow.empty()) next.notes.insert(next.notes.begin(), std::move(narrow));
    all.push_back(std::move(next));
  }
  if (all.empty()) {
    throw noPoints(store, filter, lawMetricName(options.metric));
  }
  return all;
}

nlohmann::ordered_json nextToJson(const NextRuns& next) {
  using Json = nlohmann::ordered_json;
  const auto number = [](double v) { return std::isfinite(v) ? Json(v) : Json(nullptr); };
  Json budgets = Json::array(), runs = Json::array();
  for (const NextBudget& b : next.budgets) {
    budgets.push_back({{"budget_bits", b.bits},
                       {"choice", b.choice.empty() ? Json(nullptr) : Json(b.choice)},
                       {"p_best", b.probability},
                       {"expected_regret", number(b.regret)}});
  }
  for (const NextRun& r : next.runs) {
    runs.push_back({{"model", r.model},
                    {"config", r.config},
                    {"expected_gain", number(r.gain)},
                    {"minutes", number(r.minutes)},
                    {"reason", r.reason}});
  }
  return {{"title", next.title},
          {"metric", lawMetricName(next.metric)},
          {"law", next.law},
          {"cells", next.cells},
          {"run", next.run},
          {"budgets", budgets},
          {"runs", runs},
          {"stop", next.stop},
          {"verdict", next.verdict},
          {"notes", next.notes}};
}

}  // namespace bitfrontier
