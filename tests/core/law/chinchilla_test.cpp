// SPDX-License-Identifier: GPL-3.0-or-later
// The refit of Hoffmann et al.'s runs: optimum, change of delta, bootstrap; and planted laws.

#include "core/law/chinchilla.h"

#include <gmock/gmock.h>

#include <cmath>

#include "core/base/error.h"
#include "core/law/counter_rng.h"
#include "tests/core/law/law_cases.h"

namespace bitfrontier {
namespace {

class ChinchillaReference : public test::LawCases {
 protected:
  std::vector<TrainingRun> runs(bool all) const {
    const CsvTable table = CsvTable::read(folder_ / "chinchilla" / "chinchilla_n245.csv");
    std::vector<TrainingRun> result;
    for (const auto& row : table.rows()) {
      if (!all && table.number(row, "use_in_main_fit") == 0) continue;
      result.push_back({table.number(row, "params_N"), table.number(row, "tokens_D"),
                        table.number(row, "loss")});
    }
    return result;
  }
};

TEST_F(ChinchillaReference, OptimaOfEightObjectives) {
  for (const bool all : {false, true}) {
    for (const auto& [name, delta] : {std::pair{"0.001", 1e-3}, std::pair{"0.01", 1e-2},
                                      std::pair{"0.1", 0.1}, std::pair{"1000", 1e3}}) {
      const std::string key = std::string(all ? "all_n245" : "drop5_n240") + "_delta" + name;
      const auto& e = reference_["chinchilla"]["optimum"][key];
      ChinchillaOptions options;
      options.delta = delta;
      const ChinchillaFit fit = fitChinchilla(runs(all), options);
      const ChinchillaParameters& p = fit.parameters;
      const double tolerance = all && delta >= 0.1 ? 1e-4 : 1e-5;
      EXPECT_NEAR(p.logA(), e["a"].get<double>(), tolerance) << key;
      EXPECT_NEAR(p.logB(), e["b"].get<double>(), tolerance) << key;
      EXPECT_NEAR(p.e, e["e"].get<double>(), tolerance) << key;
      EXPECT_NEAR(p.alpha, e["alpha"].get<double>(), tolerance) << key;
      EXPECT_NEAR(p.beta, e["beta"].get<double>(), tolerance) << key;
      EXPECT_LE(fit.cost, e["huber_sum"].get<double>() * (1 + 1e-8)) << key;
      EXPECT_EQ(fit.n, e["n"].get<int>());
      EXPECT_GE(fit.agreed, 6) << key;
    }
  }
}

TEST_F(ChinchillaReference, BootstrapIntervals) {
  const auto& e = reference_["chinchilla"]["bootstrap_4000_exact_optima"];
  ChinchillaOptions options;
  options.threads = 2;
  const std::vector<TrainingRun> data = runs(false);
  const ChinchillaBootstrap b =
      bootstrapChinchilla(data, fitChinchilla(data, options), 4000, options);
  EXPECT_EQ(b.failed, 0u);
  const std::pair<const char*, const ChinchillaSpread*> spreads[] = {
      {"A", &b.A}, {"B", &b.B}, {"E", &b.E}, {"alpha", &b.alpha}, {"beta", &b.beta}};
  for (const auto& [name, spread] : spreads) {
    const double se = e["se"][name].get<double>();
    EXPECT_NEAR(spread->se / se, 1, *name == 'B' ? 0.10 : 0.05) << name;
    EXPECT_NEAR(spread->lower, e["ci95"][name][0].get<double>(), 0.15 * se) << name;
    EXPECT_NEAR(spread->upper, e["ci95"][name][1].get<double>(), 0.15 * se) << name;
  }
  const auto& size = e["a_opt_beta_over_alpha_plus_beta"];
  EXPECT_NEAR(b.sizeExponent.se / size["se"].get<double>(), 1, 0.05);
}

std::vector<TrainingRun> plantedRuns(double noise) {
  std::vector<TrainingRun> runs;
  CounterRng rng(1, 1);
  for (double n = 5e7; n < 2e10; n *= 2) {
    for (double d = 1e9; d < 2e12; d *= 4) {
      const double loss = 1.8 + 400 * std::pow(n, -0.34) + 1500 * std::pow(d, -0.36);
      runs.push_back({n, d, loss * std::exp(noise * rng.normal())});
    }
  }
  return runs;
}

TEST(Chinchilla, PlantedLaw) {
  for (const double delta : {1e-3, HUGE_VAL}) {
    ChinchillaOptions options;
    options.delta = delta;
    const ChinchillaFit fit = fitChinchilla(plantedRuns(0), options);
    EXPECT_NEAR(std::exp(fit.parameters.logA()), 400, 0.05);
    EXPECT_NEAR(std::exp(fit.parameters.logB()), 1500, 0.5);
    EXPECT_NEAR(std::exp(fit.parameters.e), 1.8, 1e-5);
    EXPECT_NEAR(fit.parameters.alpha, 0.34, 1e-5);
    EXPECT_NEAR(fit.parameters.beta, 0.36, 1e-5);
    EXPECT_NEAR(fit.parameters.predict(1e9, 1e11),
                1.8 + 400 * std::pow(1e9, -0.34) + 1500 * std::pow(1e11, -0.36), 1e-6);
  }
}

TEST(Chinchilla, BootstrapDoesNotDependOnThreads) {
  const auto runs = plantedRuns(0.01);
  ChinchillaOptions options;
  const ChinchillaFit fit = fitChinchilla(runs, options);
  const ChinchillaBootstrap one = bootstrapChinchilla(runs, fit, 100, options);
  options.threads = 3;
  const ChinchillaBootstrap three = bootstrapChinchilla(runs, fit, 100, options);
  ASSERT_EQ(one.draws.size(), three.draws.size());
  for (std::size_t r = 0; r < one.draws.size(); ++r) {
    EXPECT_EQ(one.draws[r].alpha, three.draws[r].alpha);
    EXPECT_EQ(one.draws[r].e, three.draws[r].e);
  }
}

TEST(Chinchilla, BadRunsAreNamed) {
  const auto message = [](std::vector<TrainingRun> runs) -> std::string {
    try {
      fitChinchilla(runs);
    } catch (const Error& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_EQ(message({{1e9, 1e9, 3}}), "1 training runs are too few for five parameters");
  auto runs = plantedRuns(0);
  runs[2].loss = std::nan("");
  EXPECT_THAT(message(runs), testing::StartsWith("training run 2 has"));
  runs = plantedRuns(0);
  for (TrainingRun& run : runs) run.tokens = 1e9;
  EXPECT_THAT(message(runs), testing::HasSubstr("one number of tokens"));
}

}  // namespace
}  // namespace bitfrontier
