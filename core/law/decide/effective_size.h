// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/law/decide/cell_posterior.h"
#include "core/law/decide/law_mixture.h"

namespace bitfrontier {

/// "Equals a 16-bit model of 5.9B +- 0.4B": the size at which the reference format has a value.
struct EffectiveSize {
  double parameters = LawPoint::kAbsent;                     ///< median over the draws
  double se = LawPoint::kAbsent;                             ///< half the 16..84 % range
  double low = LawPoint::kAbsent, high = LawPoint::kAbsent;  ///< 95 % interval
  std::string problem;  ///< one sentence instead, when the law would have to go too far
};

/// The effective size of each cell, by the law's reference format. Cells whose equal lies more than
/// the law's permitted factor outside its sizes get a sentence. Needs a law on the axis of
/// parameters. `draws` joint draws.
std::vector<EffectiveSize> effectiveSizes(const LawMixture& mixture,
                                          std::span<const DecisionCell> cells, std::size_t draws,
                                          std::uint64_t seed, const JobContext& job = {});

/// A format against the reference compressed to k bits without any loss, which at equal total bits
/// is a model with (bits of the format's parameter / k) times as many parameters (the test of
/// QuIP#: github.com/Cornell-RelaxML/quip-sharp/issues/57).
struct LosslessComparison {
  std::size_t format = 0;
  int k = 4;
  double probability = 0;  ///< that the format is better at equal total bits, at the law's centre
  double lead = 0;         ///< mean lead of the format, in units of the metric
};
std::vector<LosslessComparison> compareWithLossless(const LawMixture& mixture,
                                                    std::span<const int> widths, std::size_t draws,
                                                    std::uint64_t seed);

}  // namespace bitfrontier
