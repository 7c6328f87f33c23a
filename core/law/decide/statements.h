// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/law/data/item_outcomes.h"
#include "core/law/data/law_point.h"
#include "core/law/data/series.h"

namespace bitfrontier {

/// Points of one family whose metric values may be paired. Statements of T. Dettmers and
/// L. Zettlemoyer, "The case for 4-bit precision", ICML 2023, computed from any points.
struct StatementData {
  std::span<const LawPoint> points;
  LawMetric metric = LawMetric::Accuracy;
  const SymmetricMatrix* covariance = nullptr;  ///< of the points; null: independent errors
};

/// Mean of differences "first minus second" over matched pairs, positive when the first is better
/// (accuracy higher, cross-entropy lower).
struct MeanGain {
  double gain = LawPoint::kAbsent;  ///< units of the metric
  /// The larger of the error of the items and that of the spread between pairs; absent for one
  /// pair of points without standard errors.
  double se = LawPoint::kAbsent;
  double bits = 0;  ///< mean of what the first takes more, bits a parameter
  int pairs = 0;
  /// gain / se beyond two.
  bool significant() const { return gain == gain && se > 0 && (gain > 2 * se || gain < -2 * se); }
};
MeanGain meanGain(const StatementData& data,
                  std::span<const std::pair<std::size_t, std::size_t>> pairs);

/// Small blocks against one more bit, at one bit width: over models and data types.
struct BlockGain {
  int bits = 4;
  std::int64_t smallBlock = 64, largeBlock = 1024;  ///< 0 = whole tensor
  MeanGain block;                                   ///< small against large blocks, k bits
  MeanGain bit;                                     ///< k + 1 bits against k, large blocks
  double ratio() const { return block.gain / bit.gain; }
};
/// For each k that has pairs of both kinds. Absent blocks: the smallest and the largest there are.
std::vector<BlockGain> blockGains(const StatementData& data,
                                  std::optional<std::int64_t> smallBlock = {},
                                  std::optional<std::int64_t> largeBlock = {});

/// Data types at one bit width and block size, best first, over the models that have all of them.
struct TypeOrder {
  int bits = 4;
  std::int64_t blockSize = 0;
  int models = 0;
  struct Entry {
    std::string dataType;
    double mean = 0;  ///< of the metric
    MeanGain behind;  ///< the best type against this one; zero for the best
  };
  std::vector<Entry> types;
};
std::vector<TypeOrder> typeOrders(const StatementData& data);

/// Best against worst configuration of one bit width, over the models that have all of them.
struct WidthSpread {
  int bits = 8;
  std::string best, worst;  ///< configurations
  MeanGain gain;
  int configs = 0;
};
std::vector<WidthSpread> widthSpreads(const StatementData& data);

/// Pearson correlation with its 95 % interval by Fisher's transformation (needs n >= 4).
struct Correlation {
  double r = LawPoint::kAbsent, low = LawPoint::kAbsent, high = LawPoint::kAbsent;
  int n = 0;
};
Correlation pearson(std::span<const double> x, std::span<const double> y);

/// Points of one bit width whose perplexity shows that the model broke.
struct Instability {
  int bits = 3;
  int points = 0;                   ///< with a cross-entropy
  std::vector<std::size_t> broken;  ///< perplexity above the limit while the 16-bit model's is not
};
std::vector<Instability> instabilities(std::span<const LawPoint> points,
                                       double perplexityLimit = 100);

}  // namespace bitfrontier
