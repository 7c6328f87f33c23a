// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/law/data/series.h"

namespace bitfrontier {

/// What a decision takes for granted before it sees a family's points: weakly informative, chosen
/// from what is published about other families and never from the data at hand.
///
/// - J1 and J2 are equally probable. They share all parameters but one: what a format costs at N0
///   is an additive penalty C_f in both, which shrinks with the exponent alpha in J1 and gammaN in
///   J2.
/// - ln alpha ~ N(ln 0.3, 0.7^2): 95 % within 0.076 to 1.2. Published exponents of size: 0.34
///   (Hoffmann et al. 2022), 0.35 (Besiroglu et al. 2024), 0.50 (Kumar et al. 2024), 0.30 (Chen et
///   al. 2025); without it data that hardly bend allow any alpha near 0.
/// - gammaN - alpha ~ N(0, 0.2^2): J2 is J1 with some tilt. Published: 0.34 - 0.50 = -0.15 (Kumar
///   et al. 2024), 0.36 - 0.30 = +0.06 (Chen et al. 2025).
/// - tau ~ half-Cauchy of scale 0.5 points of accuracy or 0.02 nats (the shape after A. Gelman,
///   "Prior distributions for variance parameters in hierarchical models", 2006): the published
///   GPTQ tables scatter by 0.3 to 1.7 points and by 0.012 to 0.035 nats.
/// - What all formats of a model share of tau^2: the ratio of the shared deviation to a
///   configuration's own is half-Cauchy of scale 1, so either may be several times the other. In a
///   public table of seven sizes and nine GGUF formats (Qwen1.5) it is about 5.
/// - E, A0, C_f ~ N(0, worst^2) with the metric's largest value (1 for accuracies), that is nearly
///   flat; 0 <= E <= 0.95 worst, and C_f >= 0: less precise weights make no family better but by
///   chance, which is what deviations are for.
struct LawPriors {
  double alphaMedian = 0.3;
  double alphaLogDeviation = 0.7;
  double tiltDeviation = 0.2;     ///< of gammaN - alpha in J2
  double tauAccuracy = 0.005;     ///< scale of tau, share of items
  double tauCrossEntropy = 0.02;  ///< scale of tau, nats per token
  double sharedRatio = 1;         ///< scale of the ratio; 0: nothing is shared

  double tauScale(LawMetric metric) const {
    return metric == LawMetric::Accuracy ? tauAccuracy : tauCrossEntropy;
  }
};

}  // namespace bitfrontier
