// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/decide/decision_plan.h"
#include "core/law/decide/law_mixture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace bitfrontier {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kSizesForLaw = 4;
constexpr std::size_t kSizesOfFormat = 2;

/// Whether a cell has been run or could be.
bool withinReach(const DecisionProblem& problem, std::size_t cell) {
  return problem.cells[cell].point || !problem.runnableCost ||
         problem.costs[cell] <= *problem.runnableCost;
}

/// What a law still needs: sizes, and of every bit width a format at two sizes. Of the other
/// formats it can be guessed (FormatGuess) how good they are.
class Needs {
 public:
  explicit Needs(const DecisionProblem& problem) {
    std::set<double> possible;
    std::map<std::string, std::set<double>> possibleOf;
    for (std::size_t c = 0; c < problem.cells.size(); ++c) {
      const DecisionCell& cell = problem.cells[c];
      if (!withinReach(problem, c)) continue;
      possible.insert(cell.size);
      possibleOf[cell.format].insert(cell.size);
      run_[cell.format];
      if (!cell.point) continue;
      sizes_.insert(cell.size);
      run_[cell.format].insert(cell.size);
    }
    // What cannot be had is not needed.
    wanted_ = std::min(kSizesForLaw, possible.size());
    for (std::size_t c = 0; c < problem.cells.size(); ++c) {
      const DecisionCell& cell = problem.cells[c];
      if (!withinReach(problem, c)) continue;
      Width& width = widths_[widthOf(cell)];
      width.wanted =
          std::max(width.wanted, std::min(kSizesOfFormat, possibleOf[cell.format].size()));
      width.most = std::max(width.most, run_[cell.format].size());
    }
  }
  bool any() const {
    return sizes_.size() < wanted_ ||
           std::any_of(widths_.begin(), widths_.end(),
                       [](const auto& w) { return w.second.most < w.second.wanted; });
  }
  bool addsSize(const DecisionCell& cell) const {
    return sizes_.size() < wanted_ && !sizes_.contains(cell.size);
  }
  /// Whether it takes a width that needs one further: by the format that has most sizes of it.
  bool addsFormat(const DecisionCell& cell) const {
    const Width& width = widths_.at(widthOf(cell));
    const auto& have = run_.at(cell.format);
    return width.most < width.wanted && have.size() == width.most && !have.contains(cell.size);
  }
  std::size_t sizesOf(const std::string& format) const { return run_.at(format).size(); }

 private:
  struct Width {
    std::size_t wanted = 0;  ///< sizes of one format
    std::size_t most = 0;    ///< sizes that have been run of the format that has most
  };
  static std::string widthOf(const DecisionCell& cell) {
    return cell.bits > 0 ? fmt::format("{}", cell.bits) : cell.format;
  }

  std::set<double> sizes_;
  std::map<std::string, std::set<double>> run_;
  std::map<std::string, Width> widths_;
  std::size_t wanted_ = 0;
};

std::string nameOf(const DecisionCell& cell) { return cell.model + " " + cell.format; }

double minutesOf(const DecisionProblem& problem, std::size_t cell) {
  const double minutes = cell < problem.minutes.size() ? problem.minutes[cell] : kNaN;
  return std::isfinite(minutes) && minutes > 0 ? minutes : 1;
}

/// Cells that are the largest of their format that some budget admits: the choice there is one of
/// them unless a cell lies far off its curve.
std::set<std::size_t> largestThatFit(const DecisionProblem& problem) {
  std::set<std::size_t> largest;
  for (const double budget : problem.budgets) {
    std::map<std::string, std::size_t> byFormat;
    for (std::size_t c = 0; c < problem.cells.size(); ++c) {
      if (!(problem.costs[c] <= budget)) continue;
      const auto [it, added] = byFormat.emplace(problem.cells[c].format, c);
      if (problem.cells[c].size > problem.cells[it->second].size) it->second = c;
    }
    for (const auto& [format, cell] : byFormat) largest.insert(cell);
  }
  return largest;
}

/// The experiments by their rank, least first.
template <typename Rank>
std::vector<NextExperiment> inOrder(std::vector<std::pair<Rank, NextExperiment>> ranked) {
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<NextExperiment> all;
  all.reserve(ranked.size());
  for (auto& [rank, next] : ranked) all.push_back(std::move(next));
  return all;
}

