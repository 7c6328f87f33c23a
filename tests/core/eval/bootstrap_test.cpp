// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/bootstrap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <stop_token>
#include <vector>

#include "core/base/error.h"
#include "core/eval/python_random.h"

namespace bitfrontier {
namespace {

// CPython 3.11: r = random.Random(seed).
TEST(PythonRandomTest, GivesCPythonsNumbers) {
  PythonRandom zero(0);
  EXPECT_EQ(zero.random(), 0.8444218515250481);
  EXPECT_EQ(zero.random(), 0.7579544029403025);
  EXPECT_EQ(zero.random(), 0.420571580830845);
  EXPECT_EQ(zero.next(), 1112038970u);
  PythonRandom other(12345);
  std::vector<std::size_t> chosen(8);
  for (std::size_t& index : chosen) index = other.choice(1000);
  EXPECT_THAT(chosen, ::testing::ElementsAre(416, 10, 825, 298, 368, 193, 566, 161));
  std::uint32_t last = 0;
  for (int i = 0; i < 700; ++i) last = other.next();  // across the next block of 624
  EXPECT_EQ(last, 1758593382u);
}

TEST(Bootstrap, IsTheHarnesssOwn) {
  // lm_eval.api.metrics.bootstrap_stderr(perplexity, values, 3000) in CPython 3.12.1 and 3.13.0,
  // and in 3.11.7
  std::vector<double> values;
  for (int i = 0; i < 20; ++i) values.push_back(-static_cast<double>(i * 37 % 101) / 13);
  EXPECT_EQ(bootstrapPerplexityError(values, 3000), 26.530374806874672);
  EXPECT_EQ(bootstrapPerplexityError(values, 3000, {}, PythonSum::Plain), 26.530374806874693);
  EXPECT_TRUE(std::isnan(bootstrapPerplexityError(values, 0)));
  EXPECT_TRUE(std::isnan(bootstrapPerplexityError({}, 3000)));
}

TEST(Bootstrap, TheHarnesssRecordOfASeededDummyModel) {
  // cases/requests/lambada_openai-v0-res.json: random.seed(42), a log likelihood of -random() for
  // each request, every passage asked for twice and the first answer taken; 10 resamples.
  PythonRandom random(42);
  std::vector<double> values;
  double sum = 0;
  for (int passage = 0; passage < 5153; ++passage) {
    values.push_back(-random.random());
    sum += values.back();
    random.random();
  }
  EXPECT_NEAR(std::exp(-sum / 5153), 1.6479047769869253, 1e-14);
  // The record is of 2021, when sum() was plain; CPython 3.12.1 gives the other value.
  EXPECT_EQ(bootstrapPerplexityError(values, 10, {}, PythonSum::Plain), 0.006497321146240192);
  EXPECT_EQ(bootstrapPerplexityError(values, 10), 0.006497321146240012);
}

TEST(Bootstrap, CanBeCancelled) {
  std::stop_source source;
  source.request_stop();
  const std::vector<double> values(10, -1.0);
  EXPECT_THROW(bootstrapPerplexityError(values, 5000, {source.get_token(), {}}), Error);
}

}  // namespace
}  // namespace bitfrontier
