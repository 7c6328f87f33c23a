// SPDX-License-Identifier: GPL-3.0-or-later
// Bootstraps of all series of a store of 35,000 runs, and the fit of L(N, D) from the published
// grid of starts with 4,000 bootstraps. Baselines in the same process are what one would write
// first: sums over bytes and a solver that builds a problem for each fit.

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/law/data/item_resampling.h"
#include "core/law/data/series.h"
#include "core/law/fit/joint_fit.h"
#include "core/law/inference/law_bootstrap.h"
#include "core/law/numeric/counter_rng.h"
#include "core/law/pooled/chinchilla.h"
#include "core/store/import/csv.h"

namespace bitfrontier {
namespace {

constexpr std::size_t kReplicates = 1000;
// LAMBADA, PIQA, HellaSwag, WinoGrande of the evaluation harness.
constexpr std::size_t kItems[] = {5153, 1838, 10042, 1267};

/// 35,000 runs: 5 families x 10 sizes x 175 configurations x 4 tasks, with outcomes of items.
struct BigStore {
  std::vector<LawPoint> points;
  std::vector<SeriesLaw> laws;
  std::vector<std::vector<std::size_t>> rows;  ///< of each series' points in `outcomes`
  ItemOutcomes outcomes{0};
  std::vector<std::uint8_t> bytes;  ///< outcomes of the first task, for the baseline

  BigStore() {
    const int widths[] = {3, 4, 5, 6, 7, 8, 16};
    for (int family = 0; family < 5; ++family) {
      for (int size = 0; size < 10; ++size) {
        for (int config = 0; config < 175; ++config) {
          LawPoint p;
          p.family = "family" + std::to_string(family);
          p.model = p.family + "-" + std::to_string(size);
          p.bits = widths[config % 7];
          p.config = "c" + std::to_string(config);
          p.parameters = 1e8 * std::pow(2.2, size);
          p.totalBits = p.parameters * (p.bits + 0.25);
          const double quality = std::log(p.parameters * (1 - std::exp(-p.bits / 1.8)) / 1e8);
          p.accuracy = 0.75 - 0.3 * std::exp(-0.25 * quality);
          points.push_back(p);
        }
      }
    }
    outcomes = ItemOutcomes(points.size());
    std::vector<std::vector<std::uint8_t>> task(points.size());
    for (const std::size_t items : kItems) {
      for (std::size_t i = 0; i < points.size(); ++i) {
        CounterRng rng(items, i);
        task[i].resize(items);
        const auto threshold = static_cast<std::uint32_t>(points[i].accuracy * 4294967295.0);
        for (std::uint8_t& right : task[i]) right = rng.next32() < threshold ? 1 : 0;
      }
      const std::vector<std::span<const std::uint8_t>> views(task.begin(), task.end());
      outcomes.addTask(std::to_string(items), views);
      if (bytes.empty()) {
        for (std::size_t i = 0; i < 100; ++i) {
          bytes.insert(bytes.end(), task[i].begin(), task[i].end());
        }
      }
    }
    std::map<std::pair<std::string, std::string>, std::size_t> rowOf;
    for (std::size_t i = 0; i < points.size(); ++i) {
      points[i].accuracy = outcomes.accuracy(i);
      double variance = 0;
      for (const std::size_t items : kItems) {
        variance += points[i].accuracy * (1 - points[i].accuracy) / double(items) / 16;
      }
      points[i].accuracySe = std::sqrt(variance);
      rowOf[{points[i].model, points[i].config}] = i;
    }
    JointOptions options = seriesOptions(LawMetric::Accuracy);
    options.starts = 4;
    for (LawSeries& s : makeSeries(points, SeriesKey::Bits)) {
      std::vector<std::size_t>& own = rows.emplace_back();
      for (const LawPoint& p : s.points) own.push_back(rowOf[{p.model, p.config}]);
      laws.push_back(fitSeries(std::move(s), options));
    }
  }
};

const BigStore& bigStore() {
  static const BigStore kStore;
  return kStore;
}

void BM_SeriesOfAStoreOf35000Runs(benchmark::State& state) {
  const BigStore& store = bigStore();
  BootstrapOptions options;
  options.replicates = kReplicates;
  options.threads = static_cast<int>(state.range(0));
  std::size_t refits = 0;
  for (auto _ : state) {
    refits = 0;
    for (std::size_t s = 0; s < store.laws.size(); ++s) {
      const ItemOutcomes own = store.outcomes.subset(store.rows[s]);
      refits += bootstrapSeriesLaw(store.laws[s], seriesOptions(LawMetric::Accuracy), &own, options)
                    .replicates;
    }
  }
  state.counters["series"] = static_cast<double>(store.laws.size());
  state.counters["fits"] = static_cast<double>(refits);
}
BENCHMARK(BM_SeriesOfAStoreOf35000Runs)
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kSecond)
    ->UseRealTime()
    ->Iterations(1);

/// What the above costs the plain way: a weighted sum over bytes for each row and replicate, a
/// full multi-start fit for each series and replicate; a part of it, `part_of_whole` times.
void BM_PlainSeriesBootstrap(benchmark::State& state) {
  const BigStore& store = bigStore();
  constexpr std::size_t kRows = 100, kSome = 3;
  double sum = 0;
  for (auto _ : state) {
    for (std::size_t r = 0; r < kSome; ++r) {
      const auto weights = itemWeights(kItems[0], 1, 0, r, ItemWeights::Multinomial);
      for (std::size_t i = 0; i < kRows; ++i) {
        const std::uint8_t* row = store.bytes.data() + i * kItems[0];
        for (std::size_t j = 0; j < kItems[0]; ++j) sum += weights[j] * row[j];
      }
    }
    benchmark::DoNotOptimize(sum);
  }
  const double items = 18300;
  state.counters["part_of_whole"] =
      double(kReplicates) / kSome * double(store.points.size()) / kRows * items / kItems[0];
}
BENCHMARK(BM_PlainSeriesBootstrap)->Unit(benchmark::kMillisecond);

void BM_PlainSeriesFits(benchmark::State& state) {
  const BigStore& store = bigStore();
  JointOptions options = seriesOptions(LawMetric::Accuracy);
  options.starts = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(fitJoint(store.laws[1].series.points, options).aicc);
  }
  state.counters["part_of_whole"] = double(kReplicates) * double(store.laws.size());
}
BENCHMARK(BM_PlainSeriesFits)->Unit(benchmark::kMillisecond);

