// SPDX-License-Identifier: GPL-3.0-or-later
// The exact Pareto frontier of 100,000 points against the definition, pair by pair, in the same
// process.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/law/decide/frontier.h"
#include "core/law/decide/frontier_probability.h"
#include "core/law/numeric/counter_rng.h"
#include "tests/bench/measure.h"

namespace bitfrontier {
namespace {

/// Points as a large store has them: the metric rises with bits and scatters, many points share
/// their bits, and all values are shares of 1,000 items, so that ties happen.
std::vector<LawPoint> manyPoints(std::size_t n) {
  std::vector<LawPoint> points(n);
  CounterRng rng(1, 0);
  for (LawPoint& p : points) {
    const double size = rng.uniform();
    p.totalBits = std::round(1e9 * std::exp(7 * size));
    p.accuracy = std::round(1000 * (0.3 + 0.3 * size + 0.1 * rng.uniform())) / 1000;
  }
  return points;
}

/// The definition: a point is kept unless another is at least as good in both and better in one.
std::vector<std::size_t> plainFrontier(const std::vector<LawPoint>& points) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < points.size(); ++i) {
    bool dominated = false;
    for (std::size_t k = 0; k < points.size() && !dominated; ++k) {
      dominated =
          points[k].totalBits <= points[i].totalBits && points[k].accuracy >= points[i].accuracy &&
          (points[k].totalBits < points[i].totalBits || points[k].accuracy > points[i].accuracy);
    }
    if (!dominated) kept.push_back(i);
  }
  std::stable_sort(kept.begin(), kept.end(), [&](std::size_t a, std::size_t b) {
    return points[a].totalBits < points[b].totalBits;
  });
  return kept;
}

/// The same without leaving the inner loop early: what "all pairs" costs whatever the order.
std::size_t allPairs(const std::vector<LawPoint>& points) {
  std::size_t dominated = 0;
  for (const LawPoint& p : points) {
    bool beaten = false;
    for (const LawPoint& q : points) {
      beaten |= q.totalBits <= p.totalBits && q.accuracy >= p.accuracy &&
                (q.totalBits < p.totalBits || q.accuracy > p.accuracy);
    }
    dominated += beaten ? 1 : 0;
  }
  return points.size() - dominated;
}

void BM_Frontier(benchmark::State& state) {
  const auto points = manyPoints(static_cast<std::size_t>(state.range(0)));
  const std::vector<std::size_t> expected = plainFrontier(points);
  if (paretoFrontier(points, LawMetric::Accuracy) != expected) {
    state.SkipWithError("the frontier is not that of the definition");
    return;
  }
  std::size_t found = 0;
  bench::compare(state, static_cast<double>(points.size()), bench::Clock::Thread,
                 [&] { found = paretoFrontier(points, LawMetric::Accuracy).size(); },
                 {{"plain", [&] { found = plainFrontier(points).size(); }},
                  {"all_pairs", points.size() <= 20000
                                    ? std::function<void()>([&] { found = allPairs(points); })
                                    : std::function<void()>()}});
  benchmark::DoNotOptimize(found);
  state.counters["on_it"] = static_cast<double>(expected.size());
}
BENCHMARK(BM_Frontier)
    ->Arg(10000)
    ->Arg(100000)
    ->UseManualTime()
    ->Iterations(11)
    ->Unit(benchmark::kMillisecond);

/// Probabilities of the frontier of a store of 100,000 points with errors: candidates, then 400
/// draws of each.
void BM_FrontierProbability(benchmark::State& state) {
  const auto points = manyPoints(100000);
  std::vector<double> costs, values, errors;
  for (const LawPoint& p : points) {
    costs.push_back(p.totalBits);
    values.push_back(p.accuracy);
    errors.push_back(0.005);
  }
  double sum = 0;
  std::size_t kept = 0;
  bench::compare(state, static_cast<double>(points.size()), bench::Clock::Thread,
                 [&] {
                   const auto candidates = frontierCandidates(costs, values, errors);
                   std::vector<double> c, v, e;
                   for (const std::size_t i : candidates) {
                     c.push_back(costs[i]);
                     v.push_back(values[i]);
                     e.push_back(errors[i]);
                   }
                   kept = candidates.size();
                   sum = frontierProbability(c, normalDraws(v, e, 400, 1)).front();
                 },
                 {});
  benchmark::DoNotOptimize(sum);
  state.counters["candidates"] = static_cast<double>(kept);
}
BENCHMARK(BM_FrontierProbability)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace bitfrontier

BENCHMARK_MAIN();
