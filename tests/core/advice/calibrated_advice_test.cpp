// SPDX-License-Identifier: GPL-3.0-or-later
// What fits goes by the peaks that runs on a GPU had: planted as 1.2 times what was predicted and
// 300 MB.

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/advice/advice_posterior.h"
#include "core/advice/advise.h"
#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

using testing::HasSubstr;

double peakOf(double bytes) { return 1.2 * bytes + 3e8; }

/// A planted sweep with 4 families' worth of cells, each with its peak on `device`.
void plant(test::TempStore& store, const std::string& device) {
  for (const double size : {1e9, 2e9, 4e9, 8e9, 16e9}) {
    for (const auto& [config, k] : {std::pair("fp16", 16), std::pair("int4-b64", 4)}) {
      RunRecord run = test::runOf("f", size, config, k, k);
      const int right = static_cast<int>(500 + 80 * std::log2(size / 1e9) - (k < 16 ? 20 : 0));
      std::vector<std::uint8_t> items(1000, 0);
      std::fill(items.begin(), items.begin() + right, 1);
      run.result = test::taskOf("t", std::move(items));
      run.device = device;
      run.predictedMemory = static_cast<std::int64_t>(size * k / 8);
      run.peakMemory = static_cast<std::int64_t>(peakOf(size * k / 8));
      store.add(run);
    }
  }
}

Advice ask(const test::TempStore& store, double bytes, bool calibrate = true) {
  AdviceOptions options;
  options.memoryBits = 8 * bytes;
  options.memory.needs.context = 0;
  options.calibrate = calibrate;
  options.next = options.equals = false;
  return advise(store.get(), {}, options).front();
}

TEST(CalibratedAdvice, WhatFitsGoesByMeasuredPeaks) {
  test::TempStore store;
  plant(store, "cuda:0");
  // The weights of 16e9 at 4 bit are 8 GB; it takes 9.9 GB.
  const auto chosen = [](const Advice& advice) {
    const AdviceCandidate& c = advice.candidates.at(advice.choice.value());
    return c.model + " " + c.config;
  };
  EXPECT_EQ(chosen(ask(store, 8.5e9, false)), "f-1.6e+10 int4-b64");
  EXPECT_NE(chosen(ask(store, 8.5e9)), "f-1.6e+10 int4-b64");
  EXPECT_EQ(chosen(ask(store, 10e9)), "f-1.6e+10 int4-b64");
  const Advice advice = ask(store, 10e9);
  EXPECT_EQ(advice.calibration, "calibrated on 10 runs of cuda:0");
  const AdviceCandidate& best = advice.candidates.at(advice.choice.value());
  const double counted = (best.weightBits + best.kvBits) / 8;
  EXPECT_NEAR(best.otherBits / 8, peakOf(counted) - counted, 1e6);
  EXPECT_LE(best.otherLow, best.otherBits);
  EXPECT_GE(best.otherHigh, best.otherBits);
  EXPECT_EQ(adviceToJson(advice)["memory_calibration"], advice.calibration);
  EXPECT_THAT(ask(store, 1e8).sentence, HasSubstr("by measured peaks"));
}

TEST(CalibratedAdvice, RunsOnTheCpuSayNothingOfAGpu) {
  test::TempStore store;
  plant(store, "cpu");
  const Advice advice = ask(store, 8.5e9);
  EXPECT_EQ(advice.calibration, "not calibrated: no measured peaks of a GPU");
  EXPECT_EQ(advice.candidates.at(advice.choice.value()).otherBits, 0);
}

TEST(CalibratedAdvice, APosteriorAnswersOnlyForItsOwnCalibration) {
  test::TempStore store;
  plant(store, "cuda:0");
  AdviceOptions options;
  options.memoryBits = 8e10;
  const AdvicePosterior posterior = learnStore(store.get(), {}, options);
  EXPECT_TRUE(posterior.answers(options));
  options.calibrate = false;
  EXPECT_FALSE(posterior.answers(options));
}

}  // namespace
}  // namespace bitfrontier
