// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/law/counter_rng.h"
#include "core/law/draws.h"
#include "core/law/joint_law.h"
#include "core/law/law_priors.h"
#include "core/law/left_out_formats.h"

namespace bitfrontier {

/// What the data say about J1 or J2 and about the deviation of every point from it:
///
///   measured = law(parameters) + u + e,   u ~ N(0, tau^2 I),   e ~ N(0, Sigma)
///
/// under LawPriors. The exponents and tau are integrated over on a lattice; given them the other
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
               const LawPriors& priors = {});
  ~LawPosterior();
  LawPosterior(LawPosterior&&) noexcept;
  LawPosterior& operator=(LawPosterior&&) noexcept;

  /// One draw of everything.
  struct Draw {
    std::vector<double> parameters;
    double tau = 0;
  };
  Draw draw(CounterRng& rng) const;
  /// Deviations from the law of the fit's points, given a draw of the parameters.
  std::vector<double> deviations(const Draw& draw, CounterRng& rng) const;

  const JointFit& fit() const;
  /// ln of the probability of the points given the law, everything integrated out. Only differences
  /// between laws of the same points mean something.
  double logEvidence() const;
  /// Posterior mean of tau.
  double meanTau() const;
  /// Variance of a measurement that its correlation with the others does not explain: what a new
  /// paired measurement is uncertain by. Median over the points.
  double pairedNoise() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Laws that could be right, with their posterior probabilities; draws take each in proportion.
struct LawMixture {
  std::vector<LawPosterior> laws;
  std::vector<double> weights;         ///< sum 1
  std::vector<LeftOutFormat> leftOut;  ///< in the order in which they were left out

  bool empty() const { return laws.empty(); }
  /// The law of draw s of `count`.
  std::size_t lawOf(std::size_t s, std::size_t count) const;
  /// Laws by name and weight: "J1 (0.83), J2 (0.17)".
  std::string describe() const;
  /// One sentence about the formats left out, or empty.
  std::string describeLeftOut(LawMetric metric) const;
};

/// Fits J1 and J2, weighs them by the evidence for each under LawPriors, and leaves out what is
/// refused or weighs less than 0.01.
/// Formats that neither describes are left out, as fitDescribed does.
/// Empty when no law holds even so; `why` then says what is wrong with all formats together.
LawMixture fitMixture(std::span<const LawPoint> points, const JointOptions& options,
                      std::string& why, const JobContext& job = {});

}  // namespace bitfrontier
