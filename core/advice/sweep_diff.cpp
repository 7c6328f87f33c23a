// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/sweep_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "core/advice/law_diff.h"
#include "core/base/error.h"
#include "core/base/number_text.h"
#include "core/law/data/comparable_set.h"
#include "core/law/numeric/exact_text.h"
#include "core/store/points.h"

namespace bitfrontier {
namespace {

std::string labelOf(const LawPoint& p) { return seriesLabel(p, SeriesKey::Config); }
std::string nameOf(const LawPoint& p) { return p.model + " " + labelOf(p); }

/// Outcomes of a point's items by task.
struct Outcome {
  std::string hash;
  TaskResult result;
};
using Outcomes = std::map<std::string, Outcome>;

Outcomes outcomesOf(const RunStore& store, const LawPoint& point) {
  Outcomes all;
  for (const std::int64_t id : point.runIds) {
    if (auto run = store.find(id)) {
      all[run->result.task] = {run->result.taskHash, std::move(run->result)};
    }
  }
  return all;
}

bool equal(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool sameOutcomes(const Outcomes& a, const Outcomes& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    const TaskResult &p = x.second.result, &q = y.second.result;
    return x.first == y.first && x.second.hash == y.second.hash && p.correct == q.correct &&
           p.logLikelihood == q.logLikelihood && equal(p.accuracy, q.accuracy) &&
           equal(p.crossEntropy, q.crossEntropy) && p.items == q.items;
  });
}

/// Both as two rows of the same items; else the reason in `why`.
std::optional<ItemOutcomes> pairUp(const Outcomes& a, const Outcomes& b, std::string& why) {
  ItemOutcomes items(2);
  for (const auto& [task, first] : a) {
    if (first.result.isText()) continue;
    const auto second = b.find(task);
    if (second == b.end() || first.hash != second->second.hash || first.hash.empty()) {
      why = "scored on different items of " + task;
      return std::nullopt;
    }
    const auto &x = first.result.correct, &y = second->second.result.correct;
    if (x.empty() || x.size() != y.size()) {
      why = "the outcomes of single items of " + task + " are not stored";
      return std::nullopt;
    }
    const std::vector<std::span<const std::uint8_t>> rows{x, y};
    items.addTask(task, rows);
  }
  if (items.tasks().empty()) {
    why = "no task has outcomes of items";
    return std::nullopt;
  }
  return items;
}

class Differ {
 public:
  Differ(const DiffSide& a, const DiffSide& b, const DiffOptions& options)
      : a_(a), b_(b), options_(options) {}

  DiffCell compare(const LawPoint& a, const LawPoint& b) const {
    DiffCell cell;
    cell.a = a;
    cell.b = b;
    const LawMetric metric = options_.metric;
    cell.difference = metricOf(b, metric) - metricOf(a, metric);
    const Outcomes first = outcomesOf(*a_.store, a), second = outcomesOf(*b_.store, b);
    cell.same = sameOutcomes(first, second);
    if (metric == LawMetric::Accuracy) {
      if (const auto items = pairUp(first, second, cell.unpaired)) {
        cell.test = comparePaired(*items, 0, 1, cell.same ? 0 : options_.replicates, options_.seed,
                                  options_.level);
        cell.difference = cell.test->difference;
        cell.se = cell.test->se;
        cell.lower = cell.same ? 0 : cell.test->lower;
        cell.upper = cell.same ? 0 : cell.test->upper;
        cell.p = cell.test->pMid;
        return cell;
      }
    } else {
      cell.unpaired = "cross-entropies have no outcomes of items";
    }
    if (cell.same) {
      cell.se = cell.lower = cell.upper = 0;
      cell.p = 1;
      return cell;
    }
    cell.se = std::hypot(metricSeOf(a, metric), metricSeOf(b, metric));
    if (cell.se > 0) {
      const double half = normalHalfWidth(options_.level) * cell.se;
      cell.lower = cell.difference - half;
      cell.upper = cell.difference + half;
      cell.p = twoSidedP(cell.difference / cell.se);
    }
    return cell;
  }

  void judge(SweepDiff& diff) const {
    std::vector<double> p;
    for (const DiffCell& cell : diff.cells) p.push_back(cell.p);
    p = adjusted(std::move(p), options_.correction);
    for (std::size_t i = 0; i < p.size(); ++i) {
      DiffCell& cell = diff.cells[i];
      cell.pAdjusted = p[i];
      if (cell.same || (cell.test && cell.test->tie)) cell.verdict = PairVerdict::Tie;
      if (cell.same || !(p[i] < 1 - options_.level)) continue;
      double good = cell.difference;
      if (options_.metric == LawMetric::CrossEntropy) good = -good;
      if (cell.test) {
        // Items of all tasks together and the mean over tasks have to agree.
        const auto net =
            static_cast<double>(cell.test->onlySecond) - static_cast<double>(cell.test->onlyFirst);
        if (net * good <= 0) continue;
      }
      cell.verdict = good > 0 ? PairVerdict::Better : PairVerdict::Worse;
    }
  }