/// Cells that a law needs. First those that would have to be run for the choice too, if they take
/// no more than a small share of the time of everything; of these and of the others those that
/// serve two needs first, then the quickest.
std::vector<NextExperiment> designExperiments(const DecisionProblem& problem, const Needs& needs) {
  constexpr double kQuickShare = 0.03;
  double everything = 0;
  for (std::size_t c = 0; c < problem.cells.size(); ++c) everything += minutesOf(problem, c);
  const std::set<std::size_t> largest = largestThatFit(problem);
  std::vector<std::pair<std::tuple<int, int, double>, NextExperiment>> ranked;
  for (std::size_t c = 0; c < problem.cells.size(); ++c) {
    const DecisionCell& cell = problem.cells[c];
    if (cell.point || !withinReach(problem, c)) continue;
    const bool size = needs.addsSize(cell), format = needs.addsFormat(cell);
    if (!size && !format) continue;
    NextExperiment next;
    next.cell = c;
    next.minutes = minutesOf(problem, c);
    if (size && format) {
      next.reason = fmt::format("a new size and a size of {}", cell.format);
    } else if (size) {
      next.reason = fmt::format("a new size: a law needs {}", kSizesForLaw);
    } else {
      next.reason = fmt::format("{} has {} of the {} sizes that a curve needs", cell.format,
                                needs.sizesOf(cell.format), kSizesOfFormat);
    }
    const bool serves = largest.contains(c) && next.minutes <= kQuickShare * everything;
    // The sizes have to be run anyway: a cell that serves both needs comes before cheaper ones.
    ranked.emplace_back(std::tuple(serves ? 0 : 1, size && format ? 0 : 1, next.minutes),
                        std::move(next));
  }
  return inOrder(std::move(ranked));
}

/// What this run decides, in words.
std::string decides(const DecisionProblem& problem, const DecisionState& state,
                    const ExperimentValue& value) {
  const auto chosen = state.choice[value.budget];
  if (!chosen) return fmt::format("gives {} a value", nameOf(problem.cells[value.cell]));
  if (*chosen == value.rival) return "makes the chosen cell surer";
  return fmt::format("decides between {} and {}", nameOf(problem.cells[*chosen]),
                     nameOf(problem.cells[value.rival]));
}

/// Largest gain per minute first, but cells worth less than a quarter of the best one come after
/// those worth more: many cheap runs of little use would only delay what decides.
std::vector<NextExperiment> rankedByGain(const DecisionProblem& problem,
                                         const DecisionState& state) {
  constexpr double kMaterial = 0.25;
  double most = 0;
  for (const ExperimentValue& value : state.experiments) {
    if (withinReach(problem, value.cell)) most = std::max(most, value.gain);
  }
  std::vector<std::pair<std::pair<int, double>, NextExperiment>> ranked;
  for (const ExperimentValue& value : state.experiments) {
    if (!withinReach(problem, value.cell)) continue;
    NextExperiment next;
    next.cell = value.cell;
    next.gain = value.gain;
    next.minutes = minutesOf(problem, value.cell);
    next.reason = decides(problem, state, value);
    const bool counts = next.gain >= kMaterial * most;
    ranked.emplace_back(std::pair(counts ? 0 : 1, -next.gain / next.minutes), std::move(next));
  }
  return inOrder(std::move(ranked));
}

std::string amount(double value, LawMetric metric) {
  return metric == LawMetric::Accuracy ? fmt::format("{:.2f} points", 100 * value)
                                       : fmt::format("{:.4f} nats", value);
}

void conclude(const DecisionProblem& problem, DecisionAnswer& plan) {
  const LawMetric metric = problem.law.metric;
  const auto unrun =
      static_cast<std::size_t>(std::count_if(problem.cells.begin(), problem.cells.end(),
                                             [](const DecisionCell& cell) { return !cell.point; }));
  const bool anyLeft = unrun > plan.notRunnable;
  double worst = kNaN;
  for (std::size_t b = 0; b < plan.state.regret.size(); ++b) {
    if (plan.state.choice[b] && !(plan.state.regret[b] <= worst)) worst = plan.state.regret[b];
  }
  if (!anyLeft) {
    plan.stop = true;
    plan.verdict =
        plan.notRunnable > 0 ? "everything that fits has been run" : "everything has been run";
  } else if (std::isnan(worst)) {
    plan.verdict = plan.next.empty() ? "nothing fits the budget and nothing is left that would"
                                     : "nothing known fits the budget yet";
    plan.stop = plan.next.empty();
  } else if (plan.next.empty()) {
    plan.stop = true;
    plan.verdict = fmt::format("expected regret {}: no run that is left can change the choice",
                               amount(worst, metric));
  } else if (worst <= problem.stopRegret && std::isfinite(plan.next.front().gain)) {
    plan.stop = true;
    plan.verdict = fmt::format(
        "stop: expected regret {} is below {}; further runs would not "
        "change the choice by more",
        amount(worst, metric), amount(problem.stopRegret, metric));
  } else if (std::isfinite(plan.next.front().gain) && plan.next.front().gain < 1e-6) {
    plan.stop = true;
    plan.verdict = fmt::format("stop: expected regret {}, but no single run would reduce it",
                               amount(worst, metric));
  } else {
    plan.verdict = fmt::format("go on: expected regret {}", amount(worst, metric));
  }
}

/// Cells that have not been run.
std::vector<std::uint8_t> unrunCells(const DecisionProblem& problem) {
  std::vector<std::uint8_t> unrun;
  unrun.reserve(problem.cells.size());
  for (const DecisionCell& cell : problem.cells) unrun.push_back(cell.point.has_value() ? 0 : 1);
  return unrun;
}

