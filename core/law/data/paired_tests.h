// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/law/data/item_outcomes.h"
#include "core/law/data/law_point.h"

namespace bitfrontier {

/// Two configurations on the same items.
struct PairedTest {
  std::size_t items = 0;
  std::size_t onlyFirst = 0;   ///< right under the first and wrong under the second
  std::size_t onlySecond = 0;  ///< the other way round
  double difference = 0;       ///< mean accuracy of the second minus that of the first
  double se = 0;               ///< of the difference, paired within each task
  double pExact = 1;           ///< McNemar by the binomial distribution, all tasks together
  double pMid = 1;             ///< the same with half the probability of the observed count
  bool tie = false;            ///< as many items won as lost
  double lower = LawPoint::kAbsent, upper = LawPoint::kAbsent;  ///< paired bootstrap
  double pBootstrap = LawPoint::kAbsent;  ///< twice the smaller share of replicates beyond 0
  double pAdjusted = LawPoint::kAbsent;   ///< set by the caller after adjusting pMid
};

/// McNemar's test and, for `replicates` > 0, a bootstrap over items, of rows `first` and `second`.
PairedTest comparePaired(const ItemOutcomes& outcomes, std::size_t first, std::size_t second,
                         std::size_t replicates = 0, std::uint64_t seed = 1, double level = 0.95);

/// Adds the paired bootstrap to a test of rows `first` and `second`: `accuracies` are replicates x
/// `rows`, as resampleAccuracies gives them, so that many tests share the replicates.
void addBootstrap(PairedTest& test, std::span<const float> accuracies, std::size_t rows,
                  std::size_t first, std::size_t second, double level = 0.95);

/// Adjusted p values in the order given, at most 1. NaN stay NaN and do not count.
/// Holm: chance of any false finding. Benjamini and Hochberg: share of false ones among findings.
std::vector<double> adjustHolm(std::span<const double> p);
std::vector<double> adjustBenjaminiHochberg(std::span<const double> p);

}  // namespace bitfrontier