 private:
  const DiffSide& a_;
  const DiffSide& b_;
  const DiffOptions& options_;
};

std::vector<LawPoint> pointsOf(const DiffSide& side, LawMetric metric, const char* name) {
  std::vector<LawPoint> points = side.store->points(side.filter);
  std::erase_if(points, [&](const LawPoint& p) {
    return !std::isfinite(metricOf(p, metric)) || (side.keep && !side.keep(p));
  });
  if (points.empty()) {
    throw Error(ErrorKind::NotFound,
                fmt::format("side {} has no point with {}: {}", name, lawMetricName(metric),
                            side.store->path().string()));
  }
  std::stable_sort(points.begin(), points.end(), [](const LawPoint& x, const LawPoint& y) {
    return std::tie(x.family, x.parameters, x.model, y.bits) <
           std::tie(y.family, y.parameters, y.model, x.bits);
  });
  return points;
}

using Key = std::tuple<std::string, std::string, std::string, Scoring>;

/// What two cells have in common that are the same one; scoring is compared apart.
Key keyOf(const LawPoint& p, const DiffOptions& options, bool scoring) {
  Scoring how = scoring ? scoringOf(p, options.metric) : Scoring{};
  how.source.clear();  // sides may be of different sources; who scored it is the evaluator's name
  how.calibration.clear();
  return {p.family, p.model,
          options.byWidth ? fmt::format("{} bit, block {}", p.bits, p.blockSize) : labelOf(p), how};
}

struct Matches {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  std::vector<std::size_t> onlyA, onlyB;
  std::size_t ambiguous = 0, scoredDifferently = 0;
};

Matches matchCells(const std::vector<LawPoint>& a, const std::vector<LawPoint>& b,
                   const DiffOptions& options) {
  std::map<Key, std::vector<std::size_t>> inA, inB;
  for (std::size_t i = 0; i < a.size(); ++i) inA[keyOf(a[i], options, true)].push_back(i);
  for (std::size_t i = 0; i < b.size(); ++i) inB[keyOf(b[i], options, true)].push_back(i);
  std::set<Key> looselyA, looselyB;
  for (const LawPoint& p : a) looselyA.insert(keyOf(p, options, false));
  for (const LawPoint& p : b) looselyB.insert(keyOf(p, options, false));
  Matches matches;
  for (const auto& [key, mine] : inA) {
    const auto theirs = inB.find(key);
    if (theirs == inB.end()) {
      for (const std::size_t i : mine) {
        matches.onlyA.push_back(i);
        matches.scoredDifferently += looselyB.contains(keyOf(a[i], options, false)) ? 1 : 0;
      }
    } else if (mine.size() == 1 && theirs->second.size() == 1) {
      matches.pairs.emplace_back(mine[0], theirs->second[0]);
    } else {
      ++matches.ambiguous;
    }
  }
  for (const auto& [key, mine] : inB) {
    if (!inA.contains(key)) matches.onlyB.insert(matches.onlyB.end(), mine.begin(), mine.end());
  }
  std::sort(matches.pairs.begin(), matches.pairs.end());
  std::sort(matches.onlyA.begin(), matches.onlyA.end());
  std::sort(matches.onlyB.begin(), matches.onlyB.end());
  return matches;
}

std::optional<LawPoint> bestWithin(const std::vector<LawPoint>& points, double budget,
                                   LawMetric metric) {
  const LawPoint* best = nullptr;
  const auto good = [&](const LawPoint& p) {
    return metric == LawMetric::Accuracy ? metricOf(p, metric) : -metricOf(p, metric);
  };
  for (const LawPoint& p : points) {
    if (!(p.totalBits <= budget)) continue;
    if (!best || good(p) > good(*best)) best = &p;
  }
  return best ? std::optional(*best) : std::nullopt;
}

/// The best of a side among cells that were scored alike; a side of several scorings has none.
void addBudgets(const std::vector<LawPoint>& a, const std::vector<LawPoint>& b,
                const DiffOptions& options, SweepDiff& diff) {
  const auto setsOf = [&](const std::vector<LawPoint>& points) {
    return comparableSets(points, options.metric).size();
  };
  if (options.budgets.empty()) return;
  if (setsOf(a) != 1 || setsOf(b) != 1) {
    diff.notes.emplace_back(
        "the best within a budget is not named: a side has points that may not be compared");
    return;
  }
  for (const double budget : options.budgets) {
    diff.budgets.push_back(
        {budget, bestWithin(a, budget, options.metric), bestWithin(b, budget, options.metric)});
  }
}

std::string concludeDiff(const SweepDiff& diff) {
  std::string text;
  if (diff.cells.empty()) {
    text = "A and B have no cell in common";
  } else if (diff.empty()) {
    text =
        fmt::format("A and B are the same: all {} cells have the same outcomes", diff.cells.size());
  } else if (diff.same() == diff.cells.size()) {
    text = fmt::format("all {} cells that both have are the same", diff.cells.size());
  } else {
    const auto differ = diff.different();
    text = fmt::format("A and B differ in {} of {} cells", differ, diff.cells.size());
    std::size_t better = 0;
    for (const DiffCell& c : diff.cells) better += c.verdict == PairVerdict::Better ? 1 : 0;
    if (differ > 0)
      text += fmt::format(" (B is better in {}, worse in {})", better, differ - better);
  }
  for (const BudgetMove& move : diff.budgets) {
    if (!move.moved()) continue;
    text += fmt::format("; best at {} moved from {} to {}", formatBytes(move.bits),
                        move.a ? nameOf(*move.a) : "nothing", move.b ? nameOf(*move.b) : "nothing");
  }
  return text;
}

}  // namespace

