// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "core/base/error.h"
#include "core/eval/evaluate.h"

namespace bitfrontier {
namespace {

PreparedTask choices(const std::vector<int>& gold, std::vector<double> lengths) {
  PreparedTask task;
  task.name = "toy";
  task.scoring = Scoring::Choices;
  for (std::size_t i = 0; i < gold.size(); ++i) {
    task.items.push_back({2 * i, 2, gold[i], lengths, lengths, 1, 0, 0});
  }
  return task;
}

TEST(Summarize, AccuracyAndItsStandardError) {
  const PreparedTask task = choices({0, 1, 0, 1}, {1, 4});
  // choice 0, 0, 1 and a tie, of which the first counts
  const TaskResult result = summarize(task, {{-1, false},
                                             {-2, false},
                                             {-1, false},
                                             {-3, false},
                                             {-2, false},
                                             {-1, false},
                                             {-1, false},
                                             {-1, false}});
  EXPECT_EQ(result.correct, (std::vector<std::uint8_t>{1, 0, 0, 0}));
  EXPECT_EQ(result.logLikelihood, (std::vector<double>{-1, -3, -2, -1}));
  EXPECT_DOUBLE_EQ(result.accuracy, 0.25);
  EXPECT_DOUBLE_EQ(result.accuracySe, 0.25);  // sqrt(1/4 * 3/4 / 3)
  EXPECT_DOUBLE_EQ(result.chance, 0.5);
  EXPECT_DOUBLE_EQ(result.accuracyNorm, 0.5);  // per character choice 1 wins every time
  EXPECT_FALSE(result.isText());
}

TEST(Summarize, RatioStandardErrorMatchesManyDraws) {
  // Documents with random lengths and rates: the formula must agree with the spread of the ratio
  // over independent draws.
  std::mt19937 random(7);
  std::uniform_int_distribution<std::int64_t> tokens(20, 200);
  std::normal_distribution<double> rate(3.0, 0.4);
  constexpr int kDocuments = 80;
  constexpr int kDraws = 400;
  double meanSe = 0;
  double sum = 0;
  double squares = 0;
  for (int draw = 0; draw < kDraws; ++draw) {
    PreparedTask task;
    std::vector<RequestScore> scores;
    for (std::size_t i = 0; i < kDocuments; ++i) {
      const std::int64_t n = tokens(random);
      task.items.push_back({i, 1, 0, {}, {}, n, n / 2, 4 * n});
      scores.push_back({-rate(random) * static_cast<double>(n), false});
    }
    const TaskResult result = summarize(task, scores);
    meanSe += result.crossEntropySe / kDraws;
    sum += result.crossEntropy;
    squares += result.crossEntropy * result.crossEntropy;
    EXPECT_NEAR(result.bitsPerByte, result.crossEntropy / 4 / std::log(2.0), 1e-12);
    EXPECT_NEAR(result.bytePerplexity, std::exp(result.crossEntropy / 4), 1e-12);
    EXPECT_NEAR(std::log(result.wordPerplexity) / result.crossEntropy, 2, 0.03);
  }
  const double spread = std::sqrt(squares / kDraws - sum / kDraws * (sum / kDraws));
  EXPECT_NEAR(meanSe / spread, 1.0, 0.15);
}

TEST(Summarize, CharactersAndBytesAreTwoMeasures) {
  PreparedTask task = choices({1}, {4, 2});
  task.items[0].byteLengths = {4, 8};  // the second choice has two letters of four bytes
  const TaskResult result = summarize(task, {{-4, false}, {-3, false}});
  EXPECT_DOUBLE_EQ(result.accuracy, 1);       // -3 > -4
  EXPECT_DOUBLE_EQ(result.accuracyNorm, 0);   // -1 > -1.5
  EXPECT_DOUBLE_EQ(result.accuracyBytes, 1);  // -0.375 > -1
}

TEST(Summarize, TheLastWordCountsWhenGreedyAndHasAPerplexity) {
  PreparedTask task;
  task.scoring = Scoring::LastWord;
  for (std::size_t i = 0; i < 3; ++i) task.items.push_back({i, 1, 0, {}, {}, 1, 0, 0});
  const TaskResult result =
      summarize(task, {{std::log(0.5), true}, {std::log(0.25), false}, {0, true}}, 2000);
  EXPECT_DOUBLE_EQ(result.accuracy, 2.0 / 3);
  EXPECT_DOUBLE_EQ(result.perplexity, 2);
  EXPECT_GT(result.perplexitySe, 0.1);
  EXPECT_LT(result.perplexitySe, 2);
  EXPECT_EQ(result.chance, 0);
  EXPECT_TRUE(std::isnan(summarize(task, {{-1, true}, {-1, true}, {-1, true}}).perplexitySe));
}

TEST(Summarize, ANumberThatIsNoneIsAnError) {
  EXPECT_THROW(
      summarize(choices({0}, {}), {{std::numeric_limits<double>::quiet_NaN(), false}, {-1, false}}),
      Error);
}

TEST(Summarize, OneItemHasNoStandardError) {
  const TaskResult result = summarize(choices({0}, {}), {{-1, false}, {-2, false}});
  EXPECT_DOUBLE_EQ(result.accuracy, 1.0);
  EXPECT_TRUE(std::isnan(result.accuracySe));
  EXPECT_TRUE(std::isnan(result.accuracyNorm));
}

}  // namespace
}  // namespace bitfrontier
