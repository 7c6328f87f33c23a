// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/advise.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const AdviceCandidate* find(const Advice& advice, double size, const std::string& config) {
  const std::string model = fmt::format("planted-{:.3g}", size);
  for (const AdviceCandidate& c : advice.candidates) {
    if (c.model == model && c.config == config) return &c;
  }
  return nullptr;
}

AdviceOptions weightsOnly(double bits) {
  AdviceOptions options;
  options.memoryBits = bits;
  options.memory.needs.context = 0;
  options.draws = 1000;
  return options;
}

TEST(Advise, MemoryHoldsWeightsCacheAndHeadroomToTheBit) {
  test::PlantedTruth truth = test::drawTruth(1, false);
  truth.items = 500;
  test::TempStore store;
  addPlanted(store, truth, test::plantSweep(truth, 1), [](auto, auto) { return true; });
  AdviceOptions options;
  // 24 layers, 16 heads of 64, 4096 tokens, 3 sequences, 8 bits: by hand 2,415,919,104 bits... of
  // keys and as many of values, so that times 2.
  options.memory.needs = {4096, 3, 8, 0.1};
  for (const double size : truth.sizes) {
    options.memory.shapes[fmt::format("planted-{:.3g}", size)] = {24, 16, 64, 0};
  }
  const double cache = 2.0 * 24 * 16 * 64 * 4096 * 3 * 8;
  EXPECT_EQ(cache, 4'831'838'208.0);
  const double weights = 2.7e9 * 4.25;
  options.draws = 200;
  const auto fits = [&](double memory) {
    options.memoryBits = memory;
    const auto all = advise(store.get(), {}, options);
    EXPECT_EQ(all.size(), 1u);
    return find(all[0], 2.7e9, "int4") != nullptr;
  };
  EXPECT_TRUE(fits((weights + cache + 1) / 0.9));
  EXPECT_FALSE(fits((weights + cache - 1) / 0.9));

  options.memory.shapes.erase("planted-2.7e+09");
  options.memoryBits = 1e12;
  const Advice unknown = advise(store.get(), {}, options)[0];
  EXPECT_EQ(find(unknown, 2.7e9, "int4"), nullptr);
  EXPECT_THAT(unknown.notes, Contains(AllOf(HasSubstr("layers and heads are not known"),
                                            HasSubstr("for the weights alone: planted-2.7e+09"))));
}

TEST(Advise, ChoiceRunnerUpIntervalsAndNextRuns) {
  const test::PlantedTruth truth = test::drawTruth(7, false);
  const test::PlantedSweep sweep = test::plantSweep(truth, 7);
  test::TempStore store;
  const auto measured = [](std::size_t size, std::size_t format) {
    return (5 * size + format) % 3 != 1;
  };
  addPlanted(store, truth, sweep, measured);
  const double budget = 2.5e10;
  const Advice advice = advise(store.get(), {}, weightsOnly(budget)).at(0);
  EXPECT_EQ(advice.models, truth.sizes.size());
  EXPECT_EQ(advice.cells, sweep.points.size());

  double sum = 0, best = 0, bestMeasured = 0;
  std::size_t inside = 0, fitting = 0;
  const std::size_t formats = truth.formats.size();
  for (std::size_t c = 0; c < sweep.points.size(); ++c) {
    if (sweep.points[c].totalBits > budget) continue;
    ++fitting;
    best = std::max(best, sweep.truth[c]);
    const AdviceCandidate* candidate =
        find(advice, truth.sizes[c / formats], truth.formats[c % formats].label);
    ASSERT_NE(candidate, nullptr) << sweep.points[c].model << " " << sweep.points[c].config;
    EXPECT_EQ(candidate->measured, measured(c / formats, c % formats));
    EXPECT_LT(candidate->low, candidate->predicted);
    EXPECT_GT(candidate->high, candidate->predicted);
    inside += sweep.truth[c] >= candidate->low && sweep.truth[c] <= candidate->high ? 1 : 0;
    if (candidate->measured) {
      EXPECT_EQ(candidate->value, sweep.points[c].accuracy);
      bestMeasured = std::max(bestMeasured, candidate->value);
    }
    sum += candidate->probability;
  }
  EXPECT_EQ(advice.fitting, fitting);
  EXPECT_EQ(advice.candidates.size(), fitting);
  EXPECT_GE(inside, fitting * 8 / 10);
  EXPECT_NEAR(sum, 1, 1e-9);

  ASSERT_TRUE(advice.choice && advice.runnerUp && advice.bestMeasured && advice.bestPredicted);
  const AdviceCandidate& choice = advice.candidates[*advice.choice];
  for (std::size_t c = 0; c < sweep.points.size(); ++c) {
    if (sweep.points[c].model == choice.model && sweep.points[c].config == choice.config) {
      EXPECT_LE(best - sweep.truth[c], 0.003);
    }
  }
  EXPECT_NE(*advice.runnerUp, *advice.choice);
  EXPECT_EQ(advice.candidates[*advice.bestMeasured].value, bestMeasured);
  EXPECT_FALSE(advice.candidates[*advice.bestPredicted].measured);
  EXPECT_GE(advice.regret, 0);
  EXPECT_THAT(advice.sentence, HasSubstr(choice.model + " " + choice.config));
  // What to run next was not run.
  for (const AdviceRun& run : advice.next) {
    const auto at = std::find_if(sweep.points.begin(), sweep.points.end(), [&](const LawPoint& p) {
      return p.model == run.model && p.config == run.config;
    });
    ASSERT_NE(at, sweep.points.end());
    const auto c = static_cast<std::size_t>(at - sweep.points.begin());
    EXPECT_FALSE(measured(c / formats, c % formats));
    EXPECT_GT(run.minutes, 0);
  }
  const auto json = adviceToJson(advice);
  EXPECT_EQ(json["candidates"].size(), fitting);
}

TEST(Advise, EffectiveSizeIsThatOfThePlantedShift) {
  // int4 counts like a 16-bit model of 0.8 times the size, by construction.
  test::PlantedTruth truth = test::drawTruth(3, false);
  truth.tau = 0.0005;
  truth.items = 40000;
  truth.formats = {{"fp16", 16, 16, 1, 0}, {"int4", 4, 4.25, 0.8, 0}, {"int3", 3, 3.25, 0.5, 0}};
  test::TempStore store;
  addPlanted(store, truth, test::plantSweep(truth, 3), [](auto, auto) { return true; });
  const Advice advice = advise(store.get(), {}, weightsOnly(2.7e9 * 4.3)).at(0);
  const AdviceCandidate* c = find(advice, 2.7e9, "int4");
  ASSERT_NE(c, nullptr);
  EXPECT_EQ(c->reference, "fp16");
  ASSERT_TRUE(std::isfinite(c->equals.parameters)) << c->equals.problem;
  EXPECT_NEAR(c->equals.parameters / (0.8 * 2.7e9), 1, 0.1);
  EXPECT_LT(c->equals.low, 0.8 * 2.7e9);
  EXPECT_GT(c->equals.high, 0.8 * 2.7e9);
  EXPECT_LT(c->equals.se, 0.1 * 2.7e9);
  const auto json = adviceToJson(advice);
  EXPECT_EQ(json["candidates"][0]["equals"]["reference"], "fp16");
}

TEST(Advise, RefusesToExtrapolateTooFar) {
  test::PlantedTruth truth = test::drawTruth(5, false);
  truth.sizes = {0.125e9, 0.35e9, 0.7e9, 1.3e9, 2.7e9, 4e9, 30e9};
  test::TempStore store;
  // Of the largest nothing but a text is measured: 7.5 times outside.
  addPlanted(store, truth, test::plantSweep(truth, 5), [](auto size, auto) { return size < 6; });
  const Advice advice = advise(store.get(), {}, weightsOnly(1e12)).at(0);
  EXPECT_EQ(advice.cells, truth.sizes.size() * truth.formats.size());
  EXPECT_EQ(advice.fitting, 6 * truth.formats.size());
  EXPECT_EQ(find(advice, 30e9, "int4"), nullptr);
  EXPECT_THAT(advice.notes,
              Contains(HasSubstr("planted-3e+10 is not predicted: 7.5 times outside the measured "
                                 "range")));
}

TEST(Advise, WithoutALawOnlyMeasurementsCount) {
  test::PlantedTruth truth = test::drawTruth(5, false);
  truth.sizes.resize(3);
  test::TempStore store;
  addPlanted(store, truth, test::plantSweep(truth, 5),
             [](auto size, auto format) { return size < 2 || format < 3; });
  const Advice advice = advise(store.get(), {}, weightsOnly(1e12)).at(0);
  for (const AdviceCandidate& c : advice.candidates) EXPECT_TRUE(c.measured);
  EXPECT_THAT(advice.laws.at("planted"), HasSubstr("no law: "));
  EXPECT_THAT(advice.laws.at("planted"), HasSubstr("3 sizes"));
}

TEST(Advise, NoStandardErrorsIsNotCertainty) {
  test::TempStore store;
  for (const int k : {16, 4}) {
    RunRecord run = test::runOf("bare", 1e9, k == 16 ? "fp16" : "int4", k, k);
    run.result = test::taskOf("task", {0, 1});
    run.result.correct.clear();
    run.result.items = 0;
    run.result.accuracySe = TaskResult::kAbsent;
    run.result.accuracy = k == 16 ? 0.62 : 0.61;
    store.add(run);
  }
  const Advice advice = bitfrontier::advise(store.get(), {}, weightsOnly(1e12)).at(0);
  EXPECT_FALSE(advice.errorsKnown);
  EXPECT_EQ(advice.verdict, Verdict::Undecided);
  EXPECT_EQ(advice.sentence,
            "bare-1e+09 fp16 is best as measured; without standard errors how sure that is is not "
            "known");
  EXPECT_THAT(advice.notes, Contains(HasSubstr("bare: no point has a standard error")));
  // With errors the same values are a toss-up that is called one.
  test::TempStore with;
  for (const int k : {16, 4}) {
    RunRecord run = test::runOf("bare", 1e9, k == 16 ? "fp16" : "int4", k, k);
    run.result = test::taskOf("task", {0, 1});
    run.result.correct.clear();
    run.result.items = 500;
    run.result.accuracySe = TaskResult::kAbsent;
    run.result.accuracy = k == 16 ? 0.62 : 0.61;
    with.add(run);
  }
  const Advice known = bitfrontier::advise(with.get(), {}, weightsOnly(1e12)).at(0);
  EXPECT_TRUE(known.errorsKnown);
  EXPECT_THAT(known.sentence, HasSubstr("not decided between"));
}

TEST(Advise, TwoOfTheSameTie) {
  test::TempStore store;
  std::vector<std::uint8_t> right(1000);
  for (std::size_t j = 0; j < right.size(); ++j) right[j] = j % 3 == 0 ? 1 : 0;
  for (const char* config : {"int4-b64", "float4-b64"}) {
    RunRecord run = test::runOf("twin", 1e9, config, 4, 4.25);
    run.result = test::taskOf("task", right);
    store.add(run);
  }
  const Advice advice = advise(store.get(), {}, weightsOnly(1e12)).at(0);
  ASSERT_EQ(advice.candidates.size(), 2u);
  EXPECT_NEAR(advice.candidates[0].probability, 0.5, 1e-9);
  EXPECT_NEAR(advice.candidates[1].probability, 0.5, 1e-9);
  EXPECT_EQ(advice.verdict, Verdict::Undecided);
  EXPECT_THAT(advice.sentence, HasSubstr("not decided between"));
}

TEST(Advise, NothingFitsAndNothingMatches) {
  test::PlantedTruth truth = test::drawTruth(5, false);
  truth.items = 100;
  test::TempStore store;
  EXPECT_THROW(advise(store.get(), {}, weightsOnly(1e9)), Error);
  addPlanted(store, truth, test::plantSweep(truth, 5), [](auto, auto) { return true; });
  const Advice advice = advise(store.get(), {}, weightsOnly(1000)).at(0);
  EXPECT_THAT(advice.sentence, HasSubstr("nothing fits: planted-1.25e+08 int3, the smallest"));
  EXPECT_THAT(advice.sentence, HasSubstr("needs 50.8 MB, and 125 B can be used"));
  EXPECT_THAT(advice.candidates, IsEmpty());
  AdviceOptions wrong = weightsOnly(-1);
  EXPECT_THROW(advise(store.get(), {}, wrong), Error);
  wrong = weightsOnly(1e9);
  wrong.memory.needs.headroom = 1;
  EXPECT_THROW(advise(store.get(), {}, wrong), Error);
}

}  // namespace
}  // namespace bitfrontier