/// Cells that were run, or that the law may predict: neither too far outside its data nor guessed.
std::vector<std::uint8_t> choosableCells(const DecisionProblem& problem, const LawMixture& mixture,
                                         const std::vector<std::uint8_t>& unrun,
                                         const std::vector<std::uint8_t>& guessed) {
  std::vector<std::uint8_t> choosable(problem.cells.size(), 1);
  if (mixture.empty()) return choosable;
  const JointFit& fit = mixture.laws.front().fit();
  for (std::size_t c = 0; c < choosable.size(); ++c) {
    if (unrun[c] == 0) continue;
    const auto remark = fit.judgePrediction(problem.cells[c].size);
    if (guessed[c] != 0 || (remark.has_value() && remark->refusal)) choosable[c] = 0;
  }
  return choosable;
}

/// Of a new measurement, mean over the laws.
double pairedNoise(const LawMixture& mixture) {
  double noise = 0;
  for (std::size_t i = 0; i < mixture.laws.size(); ++i) {
    noise += mixture.weights[i] * mixture.laws[i].pairedNoise();
  }
  return noise;
}

/// What is left when sizes suffice but no law holds: only what has been run can be chosen. First
/// the largest that fit, then of formats begun what may make a law, the quickest first.
std::vector<NextExperiment> runsWithoutLaw(const DecisionProblem& problem, const Needs& needs) {
  const std::set<std::size_t> largest = largestThatFit(problem);
  std::vector<std::pair<std::tuple<int, int, double>, NextExperiment>> ranked;
  for (std::size_t c = 0; c < problem.cells.size(); ++c) {
    if (problem.cells[c].point || !withinReach(problem, c)) continue;
    const double minutes = minutesOf(problem, c);
    const bool begun = needs.sizesOf(problem.cells[c].format) > 0;
    ranked.emplace_back(std::tuple(largest.contains(c) ? 0 : 1, begun ? 0 : 1, minutes),
                        NextExperiment{c, kNaN, minutes, "no law holds: only a run can tell"});
  }
  return inOrder(std::move(ranked));
}

/// First what a law needs, then by gain; without a law what may decide or make one.
void rankRuns(const DecisionProblem& problem, const CellKnowledge& known, DecisionAnswer& plan) {
  const Needs needs(problem);
  if (known.mixture.empty() || needs.any()) plan.next = designExperiments(problem, needs);
  if (known.mixture.empty()) {
    if (plan.next.empty()) plan.next = runsWithoutLaw(problem, needs);
    return;
  }
  std::set<std::size_t> there;
  for (const NextExperiment& next : plan.next) there.insert(next.cell);
  for (NextExperiment& next : rankedByGain(problem, plan.state)) {
    if (!there.contains(next.cell)) plan.next.push_back(std::move(next));
  }
}

}  // namespace

CellKnowledge learnCells(const DecisionProblem& problem, const JobContext& job) {
  CellKnowledge known;
  if (!problem.points.empty()) {
    known.mixture = fitMixture(problem.points, problem.law, known.noLaw, job, problem.priors);
  } else {
    known.noLaw = "nothing has been run";
  }
  job.throwIfCancelled();
  known.draws = cellDraws(known.mixture, problem.cells, problem.draws, problem.seed, job);
  known.guessed = guessedCells(known.mixture, problem.cells);
  known.choosable = choosableCells(problem, known.mixture, unrunCells(problem), known.guessed);
  return known;
}

DecisionAnswer decide(const DecisionProblem& problem, const CellKnowledge& known) {
  DecisionAnswer answer;
  for (std::size_t c = 0; c < problem.cells.size(); ++c) {
    answer.notRunnable += withinReach(problem, c) ? 0 : 1;
  }
  Draws goodness = known.draws;
  if (problem.law.metric == LawMetric::CrossEntropy) {
    for (double& v : goodness.values) v = -v;
  }
  answer.state = evaluateDecision(goodness, problem.costs, problem.budgets, unrunCells(problem),
                                  known.choosable, pairedNoise(known.mixture));
  rankRuns(problem, known, answer);
  conclude(problem, answer);
  return answer;
}

DecisionPlan planDecision(const DecisionProblem& problem, const JobContext& job) {
  DecisionPlan plan;
  static_cast<CellKnowledge&>(plan) = learnCells(problem, job);
  static_cast<DecisionAnswer&>(plan) = decide(problem, plan);
  // Guesses rank runs; nothing is chosen or predicted by them.
  for (std::size_t c = 0; c < problem.cells.size(); ++c) {
    if (plan.guessed[c] == 0 || problem.cells[c].point) continue;
    for (std::size_t s = 0; s < plan.draws.count; ++s) plan.draws.row(s)[c] = kNaN;
  }
  return plan;
}

}  // namespace bitfrontier