std::vector<TrainingRun> chinchillaRuns() {
  std::vector<TrainingRun> runs;
  const char* cases = std::getenv("BITFRONTIER_CASES");
  const auto file = std::filesystem::path(cases != nullptr ? cases : "") / "laws" / "chinchilla" /
                    "chinchilla_n245.csv";
  if (!std::filesystem::exists(file)) return runs;
  const CsvTable table = CsvTable::read(file);
  for (const auto& row : table.rows()) {
    if (table.number(row, "use_in_main_fit") == 0) continue;
    runs.push_back(
        {table.number(row, "params_N"), table.number(row, "tokens_D"), table.number(row, "loss")});
  }
  return runs;
}

void BM_ChinchillaGrid4500(benchmark::State& state) {
  const std::vector<TrainingRun> runs = chinchillaRuns();
  if (runs.empty()) {
    state.SkipWithError("no reference cases (BITFRONTIER_CASES)");
    return;
  }
  ChinchillaOptions options;
  options.publishedGrid = true;
  ChinchillaFit fit;
  for (auto _ : state) fit = fitChinchilla(runs, options);
  state.counters["agreed"] = fit.agreed;
  state.counters["cost"] = fit.cost;
}
BENCHMARK(BM_ChinchillaGrid4500)->Unit(benchmark::kSecond)->Iterations(1);

void BM_ChinchillaBootstrap4000(benchmark::State& state) {
  const std::vector<TrainingRun> runs = chinchillaRuns();
  if (runs.empty()) {
    state.SkipWithError("no reference cases (BITFRONTIER_CASES)");
    return;
  }
  const ChinchillaFit fit = fitChinchilla(runs);
  ChinchillaBootstrap bootstrap;
  for (auto _ : state) bootstrap = bootstrapChinchilla(runs, fit, 4000);
  state.counters["se_alpha"] = bootstrap.alpha.se;
}
BENCHMARK(BM_ChinchillaBootstrap4000)->Unit(benchmark::kSecond)->Iterations(1);

}  // namespace
}  // namespace bitfrontier

BENCHMARK_MAIN();
