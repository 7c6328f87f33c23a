// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/law/data/draws.h"
#include "core/law/fit/joint_fit.h"
#include "core/law/form/law_priors.h"
#include "core/law/numeric/counter_rng.h"

namespace bitfrontier {

/// What the data say about J1 or J2 and about the deviation of every point from it:
///
///   measured = law(parameters) + u + e,   u ~ N(0, tau^2 D),   e ~ N(0, Sigma)
///
/// under LawPriors. D says that all formats of a model share a part of their deviations
/// (SharedDeviation), so what is measured of a model tells of its configurations that were not run.
/// The exponents, tau and the share are integrated over on lattices; given them the other
/// parameters are normal but for their ranges (CurveLikelihood), so nothing is held at an estimate
/// and nothing is taken as linear that is not. Ten thousand weighted draws stand for the result. u
/// is what a measured configuration is better or worse than the law, so a decision uses both law
/// and measurement by their precision.
class LawPosterior {
 public:
  /// `fit` is of J1 or J2 without parameters held at a value. `covariance` is Sigma in the order of
  /// the points that were given to fitJoint(); without it the points' own standard errors count as
  /// independent. Throws InvalidArgument for an unusable fit and Numeric for degenerate points.
  LawPosterior(JointFit fit, const std::optional<SymmetricMatrix>& covariance,
               const LawPriors& priors = {}, const JobContext& job = {});
  ~LawPosterior();
  LawPosterior(LawPosterior&&) noexcept;
  LawPosterior& operator=(LawPosterior&&) noexcept;

  /// One draw of everything.
  struct Draw {
    std::vector<double> parameters;
    double tau = 0;
    std::size_t sharing = 0;  ///< which of the shares that were tried
    double share = 0;         ///< of tau^2: what all formats of a model have in common
    const std::vector<double>* scales = nullptr;  ///< of the formats' own deviations
    bool outliers = false;  ///< some of those are far larger than the others (kOwnFreedom)

    double sharedDeviation() const { return tau * std::sqrt(share); }
    double ownDeviation() const { return tau * std::sqrt(1 - share); }
    /// One of a format's own deviations.
    double ownDeviation(std::size_t format, CounterRng& rng) const;
  };
  Draw draw(CounterRng& rng) const;
  /// Deviations from the law, given a draw of the parameters.
  struct Deviations {
    std::vector<double> points;  ///< of the fit's points, their model's part included
    std::vector<double> models;  ///< what all formats of a model share, in the order of models()
    bool operator==(const Deviations&) const = default;
  };
  Deviations deviations(const Draw& draw, CounterRng& rng) const;

  const JointFit& fit() const;
  /// Models of the fit's points, each once.
  const std::vector<std::string>& models() const;
  /// ln of the probability of the points given the law, everything integrated out. Only differences
  /// between laws of the same points mean something.
  double logEvidence() const;
  /// Posterior means of tau and of the share of tau^2 that all formats of a model have in common.
  double meanTau() const;
  double meanShare() const;
  /// Variance of a measurement that its correlation with the others does not explain: what a new
  /// paired measurement is uncertain by. Median over the points.
  double pairedNoise() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bitfrontier
