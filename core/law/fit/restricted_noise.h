// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/law/data/law_point.h"

namespace bitfrontier {

class LawObjective;

/// Lack of fit by restricted maximum likelihood, which unlike the likelihood's own maximum does not
/// take the parameters for known (Patterson and Thompson 1971). Estimates stay those of maximum
/// likelihood; this one makes their intervals.
struct RestrictedNoise {
  double tau = LawPoint::kAbsent;  ///< in units of the residuals
  double varianceOfSquare = 0;     ///< of tau^2, from the restricted likelihood's information
  std::vector<double> covariance, slope;  ///< K x K: of the parameters at `tau`, and its derivative
                                          ///< by tau^2; zero rows for held and bound parameters
  bool empty() const { return covariance.empty(); }

  /// Variance of a combination of parameters, e.g. one parameter or the curve at a place.
  double variance(const std::vector<double>& gradient) const;
  /// Degrees of freedom of that variance (Satterthwaite 1946), 2 v^2 / Var(v). With `newModel` v is
  /// the variance + tau^2 + `own`, which is known.
  double freedom(const std::vector<double>& gradient, bool newModel = false, double own = 0) const;
};

/// At the optimum `free` with the tau that `objective` has: residuals and Jacobian are taken as
/// they are there, so the parameters move by one Gauss-Newton step with each tau. `atBound` tells
/// of each free parameter whether it is held by its bound. Empty when there is nothing to estimate.
RestrictedNoise restrictedNoise(const LawObjective& objective, const std::vector<double>& free,
                                const std::vector<bool>& atBound);

}  // namespace bitfrontier