bool BudgetMove::moved() const {
  if (a.has_value() != b.has_value()) return true;
  return a && (a->model != b->model || labelOf(*a) != labelOf(*b));
}

std::size_t SweepDiff::same() const {
  return static_cast<std::size_t>(
      std::count_if(cells.begin(), cells.end(), [](const DiffCell& c) { return c.same; }));
}

std::size_t SweepDiff::different() const {
  return static_cast<std::size_t>(std::count_if(cells.begin(), cells.end(), [](const DiffCell& c) {
    return c.verdict == PairVerdict::Better || c.verdict == PairVerdict::Worse;
  }));
}

bool SweepDiff::empty() const {
  return same() == cells.size() && onlyA.empty() && onlyB.empty() &&
         std::none_of(parameters.begin(), parameters.end(),
                      [](const auto& p) { return p.difference != 0; }) &&
         std::none_of(budgets.begin(), budgets.end(), [](const auto& m) { return m.moved(); });
}

SweepDiff diffSweeps(const DiffSide& a, const DiffSide& b, const DiffOptions& options,
                     const JobContext& job) {
  const std::vector<LawPoint> first = pointsOf(a, options.metric, "A");
  const std::vector<LawPoint> second = pointsOf(b, options.metric, "B");
  SweepDiff diff;
  diff.metric = options.metric;
  diff.correction = options.correction;
  diff.level = options.level;
  const Matches matches = matchCells(first, second, options);
  const Differ differ(a, b, options);
  for (const auto& [i, k] : matches.pairs) {
    job.throwIfCancelled();
    job.progress(
        {static_cast<double>(diff.cells.size()) / static_cast<double>(matches.pairs.size()),
         "comparing cells", static_cast<std::int64_t>(diff.cells.size()),
         static_cast<std::int64_t>(matches.pairs.size())});
    diff.cells.push_back(differ.compare(first[i], second[k]));
  }
  for (const std::size_t i : matches.onlyA) diff.onlyA.push_back(first[i]);
  for (const std::size_t i : matches.onlyB) diff.onlyB.push_back(second[i]);
  if (matches.scoredDifferently > 0) {
    diff.notes.push_back(fmt::format("{} of A {} in B too, but scored differently: not compared",
                                     matches.scoredDifferently,
                                     matches.scoredDifferently == 1 ? "is" : "are"));
  }
  if (matches.ambiguous > 0) {
    diff.notes.push_back(fmt::format(
        "{} cells have several configurations on a side, so which go together is not known: "
        "not compared",
        matches.ambiguous));
  }
  differ.judge(diff);
  addLawDifferences(first, second, options, diff, job);
  addBudgets(first, second, options, diff);
  diff.verdict = concludeDiff(diff);
  return diff;
}

std::string diffToCsv(const SweepDiff& diff) {
  std::string text =
      "family,model,config_a,config_b,bits_a,bits_b,value_a,value_b,difference,lower,upper,p,"
      "p_adjusted,paired,only_a_right,only_b_right,verdict\n";
  const auto row = [&](const LawPoint* a, const LawPoint* b, const DiffCell* cell) {
    const LawPoint& any = a ? *a : *b;
    const auto value = [&](const LawPoint* p) {
      return p ? exactNumber(metricOf(*p, diff.metric)) : std::string();
    };
    text += csvField(any.family) + ',' + csvField(any.model) + ',' +
            (a ? csvField(labelOf(*a)) : "") + ',' + (b ? csvField(labelOf(*b)) : "") + ',' +
            (a ? exactNumber(a->totalBits) : "") + ',' + (b ? exactNumber(b->totalBits) : "") +
            ',' + value(a) + ',' + value(b) + ',';
    if (!cell) {
      text += fmt::format(",,,,,,,,{}\n", a ? "only A" : "only B");
      return;
    }
    text += fmt::format("{},{},{},{},{},{},{},{},{}\n", exactNumber(cell->difference),
                        exactNumber(cell->lower), exactNumber(cell->upper), exactNumber(cell->p),
                        exactNumber(cell->pAdjusted), cell->test ? "yes" : "no",
                        cell->test ? fmt::format("{}", cell->test->onlyFirst) : "",
                        cell->test ? fmt::format("{}", cell->test->onlySecond) : "",
                        cell->same ? "same" : pairVerdictName(cell->verdict));
  };
  for (const DiffCell& cell : diff.cells) row(&cell.a, &cell.b, &cell);
  for (const LawPoint& point : diff.onlyA) row(&point, nullptr, nullptr);
  for (const LawPoint& point : diff.onlyB) row(nullptr, &point, nullptr);
  return text;
}

}  // namespace bitfrontier
