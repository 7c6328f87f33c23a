// SPDX-License-Identifier: GPL-3.0-or-later
// Outcomes of items: covariance, resampling, paired tests; and the counter-based random numbers.

#include <gmock/gmock.h>

#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "core/law/data/item_outcomes.h"
#include "core/law/data/item_resampling.h"
#include "core/law/data/paired_tests.h"
#include "core/law/numeric/counter_rng.h"

namespace bitfrontier {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Rows that share a difficulty of each item.
std::vector<Bytes> correlated(std::size_t rows, std::size_t items, std::uint64_t seed) {
  CounterRng rng(seed, 0);
  std::vector<Bytes> all(rows, Bytes(items));
  for (std::size_t j = 0; j < items; ++j) {
    const double difficulty = rng.normal();
    for (Bytes& row : all) row[j] = difficulty + 0.7 * rng.normal() > 0.1 ? 1 : 0;
  }
  return all;
}

ItemOutcomes outcomesOf(const std::vector<std::vector<Bytes>>& tasks) {
  ItemOutcomes outcomes(tasks[0].size());
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    const std::vector<std::span<const std::uint8_t>> views(tasks[t].begin(), tasks[t].end());
    outcomes.addTask("task" + std::to_string(t), views);
  }
  return outcomes;
}

double mean(const Bytes& row) {
  return std::accumulate(row.begin(), row.end(), 0.0) / static_cast<double>(row.size());
}

TEST(CounterRng, KnownAnswers) {
  // Philox4x32-10 of the authors' own test vectors.
  using Counter = std::array<std::uint32_t, 4>;
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}),
            (Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t kOnes = 0xffffffff;
  EXPECT_EQ(philox4x32({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(CounterRng, Moments) {
  CounterRng rng(5, 3);
  constexpr int kDraws = 200'000;
  double normal = 0, square = 0, poisson = 0, poissonSquare = 0, uniform = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = rng.normal();
    normal += x / kDraws;
    square += x * x / kDraws;
    const double p = rng.poisson1();
    poisson += p / kDraws;
    poissonSquare += p * p / kDraws;
    uniform += rng.uniform() / kDraws;
  }
  // Five standard errors each.
  EXPECT_NEAR(normal, 0, 5 / std::sqrt(kDraws));
  EXPECT_NEAR(square, 1, 5 * std::sqrt(2.0 / kDraws));
  EXPECT_NEAR(poisson, 1, 5 / std::sqrt(kDraws));
  EXPECT_NEAR(poissonSquare, 2, 5 * std::sqrt(11.0 / kDraws));
  EXPECT_NEAR(uniform, 0.5, 5 * std::sqrt(1.0 / 12 / kDraws));
}

TEST(ItemOutcomes, CovarianceOfTheMeanAccuracy) {
  const std::vector<std::vector<Bytes>> tasks{correlated(5, 333, 1), correlated(5, 1000, 2)};
  const ItemOutcomes outcomes = outcomesOf(tasks);
  const SymmetricMatrix matrix = outcomes.covariance();
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_NEAR(outcomes.accuracy(i), (mean(tasks[0][i]) + mean(tasks[1][i])) / 2, 1e-12);
    for (std::size_t k = 0; k < 5; ++k) {
      double expected = 0;
      for (const auto& rows : tasks) {
        const auto n = static_cast<double>(rows[i].size());
        double both = 0;
        for (std::size_t j = 0; j < rows[i].size(); ++j) {
          both += (rows[i][j] - mean(rows[i])) * (rows[k][j] - mean(rows[k])) / n;
        }
        expected += both / n / 4;
      }
      EXPECT_NEAR(matrix.at(i, k), expected, 1e-12);
    }
  }
  EXPECT_GT(matrix.at(0, 1), 0.3 * matrix.at(0, 0));  // the pairing is there
}

TEST(ItemOutcomes, RefusesWhatDoesNotFit) {
  ItemOutcomes outcomes(2);
  const Bytes three{1, 0, 1}, two{1, 0}, bad{1, 0, 2};
  const auto add = [&](const Bytes& a, const Bytes& b) {
    const std::vector<std::span<const std::uint8_t>> rows{a, b};
    outcomes.addTask("t", rows);
  };
  EXPECT_THROW(add(three, two), Error);
  EXPECT_THROW(add(three, bad), Error);
  EXPECT_THROW(add({}, {}), Error);
  EXPECT_TRUE(outcomes.tasks().empty());
  add(three, {0, 0, 0});
  // A row without any right answer still has an error of about one item.
  EXPECT_NEAR(outcomes.covariance().at(1, 1), 1.0 / 9, 1e-12);
}

TEST(ItemResampling, EqualsWeightedMeans) {
  const std::vector<std::vector<Bytes>> tasks{correlated(70, 200, 3), correlated(70, 77, 4)};
  const ItemOutcomes outcomes = outcomesOf(tasks);
  for (const ItemWeights kind : {ItemWeights::Multinomial, ItemWeights::Poisson}) {
    const auto accuracy = resampleAccuracies(outcomes, 40, 9, kind);
    for (const std::size_t r : {0u, 17u, 39u}) {
      for (std::size_t i = 0; i < 70; ++i) {
        double expected = 0;
        for (std::size_t t = 0; t < 2; ++t) {
          const auto weights = itemWeights(tasks[t][i].size(), 9, t, r, kind);
          double right = 0, all = 0;
          for (std::size_t j = 0; j < weights.size(); ++j) {
            right += weights[j] * tasks[t][i][j];
            all += weights[j];
          }
          if (kind == ItemWeights::Multinomial) {
            EXPECT_EQ(all, double(weights.size()));
          }
          expected += right / all / 2;
        }
        EXPECT_NEAR(accuracy[r * 70 + i], expected, 1e-6);
      }
    }
  }
}

TEST(ItemResampling, TheSameForAnyNumberOfThreads) {
  const ItemOutcomes outcomes = outcomesOf({correlated(100, 300, 5)});
  const auto one = resampleAccuracies(outcomes, 100, 7, ItemWeights::Multinomial, 1);
  EXPECT_EQ(one, resampleAccuracies(outcomes, 100, 7, ItemWeights::Multinomial, 3));
  EXPECT_NE(one, resampleAccuracies(outcomes, 100, 8, ItemWeights::Multinomial, 1));
}

TEST(ItemResampling, SpreadIsThatOfTheCovariance) {
  const ItemOutcomes outcomes = outcomesOf({correlated(2, 1500, 6), correlated(2, 700, 7)});
  const SymmetricMatrix matrix = outcomes.covariance();
  constexpr std::size_t kReplicates = 4000;
  for (const ItemWeights kind : {ItemWeights::Multinomial, ItemWeights::Poisson}) {
    const auto a = resampleAccuracies(outcomes, kReplicates, 11, kind);
    double s[2] = {0, 0}, c[2][2] = {};
    for (std::size_t r = 0; r < kReplicates; ++r) {
      for (std::size_t i = 0; i < 2; ++i) s[i] += double{a[2 * r + i]} / kReplicates;
    }
    for (std::size_t r = 0; r < kReplicates; ++r) {
      for (std::size_t i = 0; i < 2; ++i) {
        for (std::size_t k = 0; k < 2; ++k) {
          c[i][k] += (a[2 * r + i] - s[i]) * (a[2 * r + k] - s[k]) / kReplicates;
        }
      }
    }
    for (std::size_t i = 0; i < 2; ++i) {
      for (std::size_t k = 0; k < 2; ++k) {
        EXPECT_NEAR(c[i][k] / matrix.at(i, k), 1, 0.12);
      }
    }
  }
}

TEST(PairedTests, McNemar) {
  // 40 items: both right 10, only the first 3, only the second 11, none 16.
  Bytes first, second;
  const auto add = [&](int n, std::uint8_t a, std::uint8_t b) {
    first.insert(first.end(), static_cast<std::size_t>(n), a);
    second.insert(second.end(), static_cast<std::size_t>(n), b);
  };
  add(10, 1, 1);
  add(3, 1, 0);
  add(11, 0, 1);
  add(16, 0, 0);
  const PairedTest test = comparePaired(outcomesOf({{first, second}}), 0, 1, 4000);
  EXPECT_EQ(test.onlyFirst, 3u);
  EXPECT_EQ(test.onlySecond, 11u);
  EXPECT_NEAR(test.difference, 8.0 / 40, 1e-12);
  EXPECT_NEAR(test.se, std::sqrt(14 - 64.0 / 40) / 40, 1e-12);
  // 2 P(X <= 3), X ~ Bin(14, 1/2): 2 (1 + 14 + 91 + 364) / 2^14; mid-p takes 364 / 2^14 off.
  EXPECT_NEAR(test.pExact, 2 * 470.0 / 16384, 1e-12);
  EXPECT_NEAR(test.pMid, (2 * 470.0 - 364) / 16384, 1e-12);
  EXPECT_FALSE(test.tie);
  EXPECT_NEAR(test.lower, test.difference - 1.96 * test.se, 0.03);
  EXPECT_NEAR(test.upper, test.difference + 1.96 * test.se, 0.03);
  EXPECT_LT(test.pBootstrap, 0.06);

  const PairedTest same = comparePaired(outcomesOf({{first, first}}), 0, 1, 100);
  EXPECT_TRUE(same.tie);
  EXPECT_EQ(same.pExact, 1);
  EXPECT_EQ(same.se, 0);
  EXPECT_EQ(same.pBootstrap, 1);
  EXPECT_THROW(comparePaired(outcomesOf({{first, second}}), 0, 2), Error);
}

TEST(PairedTests, PairingIsSharperThanIndependentErrors) {
  const std::vector<Bytes> rows = correlated(2, 4000, 8);
  const ItemOutcomes outcomes = outcomesOf({rows});
  const SymmetricMatrix m = outcomes.covariance();
  const PairedTest test = comparePaired(outcomes, 0, 1);
  EXPECT_NEAR(test.se, std::sqrt(m.at(0, 0) + m.at(1, 1) - 2 * m.at(0, 1)), 1e-9);
  EXPECT_LT(test.se, 0.8 * std::sqrt(m.at(0, 0) + m.at(1, 1)));
}

TEST(PairedTests, AdjustedPValues) {
  // p.adjust() of R for these five.
  const std::vector<double> p{0.01, 0.04, 0.03, 0.005, 0.2};
  EXPECT_THAT(adjustHolm(p),
              testing::Pointwise(testing::DoubleNear(1e-12), {0.04, 0.09, 0.09, 0.025, 0.2}));
  EXPECT_THAT(adjustBenjaminiHochberg(p),
              testing::Pointwise(testing::DoubleNear(1e-12), {0.025, 0.05, 0.05, 0.025, 0.2}));
  const std::vector<double> withGap{0.01, std::nan(""), 0.02};
  const auto holm = adjustHolm(withGap);
  EXPECT_NEAR(holm[0], 0.02, 1e-12);
  EXPECT_TRUE(std::isnan(holm[1]));
  EXPECT_NEAR(holm[2], 0.02, 1e-12);
}

TEST(PairedTests, AdjustmentControlsFalseFindings) {
  // 40 true hypotheses 300 times: Holm finds something false in at most 5 % (+ 3 deviations).
  int families = 0;
  for (std::uint64_t set = 0; set < 300; ++set) {
    CounterRng rng(21, set);
    std::vector<double> p(40);
    for (double& v : p) v = rng.uniform();
    const auto holm = adjustHolm(p);
    families += *std::min_element(holm.begin(), holm.end()) < 0.05 ? 1 : 0;
    const auto bh = adjustBenjaminiHochberg(p);
    for (std::size_t i = 0; i < p.size(); ++i) EXPECT_LE(bh[i], holm[i] + 1e-12);
  }
  EXPECT_LE(families, 26);
  EXPECT_GE(families, 4);
}

}  // namespace
}  // namespace bitfrontier
